"""Puts the helper modules within reach of the tests (pytest runs in importlib mode): this folder's, and the crawled site."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "crawler"))
