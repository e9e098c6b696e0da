"""One small collection, extracted once for all tests of what is read from it; who changes it takes a copy."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from data_site import exchanges
from small_warcs import write_warc

from broadsheet.pipelines.derive.extract import extract


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection; read only."""
    folder = tmp_path_factory.mktemp("data")
    summary = extract([write_warc(folder / "in", "site", exchanges())], folder / "site", workers=1)
    assert summary.exit_code == 0
    return summary.directory


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Makes a copy of the collection, with its WARC."""

    def copy(name: str = "copy") -> Path:
        return Path(shutil.copytree(made, tmp_path / name, copy_function=shutil.copy2))

    return copy
