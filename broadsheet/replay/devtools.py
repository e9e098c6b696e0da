"""Driving a Chromium browser by the DevTools protocol over two pipes: no port that others could use, no dependency.

The browser reads commands from its descriptor 3 and writes answers and events to 4, JSON texts ended by a zero byte
(``--remote-debugging-pipe``).  One thread, no callbacks from nowhere: events are handed out while one waits.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from broadsheet.archive.errors import BrokenEnvironment
from broadsheet.replay.browser import end_process

_READ = 1024 * 1024
_HEADLESS = (
    "--headless",
    "--disable-gpu",
    "--hide-scrollbars",
    "--mute-audio",
    "--force-device-scale-factor=1",
    "--font-render-hinting=none",
    "--remote-debugging-pipe",
)
# Gives its own descriptors the numbers that the browser wants, then becomes the browser
_TRAMPOLINE = (
    "import fcntl,os,sys; r,w=(fcntl.fcntl(int(n),fcntl.F_DUPFD,10) for n in sys.argv[1:3]); "
    "os.dup2(r,3); os.dup2(w,4); os.close(r); os.close(w); os.execv(sys.argv[3],sys.argv[3:])"
)

Listener = Callable[[dict[str, Any]], None]


class DevToolsError(BrokenEnvironment):
    """The browser refused a command, did not answer in time, or is gone."""


class DevTools:
    """A connection to a headless browser.  Make it with `headless_browser`."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write = read, write
        self._buffer = b""
        self._last_id = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self._listeners: dict[tuple[str | None, str], list[Listener]] = defaultdict(list)

    def call(self, method: str, *, session: str | None = None, timeout: float = 30.0, **parameters: Any) -> Any:
        """Give the command *method* to the browser, or to the tab of *session*; its result.

        Raises:
            DevToolsError: it failed, or took more than *timeout* seconds.
        """
        self._last_id += 1
        number = self._last_id
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        try:
            os.write(self._write, json.dumps(message).encode() + b"\0")
        except BrokenPipeError as error:
            raise _ended() from error
        if not self.wait(lambda: number in self._answers, timeout):
            raise DevToolsError("the browser", f"did not answer {method} in {timeout:g} s", "Try again.")
        answer = self._answers.pop(number)
        if "error" in answer:
            raise DevToolsError("the browser", f"refused {method}: {answer['error'].get('message')}")
        return answer["result"]

    def listen(self, method: str, listener: Listener, *, session: str | None = None) -> None:
        """Call *listener* with the parameters of every event *method* of *session*, while somebody waits."""
        self._listeners[session, method].append(listener)

    def wait(self, until: Callable[[], bool], timeout: float) -> bool:
        """Take in answers and events until *until* holds; False when it does not within *timeout* seconds."""
        end = time.monotonic() + timeout
        while not until():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self._take_in(min(left, 0.05))
        return True

    def _take_in(self, seconds: float) -> None:
        if not select.select([self._read], [], [], seconds)[0]:
            return
        data = os.read(self._read, _READ)
        if not data:
            raise _ended()
        *messages, self._buffer = (self._buffer + data).split(b"\0")
        for text in messages:
            message = json.loads(text)
            if "id" in message:
                self._answers[message["id"]] = message
            else:
                for listener in tuple(self._listeners[message.get("sessionId"), message["method"]]):
                    listener(message["params"])


def _ended() -> DevToolsError:
    return DevToolsError("the browser", "ended unexpectedly", "Start it by hand to see why.")


@contextmanager
def headless_browser(program: Path, arguments: Callable[[Path], Sequence[str]]) -> Iterator[DevTools]:
    """Start *program* without a window, with the *arguments* for the throw-away profile they are given.

    Raises:
        DevToolsError: it does not start.
    """
    ours_read, theirs_write = os.pipe()
    theirs_read, ours_write = os.pipe()
    with tempfile.TemporaryDirectory(prefix="broadsheet-browser-", ignore_cleanup_errors=True) as profile:
        numbers = [str(theirs_read), str(theirs_write)]
        start = [sys.executable, "-S", "-E", "-c", _TRAMPOLINE, *numbers, str(program)]
        process = subprocess.Popen(
            [*start, *arguments(Path(profile)), *_HEADLESS, "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(theirs_read, theirs_write),
            start_new_session=True,
        )
        os.close(theirs_read)
        os.close(theirs_write)
        try:
            devtools = DevTools(ours_read, ours_write)
            devtools.call("Browser.getVersion", timeout=60)
            yield devtools
        finally:
            end_process(process)
            os.close(ours_read)
            os.close(ours_write)
