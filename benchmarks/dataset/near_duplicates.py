"""Near-duplicates among 100,000 articles: recall, precision, CPU seconds, peak RSS, beside the usual setting for LLM corpora.

    uv run python benchmarks/dataset/near_duplicates.py [--rows 100000] [--real FOLDER] [--json FILE]
    uv run python benchmarks/dataset/near_duplicates.py --through-extraction CORPORA [--rows 400]

The rows are those of the tests' generator: stories in eight scripts with exact, edited, cut and syndicated copies, inside
the boilerplate of their hosts, with quoting stories and digests among them.  FOLDER may hold ``truth.jsonl`` files
(fields ``body`` or ``text``, ``url``): their articles become stories with copies of their own, scored apart.

With --through-extraction, real pages and real pages of other sites that carry copies of the same articles (syndicated_pages.py)
go through `broadsheet extract` first; --rows then counts the stories.

The peer is the setting of FineWeb and its like on the same MinHash library: word 5-grams, 14 bands of 8, no look at the
texts afterwards.  Each runs in a process of its own; CPU is user + system of it, RSS its peak.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/pipelines/dedupe"))
sys.path.insert(0, str(ROOT))

from made_articles import EXTRACTION, MOMENT, Made, Press, language, made_press, make_collection, score  # noqa: E402
from syndicated_pages import SyndicatedPage, few_pages, write_pages  # noqa: E402

COPIES = ("exact", "edited", "cut", "syndicated")
PRESS_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Result:
    """One program over one set of rows."""

    program: str
    rows: int
    cpu_seconds: float
    wall_seconds: float
    peak_mb: int
    made_recall: float
    made_precision: float
    real_recall: float | None
    real_precision: float | None
    recall_by_kind: dict[str, float]


def real_press(folder: Path, first_family: int, seed: int = 5) -> list[Made]:
    """Real articles with three copies each, under their own hosts."""
    rng = random.Random(seed)
    press = Press(seed, languages=("latin",))
    english = language("latin")
    rows: list[Made] = []
    seen: set[str] = set()
    for path in sorted(folder.rglob("truth.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            truth = json.loads(line)
            body = str(truth.get("body") or truth.get("text") or "")
            paragraphs = tuple(one.strip() for one in body.split("\n") if one.strip())
            if len(body.split()) < 150 or len(paragraphs) < 4 or body[:200] in seen:
                continue
            seen.add(body[:200])
            family = first_family + len(rows)
            host = str(truth.get("url", "")).partition("://")[2].partition("/")[0] or "real.example"
            original = replace(press._row(family, "original", "latin", (), MOMENT), host=host, paragraphs=paragraphs)
            rows.append(original)
            for kind in rng.sample(COPIES, 3):
                when = MOMENT + timedelta(days=1)
                copy = paragraphs if kind == "exact" else press._copy(kind, english, paragraphs)
                made = press._row(family, kind, "latin", copy, when)
                rows.append(made if kind != "exact" else replace(made, paragraphs=paragraphs))
    return rows


def write_presses(directory: Path, count: int, hosts: int, real: list[Made]) -> list[Made]:
    """Write *count* made rows and *real* ones, a press of 20,000 at a time: a million do not fit into memory.  Gives the made
    rows back without their texts."""
    presses = max(1, round(count / PRESS_ROWS))
    dice = random.Random(2)
    made: list[Made] = []
    for number in range(presses):
        rows = [
            replace(row, family=row.family + number * PRESS_ROWS, host=f"p{number}-{row.host}")
            for row in made_press(1 + number, min(count, PRESS_ROWS) // 2, hosts=max(1, hosts // presses))
        ]
        made += [without_text(row) for row in rows]
        rows += real[number::presses]
        dice.shuffle(rows)
        make_collection(directory, rows, files=-(-len(rows) // 5000), name=f"press{number:03d}")
    return made


def without_text(row: Made) -> Made:
    return replace(row, paragraphs=())


def measured(command: Sequence[str]) -> tuple[float, float, int]:
    """CPU seconds, wall seconds and peak RSS in MB of *command*."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})
    peak = 0
    while True:
        # the peak that wait4 gives begins with ours, which is large; that of /proc begins anew with the program
        with contextlib.suppress(OSError, StopIteration):
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            peak = max(peak, next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")))
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        time.sleep(0.05)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - begun, peak // 1024


def result(
    program: str, cost: tuple[float, float, int], rows: list[Made], real: list[Made], kept: dict[str, str]
) -> Result:
    made_recall, made_precision = score(rows, kept)
    real_recall, real_precision = score(real, kept) if real else (None, None)
    both = rows + real
    original = {row.family: kept[row.id] for row in both if row.kind == "original"}
    found: dict[str, list[bool]] = defaultdict(list)
    for row in both:
        if row.kind in COPIES:
            found[row.kind].append(kept[row.id] == original[row.family])
    by_kind = {kind: round(sum(hits) / len(hits), 4) for kind, hits in sorted(found.items())}
    return Result(program, len(both), *cost, made_recall, made_precision, real_recall, real_precision, by_kind)


def ours(directory: Path) -> tuple[tuple[float, float, int], dict[str, str]]:
    cost = measured([sys.executable, "-m", "broadsheet", "dedupe", str(directory), "--json", "-q"])
    table = pq.read_table(directory / "dataset/signatures" / EXTRACTION / "signatures.parquet")
    pairs = zip(table["id"].to_pylist(), table["duplicate_of"].to_pylist(), strict=True)
    return cost, {one: kept or one for one, kept in pairs}


def through_extraction(corpora: Path, stories: int, out: Path | None) -> None:
    """Recall and precision over pairs of pages, of all, and of those on sites with few pages; by kind, copies found."""
    with tempfile.TemporaryDirectory() as folder:
        warc, directory = Path(folder) / "pages.warc.gz", Path(folder) / "c"
        pages = write_pages(corpora, stories, warc)
        extraction = [sys.executable, "-m", "broadsheet", "extract", str(warc), "-o", str(directory), "-q"]
        extracted = measured([*extraction, "--tables", "articles"])
        cost = measured([sys.executable, "-m", "broadsheet", "dedupe", str(directory), "-q"])
        tables = {}
        for name, columns in (
            ("articles", ["id", "url", "extraction_id"]),
            ("signatures", ["id", "duplicate_of", "extraction_id"]),
        ):
            files = sorted((directory / "dataset" / name).rglob("*.parquet"))
            tables[name] = [row for file in files for row in pq.read_table(file, columns=columns).to_pylist()]
    kept_of = {row["id"]: row["duplicate_of"] or row["id"] for row in tables["signatures"]}
    kept = {row["url"]: kept_of[row["id"]] for row in tables["articles"] if row["id"] in kept_of}
    found: dict[str, list[bool]] = defaultdict(list)
    original = {page.family: kept.get(page.url) for page in pages if page.kind == "original"}
    for page in pages:
        if page.kind != "original":
            found[f"{page.kind}, {'many' if page.busy else 'few'}"].append(kept.get(page.url) == original[page.family])
    figures = {
        "pages": len(pages),
        "extracted": len(kept),
        "all": pair_score(pages, kept),
        "few pages a host": pair_score(list(few_pages(pages)), kept),
        "copies found": {kind: round(sum(hits) / len(hits), 4) for kind, hits in sorted(found.items())},
        "CPU s of extract, dedupe": (round(extracted[0], 1), round(cost[0], 1)),
    }
    print(json.dumps(figures, indent=1))
    for page in pages:
        if page.kind != "original" and kept.get(page.url) != original[page.family]:
            print("missed:", page.kind, page.url, file=sys.stderr)
    families: dict[str, set[int]] = defaultdict(set)
    for page in pages:
        families[kept.get(page.url, page.url)].add(page.family)
    for one, some in families.items():
        if len(some) > 1:
            print("glued:", one, sorted(page.url for page in pages if kept.get(page.url) == one), file=sys.stderr)
    if out:
        out.write_text(json.dumps(figures, indent=1) + "\n")


def pair_score(pages: Sequence[SyndicatedPage], kept: dict[str, str]) -> tuple[float, float]:
    """Recall and precision over pairs; a page that was not extracted is a cluster of its own."""

    def pairs(groups: Iterable[object]) -> int:
        return sum(size * (size - 1) // 2 for size in Counter(groups).values())

    both = pairs((page.family, kept.get(page.url, page.url)) for page in pages)
    true, found = pairs(page.family for page in pages), pairs(kept.get(page.url, page.url) for page in pages)
    return round(both / max(1, true), 4), round(both / max(1, found), 4)


def peer(directory: Path) -> tuple[tuple[float, float, int], dict[str, str]]:
    out = directory / "peer.json"
    cost = measured([sys.executable, __file__, "--as-peer", str(directory), str(out)])
    return cost, json.loads(out.read_text())


def run_peer(directory: Path, out: Path) -> None:
    """Word 5-grams, 112 permutations, 14 bands of 8; rows that share a band are one cluster."""
    import rensa  # noqa: PLC0415 - not for the parent

    parent: dict[str, str] = {}

    def find(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    buckets: dict[tuple[int, bytes], str] = {}
    for path in sorted((directory / "dataset/articles").rglob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(1000, columns=["id", "text"]):
            ids = batch.column(0).to_pylist()
            texts = [text.lower().split() for text in batch.column(1).to_pylist()]
            grams = [[" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))] for words in texts]
            for one, digest in zip(ids, rensa.RMinHash.digests_from_token_sets(grams, 112, 1), strict=True):
                parent[one] = one
                for band in range(14):
                    key = b"".join(value.to_bytes(4, "little") for value in digest[band * 8 : band * 8 + 8])
                    parent[find(one)] = find(buckets.setdefault((band, key), one))
    out.write_text(json.dumps({one: find(one) for one in parent}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--hosts", type=int, default=100, help="hosts of each script")
    parser.add_argument("--real", type=Path)
    parser.add_argument("--through-extraction", type=Path, metavar="CORPORA")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--skip-peer", action="store_true")
    parser.add_argument("--as-peer", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_peer:
        run_peer(*options.as_peer)
        return
    if options.through_extraction:
        through_extraction(options.through_extraction, options.rows, options.json)
        return
    real = real_press(options.real, 10 * options.rows) if options.real else []
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "c"
        made = write_presses(directory, options.rows, options.hosts, real)
        real = [without_text(row) for row in real]
        results = [result("broadsheet dedupe", *_swap(ours(directory), made, real))]
        if not options.skip_peer:
            results.append(result("5-grams, 14 x 8, rensa", *_swap(peer(directory), made, real)))
    for one in results:
        print(json.dumps(asdict(one), indent=1))
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n")


def _swap(
    run: tuple[tuple[float, float, int], dict[str, str]], made: list[Made], real: list[Made]
) -> tuple[tuple[float, float, int], list[Made], list[Made], dict[str, str]]:
    return run[0], made, real, run[1]


if __name__ == "__main__":
    main()
