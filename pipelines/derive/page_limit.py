"""The time that a page may take: seconds of the processor, so that what a page becomes does not depend on what else the machine
does; and ten times as many by the clock, for what waits instead of working.

`Stopwatch` is for who watches a process, `set_alarms` for a process that nobody watches.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

PAGE_SECONDS = 30.0
_WAITING = 10  # times as long by the clock
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(process: int) -> float | None:
    """What *process* has worked so far, in user and system mode; None when the system does not say, or it is over."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND  # utime, stime: proc(5), counted from the state


class Stopwatch:
    """The time since *process* began what it is at."""

    def __init__(self, process: int) -> None:
        self._process = process
        self.begin()

    def begin(self) -> None:
        """It is at something new."""
        self._since, self._worked = time.monotonic(), cpu_seconds(self._process)

    def is_over(self, seconds: float) -> bool:
        """Whether it has worked for more than *seconds*, or hung for ten times that; by the clock where only that is known."""
        waited, worked = time.monotonic() - self._since, cpu_seconds(self._process)
        if worked is None or self._worked is None:
            return waited > seconds
        return worked - self._worked > seconds or waited > _WAITING * seconds


def set_alarms(seconds: float) -> None:
    """Let this process die of a signal when it has worked for *seconds*, or hung for ten times that; 0: let it live."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, _WAITING * seconds)
