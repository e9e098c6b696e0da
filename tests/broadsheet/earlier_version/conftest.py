"""Puts this folder's made site, and how crawls are run, within reach of the tests (pytest runs in importlib mode)."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "crawler")]
