"""Settings of single hosts, in place of the crawl's: ``--host 'example.org delay=2 concurrency=1 hours=22:00-06:00'``.

A setting that overrides a rule of the host itself (``ignore-robots``) needs a reason, which is kept with the crawl and in the
warcinfo records.  In ``broadsheet.toml`` a host is a table: ``[crawl.host."example.org"]``.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from broadsheet.archive.errors import BadInput
from broadsheet.archive.url import normalise
from broadsheet.crawler.discovery.urls import host_of
from broadsheet.crawler.politeness.hours import Hours

KEYS: Final = ("delay", "concurrency", "hours", "ignore-robots", "reason")
_HOW = "Write it like --host 'example.org delay=2 concurrency=1'."


@dataclass(frozen=True, slots=True)
class HostSettings:
    """What holds for ``host`` (host, or host:port) alone; None: what holds for all.  ``delay`` is in seconds."""

    host: str
    delay: float | None = None
    concurrency: int | None = None
    hours: Hours | None = None
    ignore_robots: bool = False
    reason: str = ""

    @classmethod
    def parse(cls, text: str) -> HostSettings:
        """The settings that a person typed.

        Raises:
            BadInput: they are none; or robots.txt is to be ignored for no reason.
        """
        try:
            host, *words = shlex.split(text)
        except ValueError as error:
            raise BadInput(f"--host {text!r}", "names no host", _HOW) from error
        url = normalise(f"http://{host}/")
        if url is None or "/" in host or urlsplit(url).path != "/":
            raise BadInput(f"--host {text!r}", f"{host!r} is not a host", _HOW)
        values = dict(word.partition("=")[::2] for word in words)
        for key in values:
            if key not in KEYS:
                raise BadInput(
                    f"--host {text!r}", f"{key!r} is not a setting of a host", f"There are: {', '.join(KEYS)}."
                )
        settings = cls(
            host_of(url),
            _number(text, "delay", values),
            None if (many := _number(text, "concurrency", values, least=1)) is None else int(many),
            Hours.parse(values["hours"]) if "hours" in values else None,
            "ignore-robots" in values and values["ignore-robots"] not in ("no", "false", "0"),
            values.get("reason", ""),
        )
        if settings.ignore_robots and not settings.reason:
            raise BadInput(
                f"--host {text!r}", "ignores robots.txt without a reason", "Say whose leave you have: reason='...'."
            )
        return settings


def host_settings(texts: Iterable[str]) -> Mapping[str, HostSettings]:
    """The settings in *texts* by host; of two for one host the later counts.

    Raises:
        BadInput: one of them is none.
    """
    return {settings.host: settings for settings in map(HostSettings.parse, texts)}


def _number(text: str, key: str, values: Mapping[str, str], least: int = 0) -> float | None:
    if key not in values:
        return None
    try:
        number = float(values[key])
    except ValueError:
        number = float("nan")
    if not least <= number < 1e6 or (least and number != int(number)):
        raise BadInput(f"--host {text!r}", f"{key} cannot be {values[key]!r}", _HOW)
    return number
