"""One collection of varied captures for the tests of what programs ask, and the applications that serve it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from broadsheet.serve.app import create_app
from broadsheet.serve.archived import create_archived_app
from broadsheet.serve.security import Origins
from broadsheet.serve.served import ServedCollections

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "replay")]
ORIGINS = Origins(8900, 8901)


@pytest.fixture(scope="session")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with captures of many kinds."""
    from varied_captures import make_collection

    made: Path = make_collection(tmp_path_factory.mktemp("varied"))
    return made


@pytest.fixture(scope="session")
def served(varied: Path, tmp_path_factory: pytest.TempPathFactory) -> ServedCollections:
    """It, as served."""
    return ServedCollections.open([varied], tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="session")
def asking(served: ServedCollections) -> TestClient:
    """What asks our own pages; an exception is an answer 500."""
    app = create_app(served, ORIGINS)
    return TestClient(app, ORIGINS.own, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture(scope="session")
def fetching(served: ServedCollections) -> TestClient:
    """What asks for archived pages and raw captures."""
    app = create_archived_app(served, ORIGINS)
    return TestClient(app, ORIGINS.archived, raise_server_exceptions=False, follow_redirects=False)
