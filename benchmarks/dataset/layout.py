"""What compaction is worth: one site's texts read before and after, file sizes, and the price of compacting.

Makes the articles of a crawl of many hosts (their sizes after Zipf's law, their pages in the order of a crawl that asks many hosts
at a time), compacts them in a process of its own, and reads the texts of three hosts with DuckDB, Polars and pyarrow, each with one
thread.  Figures are CPU seconds, best of --repeat; the peak memory is that of the compacting process.

    python benchmarks/dataset/layout.py --rows 20000
    python benchmarks/dataset/layout.py --rows 1000000 --words 12      # many small rows: is the memory bounded?
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ["POLARS_MAX_THREADS"] = "1"

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.dataset as ds

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.columns import TableBuilder
from broadsheet.pipelines.dataset.manifest import Manifest, publish_manifest
from broadsheet.pipelines.dataset.publish import publish_tables
from broadsheet.pipelines.dataset.schema import ARTICLES

EXTRACTION = "benchmark0000001"
PART = 500
HOSTS = 400
DATABASE = duckdb.connect(config={"threads": 1})
START = datetime(2026, 10, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Reading:
    """CPU seconds for the texts of the host of that rank."""

    reader: str
    host_rank: int
    rows: int
    crawl_order: float
    compacted: float
    ratio: float


def host(rank: int) -> str:
    return f"www.site{rank * 7919 % 1000:03d}.example"


def part(
    dice: np.random.Generator, first: int, count: int, total: int, words: int, vocabulary: np.ndarray, months: int
) -> pa.Table:
    shares = 1 / np.arange(1, HOSTS + 1)
    ranks = dice.choice(HOSTS, size=count, p=shares / shares.sum())
    frequency = 1 / (np.arange(len(vocabulary)) + 10)
    lengths = np.maximum(3, dice.lognormal(np.log(words), 0.6, count).astype(int))
    drawn = dice.choice(vocabulary, size=int(lengths.sum()), p=frequency / frequency.sum())
    ends = np.cumsum(lengths)
    texts = [" ".join(drawn[end - length : end]) for end, length in zip(ends, lengths)]
    hosts = [host(rank) for rank in ranks]
    slugs = dice.integers(0, 2**48, count)
    paths = [f"/2026/{slug % 12 + 1:02d}/{slug:x}" for slug in slugs]
    ids = [f"<urn:uuid:{first + n:08x}-0000-4000-8000-{slug:012x}>" for n, slug in enumerate(slugs)]
    seconds = START + (first + np.arange(count)) / total * months * 30 * 86400
    known: dict[str, Any] = {
        "id": ids, "warc_record_id": ids, "url": [f"https://{h}{p}" for h, p in zip(hosts, paths)],
        "url_surtkey": [f"{','.join(reversed(h.removeprefix('www.').split('.')))}){p}" for h, p in zip(hosts, paths)],
        "url_host_name": hosts, "url_host_registered_domain": [h.removeprefix("www.") for h in hosts],
        "warc_filename": [f"crawl-{first // 20000:05d}.warc.gz"] * count,
        "warc_record_offset": (first + np.arange(count)) % 20000 * 30_000, "warc_record_length": dice.integers(9_000, 60_000, count),
        "fetch_time": (seconds * 1e6).astype(np.int64), "title": [text[:60] for text in texts], "text": texts,
        "text_markdown": texts, "text_sha256": [f"{a:032x}{b:032x}" for a, b in dice.integers(0, 2**62, (count, 2))],
        "extraction_id": [EXTRACTION] * count, "extractor": ["benchmark==1"] * count, "extraction_status": ["ok"] * count,
        "language": ["en"] * count, "fetch_status": [200] * count,
    }  # fmt: skip
    arrays = []
    for field in ARTICLES:
        if field.name in known:
            arrays.append(pa.array(known[field.name]).cast(field.type))
        elif pa.types.is_list(field.type):
            arrays.append(pa.array([[]] * count, field.type))
        else:
            arrays.append(pa.nulls(count, field.type) if field.nullable else pa.array([0] * count, field.type))
    return pa.Table.from_arrays(arrays, schema=ARTICLES)


def make(directory: Path, rows: int, words: int, months: int) -> Collection:
    dice = np.random.default_rng(5)
    letters = np.array(list("etaoinshrdlucmfw"))
    vocabulary = np.array(["".join(dice.choice(letters, dice.integers(2, 11))) for _ in range(30_000)])
    collection = Collection.create(directory)
    for first in range(0, rows, PART):
        count = min(PART, rows - first)
        name = f"crawl-{first // 20000:05d}-{first % 20000:06d}-{first % 20000 + count:06d}"
        builder = TableBuilder(ARTICLES)
        for batch in part(dice, first, count, rows, words, vocabulary, months).to_batches():
            builder.add(batch)
        files = publish_tables(collection, name, EXTRACTION, {"articles": builder})
        stop = first % 20000 + count
        publish_manifest(
            collection,
            Manifest(name, f"crawl-{first // 20000:05d}.warc.gz", first % 20000, stop, EXTRACTION, count, count, 0, {}, files, ("articles",)),
        )  # fmt: skip
    return collection


def with_duckdb(folder: Path, wanted: str) -> int:
    query = f"SELECT text FROM '{folder}/**/*.parquet' WHERE url_host_name = '{wanted}'"
    return int(DATABASE.sql(query).to_arrow_table().num_rows)


def with_polars(folder: Path, wanted: str) -> int:
    rows = polars.scan_parquet(f"{folder}/**/*.parquet").filter(polars.col("url_host_name") == wanted).select("text")
    return int(rows.collect().height)


def with_pyarrow(folder: Path, wanted: str) -> int:
    data = ds.dataset(folder, format="parquet")
    found = data.to_table(columns=["text"], filter=ds.field("url_host_name") == wanted, use_threads=False)
    return int(found.num_rows)


READERS: dict[str, Callable[[Path, str], int]] = {"DuckDB": with_duckdb, "Polars": with_polars, "pyarrow": with_pyarrow}


def measure(folder: Path, ranks: list[int], repeat: int) -> dict[tuple[str, int], tuple[int, float]]:
    found = {}
    for name, reader in READERS.items():
        for rank in ranks:
            best, rows = float("inf"), 0
            for _ in range(repeat):
                before = time.process_time()
                rows = reader(folder, host(rank))
                best = min(best, time.process_time() - before)
            found[name, rank] = rows, best
    return found


def compact(directory: Path) -> tuple[float, float]:
    """CPU seconds, and the peak of resident memory in MB (getrusage would count ours, from before it became a program)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "broadsheet", "compact", str(directory), "-q", "--grace", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = max(peak, 0, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")))
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit(f"compact ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak / 1024


def size(folder: Path) -> tuple[int, float]:
    files = list(folder.rglob("*.parquet"))
    return len(files), sum(file.stat().st_size for file in files) / 1e6


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=20_000)
    options.add_argument("--words", type=int, default=850, help="of a text, the median")
    options.add_argument("--months", type=int, default=1)
    options.add_argument("--ranks", type=int, nargs="+", default=[0, 10, 100], help="hosts, the largest is 0")
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="broadsheet-layout-") as name:
        collection = make(Path(name, "c"), given.rows, given.words, given.months)
        folder = collection.dataset / "articles"
        files_before, mb_before = size(folder)
        before = measure(folder, given.ranks, given.repeat)
        cpu, rss = compact(collection.directory)
        files_after, mb_after = size(folder)
        after = measure(folder, given.ranks, given.repeat)
    print(
        f"{given.rows:,} rows: {files_before} files of {mb_before:.1f} MB -> {files_after} of {mb_after:.1f} MB, {cpu:.1f} CPU s, {rss:.0f} MB peak"
    )
    readings = []
    for (reader, rank), (rows, spent) in before.items():
        now_rows, now = after[reader, rank]
        if rows != now_rows:
            raise SystemExit(f"{reader} read {rows} rows before and {now_rows} after")
        readings.append(Reading(reader, rank, rows, round(spent, 4), round(now, 4), round(spent / now, 1)))
        print(
            f"{reader:8} host {rank:3} {rows:7,} rows  {spent * 1000:8.1f} -> {now * 1000:7.1f} CPU ms   {spent / now:5.1f} times"
        )
    if given.json:
        figures = {
            "rows": given.rows,
            "files": [files_before, files_after],
            "mb": [mb_before, mb_after],
            "cpu": cpu,
            "rss_mb": rss,
        }
        given.json.write_text(json.dumps({**figures, "readings": [asdict(one) for one in readings]}, indent=1) + "\n")


if __name__ == "__main__":
    main()
