"""An item pipeline that writes a project's own items as Parquet, each with the WARC record that it came from.

Items are durable with the journal, and go into a file when there are enough, or when the spider is closed.  With our
scheduler an item that a callback gives again after a kill is known, and kept once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any, Self

import pyarrow as pa
from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue, to_microseconds
from broadsheet.archive.errors import BadInput
from broadsheet.crawler.scrapy_project.changes import ItemKept, ItemSchemaKept, ItemsPublished
from broadsheet.crawler.scrapy_project.extension import ArchiveExtension
from broadsheet.crawler.scrapy_project.item_declarations import declared_fields
from broadsheet.crawler.scrapy_project.journal import ProjectJournal
from broadsheet.crawler.scrapy_project.settings import item_fields
from broadsheet.pipelines.dataset.item_columns import declared_schema, inferred_schema, plain_row
from broadsheet.pipelines.dataset.item_files import grown, publish_items, schema_of, schema_text

logger = logging.getLogger(__name__)

FILE_ROWS = 1000


@dataclass(slots=True)
class _Kind:
    """What is known of the items of one type: ``fixed``, because they are declared, or a file has their columns."""

    schema: pa.Schema
    declared: bool
    fixed: bool


class ParquetPipeline:
    """ITEM_PIPELINES = {"broadsheet.scrapy.ParquetPipeline": 900}."""

    def __init__(self, crawler: Crawler) -> None:
        try:
            self._extension = ArchiveExtension.of(crawler)
        except NotConfigured as error:
            raise BadInput("broadsheet.scrapy.ParquetPipeline", "needs the add-on", str(error)) from error
        self._archive = self._extension.archive
        self._named = item_fields(crawler.settings)
        self._kinds: dict[str, _Kind] = {}
        self._kept: dict[str, str] = {}
        self._waiting: Counter[str] = Counter()
        self._publishing = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The pipeline of *crawler*."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Find what earlier runs have left."""
        self._archive.flush()
        with Catalogue.open(self._archive.collection.journal, read_only=True) as catalogue:
            journal = ProjectJournal(catalogue)
            self._kept = journal.item_schemas()
            self._waiting.update(journal.items_waiting())

    async def process_item(self, item: Any) -> Any:
        """Keep *item*.

        Raises:
            BadInput: it does not fit its columns; it is not kept then.
        """
        name = type(item).__name__
        origin = self._extension.origins.pop(id(item), None)
        values = ItemAdapter(item).asdict()
        kind = self._kinds.get(name) or self._kind_of(name, type(item))
        if not kind.declared:
            schema = inferred_schema(name, kind.schema, values, fixed=kind.fixed)
            if schema != kind.schema:
                kind.schema = schema
                self._archive.change(ItemSchemaKept(name, schema_text(schema)))
        row = plain_row(name, kind.schema, values) | _record_columns(None if origin is None else origin.record)
        item_id = uuid.uuid4().hex if origin is None or origin.item_id is None else origin.item_id
        self._archive.change(ItemKept(name, item_id, json.dumps(row, separators=(",", ":"))))
        self._waiting[name] += 1
        if self._waiting[name] >= FILE_ROWS and not self._publishing.locked():
            await self._publish(name, FILE_ROWS)
        return item

    async def close_spider(self) -> None:
        """Write what waits."""
        for name in sorted(self._waiting):
            await self._publish(name, 1)

    def _kind_of(self, name: str, item_type: type) -> _Kind:
        kept = schema_of(self._kept[name]) if name in self._kept else None
        fields = self._named.get(name) or declared_fields(item_type)
        if fields is None:
            kind = _Kind(kept or pa.schema([]), declared=False, fixed=False)
        else:
            schema = declared_schema(name, fields)
            kind = _Kind(schema if kept is None else grown(name, kept, schema), declared=True, fixed=True)
            self._archive.change(ItemSchemaKept(name, schema_text(kind.schema)))
        self._kinds[name] = kind
        return kind

    async def _publish(self, name: str, least: int) -> None:
        async with self._publishing:
            while self._waiting[name] >= least:
                written = await asyncio.to_thread(self._publish_part, name)
                self._waiting[name] -= written
                if not written:
                    return

    def _publish_part(self, name: str) -> int:
        """Write the next file of *name*; how many rows it has."""
        self._archive.flush()
        collection = self._archive.collection
        with Catalogue.open(collection.journal, read_only=True) as catalogue:
            journal = ProjectJournal(catalogue)
            number, rows, last = journal.next_items(name, FILE_ROWS)
            schema = schema_of(journal.item_schemas()[name])
        if rows and self._archive.failure is None:
            publish_items(collection, name, number, schema, [json.loads(row) for row in rows])
            self._archive.change(ItemsPublished(name, number, last))
            self._archive.flush()
            if name in self._kinds:
                self._kinds[name].fixed = True
        return len(rows)


def _record_columns(record: Capture | None) -> dict[str, Any]:
    if record is None:
        return {}
    return {
        "warc_filename": record.warc_filename,
        "warc_record_offset": record.offset,
        "warc_record_length": record.length,
        "warc_record_id": record.record_id,
        "warc_date": to_microseconds(record.date),
        "warc_target_uri": record.url,
    }
