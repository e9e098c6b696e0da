"""The stores of a crawl's state that the contract is run over: add one here, and it must keep it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.crawler.state.memory import MemoryStore
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.pipelines.capture.submission import Journal

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """That of a new collection."""
    with Catalogue.open(Collection.create(tmp_path / "c").journal) as catalogue:
        yield catalogue


@pytest.fixture(params=["sqlite", "memory"])
def store(request: pytest.FixtureRequest, catalogue: Catalogue) -> CrawlStore:
    """A store without URLs."""
    return SqliteStore.prepared(catalogue) if request.param == "sqlite" else MemoryStore()


@pytest.fixture
def journal(store: CrawlStore, tmp_path: Path) -> Iterator[Journal]:
    """What applies changes to *store* in another thread, over a connection of its own."""
    with Catalogue.open(Collection(tmp_path / "c").journal) as catalogue:
        yield store.journal(catalogue)
