"""What tests need that may not be here: they are skipped then, and say why, also in the summary of warnings."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from oracle_programs import Unavailable

from broadsheet.archive.errors import BadInput
from broadsheet.replay.browser import find_browser


def browser() -> Path:
    """Chromium, or a skip."""
    try:
        return find_browser()
    except BadInput as error:
        warnings.warn(f"REPLAY IS NOT TESTED IN A BROWSER: {error}", stacklevel=2)
        pytest.skip(f"needs Chromium: {error}")


def installed(install: Callable[[], Path]) -> Path:
    """The folder of an oracle that *install* gives, or a skip."""
    try:
        return install()
    except Unavailable as error:
        warnings.warn(f"AN ORACLE IS NOT HERE: {error}", stacklevel=2)
        pytest.skip(str(error))
