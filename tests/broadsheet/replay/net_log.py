"""What a browser connected to, by its own log of its network (Chromium's NetLog): counted, whatever it was told.

The log has every attempt of a TCP connection, every UDP socket, and every name that the system was asked to resolve,
also those of workers and of the browser itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TCP, _UDP, _SENT = "TCP_CONNECT_ATTEMPT", "UDP_CONNECT", "UDP_BYTES_SENT"
_NAMES = "HOST_RESOLVER_SYSTEM_TASK"


@dataclass(frozen=True, slots=True)
class Connections:
    """``here``: connections to the one address that is meant; ``elsewhere``: all others, and UDP packets; ``names``: looked up.

    A UDP socket that is given an address and sends nothing, by which Chromium asks whether there is a way for IPv6, is none.
    """

    here: int
    elsewhere: tuple[str, ...]
    names: tuple[str, ...]


def arguments(path: Path) -> list[str]:
    """What makes a browser write its log to *path*."""
    return [f"--log-net-log={path}"]


def connections(path: Path, meant: str) -> Connections:
    """Read the log at *path* of a browser that was to reach *meant*, a ``host:port``, alone, and has ended.

    Raises:
        ValueError: it is no such log.
    """
    first, *lines = path.read_text("utf-8").splitlines()
    kinds = json.loads(first.rstrip(",") + "}")["constants"]["logEventTypes"]
    wanted = {kinds[name]: name for name in (_TCP, _UDP, _SENT, _NAMES)}
    reached, names = [], []
    sockets: dict[int, str] = {}
    for event in map(_event, lines):
        kind, told = wanted.get(event.get("type")), event.get("params") or {}
        if kind == _NAMES and "hostname" in told:
            names.append(told["hostname"])
        elif kind == _TCP and "address" in told:
            reached.append(told["address"])
        elif kind == _UDP and "address" in told:
            sockets[event["source"]["id"]] = told["address"]
        elif kind == _SENT:
            reached.append(told.get("address") or sockets[event["source"]["id"]])
    elsewhere = tuple(address for address in reached if address != meant)
    return Connections(len(reached) - len(elsewhere), elsewhere, tuple(names))


def _event(line: str) -> dict[str, Any]:
    try:
        event = json.loads(line.strip().rstrip(",").removeprefix('"events": ['))
    except ValueError:  # the brackets around the events, and a last line that was cut
        return {}
    return event if isinstance(event, dict) else {}
