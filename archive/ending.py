"""Signals that end a run: Ctrl-C (SIGINT), `kill` and service managers (SIGTERM), a terminal that closes (SIGHUP).

They mean the same to a command of ours: a KeyboardInterrupt, so that temporary files go and processes stop on its way up.
Their default, to die at once, would leave both.  Handlers belong to the command line; a program that calls the library has
its own.
"""

from __future__ import annotations

import math
import os
import select
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OUTPUTS = (1, 2)  # standard output and standard error
_FROM_OUTSIDE = (signal.SIGTERM, signal.SIGHUP)  # Python has a handler of its own for SIGINT


class InterruptOnce:
    """A handler: KeyboardInterrupt for the first of the signals that come from outside within `ONE` seconds.

    A closing terminal sends two, as uv does that passes on what its whole group got: the second would cut the clearing away
    short.  A later one counts again, as the exception may have been lost in code that Python called back.
    """

    ONE = 3.0

    def __init__(self) -> None:
        self._last = -math.inf

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Interrupt, unless that was done just now."""
        now = time.monotonic()
        if now - self._last >= self.ONE:
            self._last = now
            leave_closed_terminal()
            raise KeyboardInterrupt


def leave_closed_terminal() -> bool:
    """Whether output goes to a terminal that was closed; from then on it goes nowhere, as writing there is an error."""
    closed = [descriptor for descriptor in _OUTPUTS if _is_hung_up(descriptor)]
    for descriptor in closed:
        nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
    return bool(closed)


def _is_hung_up(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(event & select.POLLHUP for _, event in poll.poll(0))


@contextmanager
def interrupted_by_endings(*, to_the_end: bool = False) -> Iterator[None]:
    """Let SIGTERM and SIGHUP interrupt what runs in the context, as Ctrl-C does.

    Where one is handled already, or ignored (`nohup`), it stays so.  With *to_the_end* nothing follows but the end of the
    process, which none of the signals must turn into another exit code: they are ignored from then on.
    """
    ours = threading.current_thread() is threading.main_thread()
    taken = [number for number in _FROM_OUTSIDE if ours and signal.getsignal(number) is signal.SIG_DFL]
    handler = InterruptOnce()
    for number in taken:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in ENDINGS if ours and to_the_end else taken:
            signal.signal(number, signal.SIG_IGN if to_the_end else signal.SIG_DFL)
