"""What holds for all tests: `small_warcs` is within their reach (pytest runs in importlib mode), property tests may take their
time (by default an example fails after 0.2 s, which is a matter of what else the machine does), and signals are handled as
before after each."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    """A command that is run in this process handles signals its own way, and its process would end with it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)
