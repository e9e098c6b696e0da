"""Puts `small_warcs` within reach of all tests (pytest runs in importlib mode), and lets property tests take their time: by
default an example fails after 0.2 s, which is a matter of what else the machine does."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
sys.path.insert(0, str(Path(__file__).parent))
