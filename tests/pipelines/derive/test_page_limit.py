"""The time limit of a page counts work, so that a busy machine changes no row."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from broadsheet.pipelines.derive import page_limit
from broadsheet.pipelines.derive.page_limit import Stopwatch, cpu_seconds


def test_waiting_for_the_processor_is_no_work() -> None:
    watch = Stopwatch(os.getpid())
    time.sleep(0.4)
    assert not watch.is_over(0.2)
    begun = cpu_seconds(os.getpid())
    assert begun is not None
    while (now := cpu_seconds(os.getpid())) is not None and now - begun < 0.5:
        pass
    assert watch.is_over(0.4)
    watch.begin()
    assert not watch.is_over(0.4)


def test_what_hangs_is_told_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Stopwatch(os.getpid())
    time.sleep(0.3)
    monkeypatch.setattr(page_limit, "_WAITING", 1)
    assert watch.is_over(0.25)


def test_without_the_system_s_word_the_clock_decides() -> None:
    watch = Stopwatch(2**30)  # no such process
    assert not watch.is_over(60)
    time.sleep(0.1)
    assert watch.is_over(0.05)


def status_of(code: str) -> int:
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=120)
    return done.returncode


@pytest.mark.parametrize("does", ["while True: pass", "import time; time.sleep(600)"])
def test_alarms_end_a_process_that_works_or_hangs(does: str) -> None:
    setting = "from broadsheet.pipelines.derive import page_limit; page_limit._WAITING = 2; page_limit.set_alarms(0.5)"
    assert status_of(f"{setting}\n{does}") < 0


def test_alarms_are_taken_back() -> None:
    setting = "from broadsheet.pipelines.derive.page_limit import set_alarms; set_alarms(0.3); set_alarms(0)"
    assert status_of(f"{setting}\nimport time; time.sleep(4)") == 0
