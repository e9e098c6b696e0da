"""WARC -> tables, beside datatrove and warcio + trafilatura: pages a CPU second and peak memory, over the same WARC.

    uv run python benchmarks/dataset/peers.py CORPORA [--pages N] [--json FILE]

CORPORA holds folders with truth.jsonl (id, url) and html/ID.html.gz; their pages, shuffled with a fixed seed, become one
WARC of warcio's making.  Each program runs in a process of its own, once with all pages and once with a tenth of them:
the difference is what a page costs, without starting up.  datatrove gets a virtual environment of its own, by uv: it
wants an old trafilatura.  It writes text alone; what it loses is counted, since a page that is not read costs nothing.
CPU is user + system of the process and all that it waited for; RSS is the largest single process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATATROVE = (
    "datatrove==0.10.1",
    "trafilatura==1.11.0",
    "lxml<6",
    "lxml_html_clean",
    "warcio",
    "pyarrow",
    "python-magic",
    "faust-cchardet",
    "orjson",
)
PROGRAMS = {
    "broadsheet, all tables": ("ours",),
    "broadsheet, all tables, --no-profiles": ("ours", "--no-profiles"),
    "warcio + trafilatura with metadata": ("trafilatura",),
    "datatrove, text only": ("datatrove",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one program.  ``cpu_seconds`` of the whole run; the rate is without starting up."""

    program: str
    pages: int
    rows: int
    with_text: int
    cpu_seconds: float
    pages_per_cpu_second: float
    peak_mb: int


def make_warc(corpora: Path, count: int, path: Path) -> tuple[int, int]:
    """Write *count* pages; gives how many there were, and the bytes of their HTML."""
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415 - not there for datatrove's side
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    named = [
        (truth["url"], folder.parent / "html" / f"{truth['id']}.html.gz")
        for folder in sorted(corpora.glob("*/truth.jsonl"))
        for truth in map(json.loads, folder.read_text("utf-8").splitlines())
        if str(truth.get("url")).startswith("http")
    ]
    random.Random(1).shuffle(named)
    size = 0
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for url, file in named[:count]:
            page = gzip.decompress(file.read_bytes())
            size += len(page)
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(page), http_headers=head))
    return min(count, len(named)), size


def measured(command: Sequence[str]) -> tuple[float, int]:
    """CPU seconds of *command* and its children, and the peak RSS of the largest of them in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    watched = [sys.executable, __file__, "--watched", *command]
    done = subprocess.run(watched, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, int(done.stdout.split()[-1])


def watched(command: Sequence[str]) -> None:
    """Run *command* under a parent that is small: a peak begins with that of who forked it."""
    code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
    sys.exit(code)


def command_of(kind: Sequence[str], warc: Path, out: Path, datatrove: Path) -> list[str]:
    if kind[0] == "ours":
        options = ["--workers", "1", "--quiet", *kind[1:]]
        return [sys.executable, "-m", "broadsheet", "extract", str(warc), "-o", str(out), *options]
    python = str(datatrove) if kind[0] == "datatrove" else sys.executable
    return [python, __file__, "--as", kind[0], str(warc), str(out)]


def run_trafilatura(warc: Path, out: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - each side loads its own
    import pyarrow.parquet as pq  # noqa: PLC0415
    import trafilatura  # noqa: PLC0415
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415

    rows = []
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type != "response" or record.http_headers.get_statuscode() != "200":
                continue
            url = record.rec_headers.get_header("WARC-Target-URI")
            got = trafilatura.bare_extraction(record.content_stream().read(), url=url, with_metadata=True)
            row = got.as_dict() if got is not None else {}
            names = ("title", "author", "date", "sitename", "description", "text")
            rows.append({"url": url, **{name: row.get(name) for name in names}})
    out.mkdir()
    pq.write_table(pa.Table.from_pylist(rows), out / "articles.parquet", compression="zstd")


def run_datatrove(warc: Path, out: Path) -> None:
    from datatrove.executor import LocalPipelineExecutor  # noqa: PLC0415
    from datatrove.pipeline.extractors import Trafilatura  # noqa: PLC0415
    from datatrove.pipeline.readers import WarcReader  # noqa: PLC0415
    from datatrove.pipeline.writers import ParquetWriter  # noqa: PLC0415

    steps = [WarcReader(str(warc.parent), glob_pattern=warc.name), Trafilatura(timeout=30), ParquetWriter(str(out))]
    LocalPipelineExecutor(pipeline=steps, tasks=1, workers=1, logging_dir=str(out / "logs")).run()


def count_rows(out: Path) -> tuple[int, int]:
    """Rows, and rows with text."""
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.dataset as ds  # noqa: PLC0415

    folder = out / "dataset" / "articles" if (out / "dataset").is_dir() else out
    files = [str(path) for path in folder.rglob("*.parquet")]
    text = ds.dataset(files).to_table(columns=["text"])["text"] if files else None
    if text is None:
        return 0, 0
    return len(text), pc.sum(pc.greater(pc.utf8_length(text), 0)).as_py() or 0


def datatrove_environment(folder: Path) -> Path:
    uv = shutil.which("uv") or "uv"
    subprocess.run([uv, "venv", "--quiet", "--python", "3.11", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--no-config", "--quiet", "--python", str(python), *DATATROVE], check=True)
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="?")
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--only", help="programs whose name contains this")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--watched", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    parser.add_argument("--as", dest="role", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.watched:
        watched(given.watched)
    if given.role:
        {"trafilatura": run_trafilatura, "datatrove": run_datatrove}[given.role[0]](*map(Path, given.role[1:]))
        return
    if given.corpora is None:
        parser.error("name the folder of the corpora")
    os.environ["PYTHONPATH"] = str(ROOT)
    found: list[Figures] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = datatrove_environment(folder / "datatrove")
        few, _ = make_warc(given.corpora, given.pages // 10, folder / "few.warc.gz")
        pages, size = make_warc(given.corpora, given.pages, folder / "all.warc.gz")
        print(f"{pages} pages, {size / pages / 1000:.0f} kB of HTML each", flush=True)
        print("pages/CPU s   CPU s  peak MB  rows  with text", flush=True)
        for number, (program, kind) in enumerate(PROGRAMS.items()):
            if given.only and given.only not in program:
                continue
            short, _ = measured(command_of(kind, folder / "few.warc.gz", folder / f"few{number}", python))
            cpu, peak = measured(command_of(kind, folder / "all.warc.gz", folder / f"all{number}", python))
            rows, texts = count_rows(folder / f"all{number}")
            rate = (pages - few) / (cpu - short)
            found.append(Figures(program, pages, rows, texts, round(cpu, 1), round(rate, 1), peak))
            print(f"{rate:11.1f} {cpu:7.1f} {peak:8} {rows:5} {texts:10}  {program}", flush=True)
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n")


if __name__ == "__main__":
    main()
