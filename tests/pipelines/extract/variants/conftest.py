"""Pages for the tests of what is read of pages of many makes."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # varied_page
