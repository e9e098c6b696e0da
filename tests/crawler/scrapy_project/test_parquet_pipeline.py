"""A project's own items as Parquet: typed as declared, each with the record it came from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from library_project import run, write_project
from library_site import LibrarySite

from broadsheet.api import Collection as Dataset
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.crawler.scrapy_project.item_declarations import declared_fields
from broadsheet.pipelines.dataset.item_columns import declared_schema, inferred_schema, plain_row, table_of
from broadsheet.pipelines.reconcile.reconcile import reconcile

SETTINGS = (
    'ADDONS = {"broadsheet.scrapy.Addon": 500}\nBROADSHEET_DIR = "kept"\nROBOTSTXT_OBEY = False\n'
    'ITEM_PIPELINES = {"broadsheet.scrapy.ParquetPipeline": 900}\n'
)
SPIDER = """
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum

import attrs
import scrapy
from scrapy import Field, Item

class Mood(Enum):
    CALM = "calm"

@dataclass
class Author:
    name: str
    born: int | None = None

@dataclass
class Story:
    title: str
    words: int
    authors: list[Author]
    mood: Mood
    price: Decimal
    day: date
    seen: datetime
    raw: bytes
    counts: dict[str, float]
    note: str | None = None

@attrs.define
class Short:
    title: str
    score: float

class Old(Item):
    title = Field(type=str)
    size = Field(type=int)

class Stories(scrapy.Spider):
    name = "stories"

    async def start(self):
        yield {"where": "start", "n": 1}
        yield scrapy.Request(self.site + "/story")

    def parse(self, response):
        title = response.css("h1::text").get()
        yield Story(title, 7, [Author("Ann", 1970), Author("Bob")], Mood.CALM, Decimal("1.10"), date(2026, 11, 29),
            datetime(2026, 11, 29, 12, tzinfo=timezone.utc), b"\\x00\\xff", {"a": 1})
        yield Short(title, 0.5)
        yield Old(title=title, size=len(response.body))
        yield {"where": "parse", "n": 2.5}
        yield {"where": 3}
        yield Short(title=9, score=1.0)
"""


def test_items_of_each_kind_become_files_with_their_records(tmp_path: Path) -> None:
    site = LibrarySite()
    folder = write_project(tmp_path, SETTINGS, SPIDER)
    said = run(folder, "crawl", "stories", "-a", f"site={site.url}").stderr
    site.close()
    items = {path.parent.name: pq.read_table(path) for path in folder.glob("kept/dataset/items/*/part-00001.parquet")}
    assert sorted(items) == ["Old", "Short", "Story", "dict"]
    story = items["Story"].to_pylist()[0]
    assert story["authors"] == [{"name": "Ann", "born": 1970}, {"name": "Bob", "born": None}]
    assert (story["mood"], story["price"], story["raw"], story["counts"]) == ("calm", "1.10", b"\x00\xff", [("a", 1.0)])
    assert story["day"].isoformat() == "2026-11-29"
    assert story["seen"].isoformat() == "2026-11-29T12:00:00+00:00"
    assert items["Story"].schema.field("words").type == pa.int64()
    assert [row["where"] for row in items["dict"].to_pylist()] == ["start", "parse"]
    assert items["dict"].schema.field("n").type == pa.float64()
    assert "an item of dict: does not fit the items before it" in said
    assert "an item of Short: has int '9' in title, which is string" in said
    assert items["Short"].num_rows == 1
    assert items["dict"].to_pylist()[0]["warc_filename"] is None  # it came from start
    row = story
    store = Dataset.open(folder / "kept")._store
    place = (row["warc_filename"], row["warc_record_offset"], row["warc_record_length"], row["warc_record_id"])
    record = store.record(*place)
    assert record.url == row["warc_target_uri"] == f"{site.url}/story"
    assert b"A light at sea" in record.block
    assert list(reconcile(Collection(folder / "kept"))) == []


def test_the_parts_of_a_long_run_hold_each_item_once(tmp_path: Path) -> None:
    site = LibrarySite()
    spider = (
        "import scrapy\n\nclass Many(scrapy.Spider):\n    name = 'many'\n"
        "    async def start(self):\n        yield scrapy.Request(self.site + '/story')\n"
        "    def parse(self, response):\n        for n in range(2500):\n            yield {'n': n}\n"
    )
    folder = write_project(tmp_path, SETTINGS, spider)
    run(folder, "crawl", "many", "-a", f"site={site.url}", "-s", "LOG_LEVEL=INFO")
    site.close()
    parts = sorted(folder.glob("kept/dataset/items/dict/*.parquet"))
    assert [pq.read_metadata(part).num_rows for part in parts] == [1000, 1000, 500]
    assert sorted(n for part in parts for n in pq.read_table(part)["n"].to_pylist()) == list(range(2500))


def test_columns_that_changed_their_type_between_runs_are_refused(tmp_path: Path) -> None:
    site = LibrarySite()
    folder = write_project(tmp_path, SETTINGS, SPIDER)
    run(folder, "crawl", "stories", "-a", f"site={site.url}")
    write_project(tmp_path, SETTINGS, SPIDER.replace("words: int", "words: str").replace("title, 7,", "title, '7',"))
    said = run(folder, "crawl", "stories", "-a", f"site={site.url}").stderr
    site.close()
    assert "Story.words: is string, and int64 in the files that are there" in said
    assert len(list(folder.glob("kept/dataset/items/Story/*.parquet"))) == 1
    assert len(list(folder.glob("kept/dataset/items/Old/*.parquet"))) == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"where": object}, "is declared as object"),
        ({"where": "text"}, "'text' is no type"),
        ({"warc_filename": str}, "kept for where an item comes from"),
        ({"where": int | str}, "no type of column"),
    ],
)
def test_declarations_without_a_column_are_said(fields: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        declared_schema("Odd", fields)


def test_columns_that_items_show_are_fixed_once_there_is_a_file() -> None:
    known = inferred_schema("dict", pa.schema([]), {"a": 1}, fixed=False)
    known = inferred_schema("dict", known, {"a": 1.5, "b": None}, fixed=False)
    known = inferred_schema("dict", known, {"b": ["x"]}, fixed=False)
    assert known.field("a").type == pa.float64()
    with pytest.raises(BadInput, match="has in c what the first items did not have"):
        inferred_schema("dict", known, {"c": 1}, fixed=True)
    rows = [plain_row("dict", known, {"a": 2}), plain_row("dict", known, {"b": ["y", None]})]
    assert table_of(known, rows).to_pylist() == [{"a": 2.0, "b": None}, {"a": None, "b": ["y", None]}]


def test_pydantic_models_declare_by_their_fields() -> None:
    class Model:  # declares as a pydantic.BaseModel does
        model_fields: ClassVar[dict[str, None]] = {"title": None, "pages": None}
        title: str
        pages: int

    Model.__module__ = __name__
    assert declared_fields(Model) == {"title": str, "pages": int}
    assert declared_fields(dict) is None
    assert sys.modules[__name__]
