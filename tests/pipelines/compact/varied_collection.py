"""Collections of pages with all that a column can hold, derived in this process: no worker has to be started."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
from small_warcs import answered, write_warc

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange
from broadsheet.archive.journal import connect
from broadsheet.archive.repeats import find_repeats
from broadsheet.pipelines.dataset.compacted import read_complete
from broadsheet.pipelines.dataset.defaults import DEFAULT_TABLES
from broadsheet.pipelines.dataset.manifest import table_folder
from broadsheet.pipelines.dataset.supersede import supersede_compacted
from broadsheet.pipelines.derive.extract import index_files
from broadsheet.pipelines.derive.messages import Task
from broadsheet.pipelines.derive.parts import settled_parts
from broadsheet.pipelines.derive.task import derive_part
from broadsheet.pipelines.extract.extraction import (
    ArticleColumns,
    Extraction,
    Extractor,
    Heading,
    Image,
    Link,
    PageRecord,
    Person,
    Segment,
)
from broadsheet.pipelines.extract.roles.role import Role

OCTOBER = datetime(2026, 10, 30, 12, tzinfo=UTC)
OLD = datetime(1935, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
ASTRAL = "𝒳 news 🗞️ of 𠜎"


class Varied:
    """An extractor whose pages differ in what they have: by the number that their URL ends in."""

    name = "varied==1"

    def __init__(self, extraction_id: str = "varied0000000001", base_id: str = "") -> None:
        self.extraction_id, self.base_id = extraction_id, base_id

    def extract(self, record: PageRecord) -> Extraction:
        number = int(record.url.rpartition("/")[2])
        if number % 5 == 4:
            return Extraction(ArticleColumns(status="empty"))
        text = f"{ASTRAL}: {record.url}" + " and so on" * (number % 7)
        article = ArticleColumns(
            status="ok",
            title=f"Title {number}" if number % 2 else ASTRAL,
            authors=(Person("Ann", "https://a.example/ann"), Person("Bo")) if number % 3 else (),
            date_published=OLD if number % 4 == 0 else _days_before(record.fetch_time, number),
            date_published_raw="6 May 1935",
            text=text,
            headings=(Heading(2, "What comes next", 3),) if number % 2 else (),
            tags=("ice", ASTRAL) if number % 3 == 0 else (),
            language="en" if number % 2 else None,
            language_score=0.5 if number % 2 else None,
            is_paywalled=[None, True, False][number % 3],
            tdm_reservation=1 if number % 6 == 0 else None,
            word_count=len(text.split()),
        )
        segments = tuple(Segment(n, Role.BODY, None, f"{text} {n}", block_hash=n - 2) for n in range(number % 4))
        images = tuple(Image(n, f"https://a.example/{n}.jpg", "inline", caption=None) for n in range(number % 2))
        links = tuple(Link(n, f"https://b.example/{n}", Role.BODY, anchor_text=ASTRAL) for n in range(number % 3))
        return Extraction(article, segments, images, links)


def warc(folder: Path, name: str, numbers: Sequence[int], *, start: datetime = OCTOBER) -> Path:
    """A WARC of a page for each of *numbers*, eight hours after one another; every ninth is missing, with status 404."""

    def exchanges() -> Iterator[Exchange]:
        for place, number in enumerate(numbers):
            yield answered(
                f"http://{'zmab'[number % 4]}.example/{number % 11}/{number}",
                f"<html><body><p>{number}</p></body></html>",
                moment=start + timedelta(hours=8 * place),
                status=404 if number % 9 == 8 else 200,
            )

    path: Path = write_warc(folder, name, exchanges())
    return path


def _days_before(moment: datetime | None, number: int) -> datetime:
    assert moment is not None
    return moment - timedelta(days=number)


def derive(
    directory: Path,
    inputs: Sequence[Path] = (),
    extractor: Extractor | None = None,
    *,
    tables: tuple[str, ...] = DEFAULT_TABLES,
    parts: int | None = None,
) -> Collection:
    """Extract *inputs*, and what the collection has, as `extract` does; no more than *parts* new parts."""
    collection = Collection.create(directory)
    extractor = extractor or Varied()
    collection.temporary.mkdir(exist_ok=True)
    left = 10**6 if parts is None else parts
    with collection.locked(), closing(connect(collection.journal)) as db:
        catalogue = Catalogue(db)
        index_files(collection, catalogue, inputs)
        find_repeats(catalogue)
        for one in catalogue.warcs():
            for part in settled_parts(collection, catalogue, one):
                made = read_complete(collection, extractor.extraction_id, part.name)
                if made is not None and set(tables) <= set(made.tables):
                    continue
                if not left:
                    return collection
                left -= 1
                wanted = tuple(dict.fromkeys([*tables, *(made.tables if made is not None else ())]))
                derive_part(collection, Task(part, wanted, {}), extractor, lambda _: None)
        supersede_compacted(collection)
    return collection


def rows(collection: Collection, table: str, extraction_id: str = "") -> Counter[str]:
    """All rows that a glob over the folder of *table* meets."""
    folder = table_folder(table, extraction_id) if extraction_id else Path(table)
    found = ds.dataset(collection.dataset / folder, format="parquet").to_table()
    return Counter(repr(sorted(row.items())) for row in found.to_pylist())


def digests(collection: Collection) -> dict[str, Any]:
    """The SHA-256 of all files of the dataset, by path."""
    files = sorted(path for path in collection.dataset.rglob("*") if path.is_file())
    return {
        path.relative_to(collection.dataset).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
