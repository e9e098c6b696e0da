"""One collection for all tests of serve, and one server over it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from broadsheet.serve.run import WebServer

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def gazette(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with articles in four scripts."""
    from served_site import make_collection

    made: Path = make_collection(tmp_path_factory.mktemp("serve"))
    return made


@pytest.fixture(scope="session")
def server(gazette: Path) -> Iterator[WebServer]:
    """A server over it."""
    with WebServer([gazette], port=0) as running:
        yield running


@pytest.fixture
def client(server: WebServer) -> Iterator[httpx.Client]:
    """A client that asks it; paths are enough."""
    with httpx.Client(base_url=server.origins.own, timeout=30, trust_env=False) as made:
        yield made


@pytest.fixture
def archived(server: WebServer) -> Iterator[httpx.Client]:
    """A client that asks for archived pages."""
    with httpx.Client(base_url=server.origins.archived, timeout=30, trust_env=False) as made:
        yield made
