"""Collections that lack something, or are damaged: each page says what it cannot show, none fails, and the others go on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.search.index import SearchIndex
from broadsheet.pipelines.search.update import update_index
from broadsheet.serve.app import PAGES
from broadsheet.serve.run import WebServer

pytestmark = pytest.mark.slow
PLACES = [path for path in PAGES if "{" not in path]
TABS = ["", *(path.removeprefix("article/{name}") for path in PAGES if path.startswith("article/{name}/"))]


def without_warcs(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "collection.sqlite")) as db, db:
        db.execute("UPDATE warcs SET source = '/nowhere/gone'")


def with_broken_links_while_it_is_written(folder: Path) -> None:
    for path in (folder / "dataset" / "links").rglob("*.parquet"):
        path.write_bytes(b"PAR1 nothing PAR1")
    (folder / "dataset" / "articles" / ".half.parquet.part").write_bytes(b"PAR1")
    (folder / "archive" / "new.warc.gz.open").write_bytes(b"\x1f\x8b\x08")
    (folder / "action").write_text("no folder")


def with_broken_articles(folder: Path) -> None:
    shutil.rmtree(folder / "indexes")  # it was never indexed
    for path in (folder / "dataset" / "articles").rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:2000])


def without_some_columns_and_tables(folder: Path) -> None:
    """As another version made it."""
    shutil.rmtree(folder / "indexes")
    for path in (folder / "dataset" / "articles").rglob("*.parquet"):
        pq.write_table(
            pq.read_table(path).drop_columns(["duplicate_of", "quality_flags", "tags", "tdm_reservation"]), path
        )
    for name in ("links", "images", "segments"):
        shutil.rmtree(folder / "dataset" / name)


def with_a_broken_journal(folder: Path) -> None:
    (folder / "collection.sqlite").write_bytes(b"SQLite format 3\0" + b"nothing" * 2000)


def with_a_broken_manifest(folder: Path) -> None:
    for path in (folder / "dataset" / "_manifest").rglob("*.json"):
        path.write_text('{"part": ')


DAMAGES: list[Callable[[Path], None]] = [
    without_warcs,
    with_broken_links_while_it_is_written,
    with_broken_articles,
    without_some_columns_and_tables,
    with_a_broken_journal,
    with_a_broken_manifest,
]
NAMES = [damage.__name__.replace("_", "-") for damage in DAMAGES]


@pytest.fixture(scope="module")
def damaged(gazette: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server over all of them, and an empty one."""
    folder = tmp_path_factory.mktemp("damaged")
    update_index(Collection.open(gazette), SearchIndex.of(Collection.open(gazette), folder))
    for name, damage in zip(NAMES, DAMAGES, strict=True):
        shutil.copytree(gazette, folder / name)
        damage(folder / name)
    Collection.create(folder / "empty")
    with (
        WebServer([*(folder / name for name in NAMES), folder / "empty"], port=0) as server,
        httpx.Client(base_url=server.origins.own, timeout=60, trust_env=False) as client,
    ):
        client.get("/search")  # waits for all indexes
        yield client


@pytest.fixture(scope="module")
def story(damaged: httpx.Client) -> str:
    """The last part of the address of a story."""
    hit = damaged.get("/without-warcs/search.json?q=title:corrected").json()["result"]["hits"][0]
    return str(hit["id"].removeprefix("<urn:uuid:").removesuffix(">"))


@pytest.mark.parametrize("name", [*NAMES, "empty"])
def test_no_page_fails(damaged: httpx.Client, story: str, name: str) -> None:
    for place in [*PLACES, "sites/gazette.example", *(f"article/{story}{tab}" for tab in TABS)]:
        answer = damaged.get(f"/{name}/{place}")
        assert answer.status_code in (200, 404, 503), f"{place}: {answer.status_code} {answer.text[-500:]}"
        if answer.status_code != 200:
            fault = damaged.get(f"/{name}/{place}.json").json()
            assert fault["thing"], place
            assert fault["cause"], place


def test_what_is_whole_is_shown(damaged: httpx.Client, story: str) -> None:
    def found(name: str) -> int:
        return int(damaged.get(f"/{name}/search.json?q=lighthouse").json()["result"]["found"])

    assert {found(name) for name in NAMES[:2]} == {17}
    assert found("without-some-columns-and-tables") == 14  # the word is in the captions of the others
    assert damaged.get(f"/without-warcs/article/{story}").status_code == 200
    exchange = damaged.get(f"/without-warcs/article/{story}/exchange.json").json()
    assert exchange["fault"]
    assert damaged.get("/with-broken-links-while-it-is-written/graph").status_code == 503
    assert damaged.get("/with-broken-links-while-it-is-written/quality").status_code == 200
    assert "Parquet file cannot be read" in damaged.get("/with-broken-articles/search").text
    assert damaged.get("/with-broken-articles/checks").status_code == 200
    assert "with-a-broken-journal" in damaged.get("/").text
    across = damaged.get("/search.json?q=lighthouse").json()
    assert across["result"]["found"] >= 17 * 2 + 14
    assert "with-broken-articles" in across["notices"]
