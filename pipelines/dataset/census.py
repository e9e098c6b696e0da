"""What is in a dataset, counted: the figures of its data card.  One pass over a few small columns, some kB of memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.current import Selection
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.dataset.records import ArticleRow
from broadsheet.pipelines.dataset.schema import TABLES
from broadsheet.pipelines.dataset.table import Table
from broadsheet.pipelines.dataset.unreadable import unreadable

NOT_KNOWN = "not known"
_VALUES = {
    "host": "url_host_name",
    "language": "language",
    "extraction status": "extraction_status",
    "page type": "page_type",
    "TDM reservation": "tdm_reservation",
    "behind a paywall": "is_paywalled",
    "licence": "license_url",
}


@dataclass(frozen=True, slots=True)
class Census:
    """``rows`` of each table that has files; ``counts`` of articles by what is counted (``host``, ``month published`` ...),
    then by value; ``reasons`` why captures have no row in articles; ``extractors`` that made the rows."""

    rows: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    reasons: Mapping[str, int]
    extractors: tuple[str, ...]


def count(collection: Collection, selection: Selection) -> Census:
    """Count what *selection* has.

    Raises:
        CorruptArchive: a file cannot be read.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in [*_VALUES, "month published", "quality flag"]}
    extractors: Counter[str] = Counter()
    columns = [*_VALUES.values(), "date_published", "quality_flags", "extractor"]
    if selection.files["articles"]:
        articles = Table("articles", ArticleRow, selection, RecordStore(collection), columns=columns)
        for batch in articles.batches(64_000):
            for name, column in _VALUES.items():
                _add(counts[name], batch.column(column))
            _add(counts["month published"], _months(batch.column("date_published")))
            _add(counts["quality flag"], pc.list_flatten(batch.column("quality_flags")))
            _add(extractors, batch.column("extractor"))
    reasons: Counter[str] = Counter()
    for manifest in selection.manifests:
        reasons.update(manifest.reasons)
    rows = {table: sum(map(_rows, selection.files[table])) for table in TABLES if selection.files[table]}
    ordered = {name: dict(sorted(found.items(), key=_largest_first)) for name, found in counts.items()}
    ordered["month published"] = dict(sorted(counts["month published"].items()))
    return Census(rows, ordered, dict(sorted(reasons.items(), key=_largest_first)), tuple(sorted(extractors)))


def _rows(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(path, error, "Delete it, and extract again.") from error


def _add(counter: Counter[str], values: pa.Array) -> None:
    for entry in pc.value_counts(values).to_pylist():
        value = entry["values"]
        counter[NOT_KNOWN if value is None else str(value).lower() if isinstance(value, bool) else str(value)] += entry[
            "counts"
        ]


def _months(moments: pa.Array) -> pa.Array:
    numbers = pc.add(pc.multiply(pc.year(moments), 100), pc.month(moments))
    return pa.array(
        [None if one is None else f"{one // 100:04d}-{one % 100:02d}" for one in numbers.to_pylist()], "string"
    )


def _largest_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
