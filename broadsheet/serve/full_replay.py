"""The full replay of a page, opened from its tab "Page as it was": with its scripts, in a browser of its own.

Scripts of strangers run in no origin of ours.  So the page is not shown in the tab but in a browser that is started for it on
this machine, with a profile that is thrown away, and that reaches nothing but the archive through a proxy (archive/replay), as
`broadsheet replay` does.  The window is the user's to close; what is still open ends with the server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from broadsheet.archive.errors import BadInput, BrokenEnvironment
from broadsheet.archive.replay.replay import Replay
from broadsheet.serve.served import ServedCollection

MOST_OPEN = 4  # windows at once
_PATIENCE = 20.0  # seconds for the browser to ask for its first page
_LOOK = 0.05


class FullReplays:
    """The replays that are open.

    *browser* is the program, None: the first of the Chromium family that is found; *extra* are arguments for it.
    """

    def __init__(self, browser: Path | None = None, extra: Sequence[str] = ()) -> None:
        self._browser, self._extra = browser, extra
        self._lock = threading.Lock()
        self._open: list[_Window] = []

    def close(self) -> None:
        """End those that are open."""
        with self._lock:
            windows, self._open = self._open, []
        for one in windows:
            one.close()

    def open(self, served: ServedCollection, url: str, moment: datetime) -> None:
        """Open *url* as it was captured closest to *moment*; returns when the browser has asked for it.

        Raises:
            BadInput: there is no browser, or too many windows are open.
            BrokenEnvironment: it does not start, as on a machine without a screen.
        """
        from broadsheet.replay.browser import find_browser  # noqa: PLC0415 - what it needs is heavy, and many never ask

        program = find_browser(self._browser, otherwise="use the command on the page `Page as it was`")
        with self._lock:
            for closed in [one for one in self._open if not one.is_open]:
                closed.close()
                self._open.remove(closed)
            if len(self._open) >= MOST_OPEN:
                raise BadInput("The replay", f"{MOST_OPEN} windows are open already", "Close one of them.")
            window = _Window(program, Replay(served.captures(), served.spool, moment), url, self._extra)
            self._open.append(window)
        window.wait(program)


class _Window:
    """A browser and the proxy that it sees the archive through."""

    def __init__(self, program: Path, replay: Replay, url: str, extra: Sequence[str]) -> None:
        from broadsheet.archive.replay.server import ReplayServer  # noqa: PLC0415 - heavy
        from broadsheet.replay.browser import ProxyTrust, started_browser  # noqa: PLC0415

        self._asked = threading.Event()
        self._closing = threading.Lock()
        with ExitStack() as stack:
            server = stack.enter_context(ReplayServer(replay, watch=lambda _request, _answer: self._asked.set()))
            trust = ProxyTrust(server.address, server.authority.pin)
            self._process = stack.enter_context(started_browser(program, trust, [url], extra))
            self._parts = stack.pop_all()
        threading.Thread(target=self._end_with_browser, name="full-replay", daemon=True).start()

    @property
    def is_open(self) -> bool:
        return self._process.poll() is None

    def wait(self, program: Path) -> None:
        """Wait until the browser has asked for a page."""
        deadline = time.monotonic() + _PATIENCE
        while not self._asked.wait(_LOOK) and time.monotonic() < deadline:
            if not self.is_open and not self._asked.is_set():
                raise BrokenEnvironment(
                    str(program),
                    f"ended with exit code {self._process.returncode} and showed nothing",
                    "On a machine without a screen use the command on the page `Page as it was`, where there is one.",
                )

    def close(self) -> None:
        """End the browser, if it is open, and its proxy."""
        with self._closing:
            self._parts.close()

    def _end_with_browser(self) -> None:
        self._process.wait()
        self.close()
