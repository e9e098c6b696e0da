"""Crawl CPU of this version beside an earlier one, both at once on one core: what else the machine does slows both alike.

    uv run python benchmarks/crawl/versions.py SITE_FOLDER --before PYTHON [--pairs 5] [--requisites] [--json FILE]

SITE_FOLDER is a static site (the one of 3,000 articles that requisites.py describes); nginx serves it on core 0, both crawls share
core 1, with 16 connections each, no delay and no extraction.  PYTHON is the interpreter of an environment that has the earlier
version.  CPU is user + system of a process with all that it started.  On a busy machine the CPU seconds of one crawl vary by a
third from run to run, the ratio within a pair by some hundredths.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from measured import serve

PORT = 8431  # the site names itself by it
VERSIONS = ("before", "now")


@dataclass(frozen=True, slots=True)
class Crawled:
    """One crawl: CPU seconds, and what its summary says it took."""

    cpu_s: float
    pages: int
    exchanges: int


def crawl_together(pythons: dict[str, str], requisites: bool, folder: Path) -> dict[str, Crawled]:
    """Both versions crawl the site at once."""
    arguments = ["-m", "broadsheet", "crawl", f"http://127.0.0.1:{PORT}/", "-q", "--json", "-o", "collection"]
    arguments += ["--no-extract", "--delay", "0", "--concurrency", "16", *([] if requisites else ["--no-requisites"])]
    processes = {}
    for version, python in pythons.items():
        place = folder / version
        place.mkdir(parents=True)
        with (place / "summary.json").open("wb") as summary:
            command = ["taskset", "-c", "1", python, *arguments]
            processes[version] = subprocess.Popen(command, stdout=summary, cwd=place)
    crawled = {}
    for version, process in processes.items():
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{version}: the crawl ended with {os.waitstatus_to_exitcode(status)}")
        progress = json.loads((folder / version / "summary.json").read_text())["progress"]
        crawled[version] = Crawled(usage.ru_utime + usage.ru_stime, progress["pages"], progress["exchanges"])
    shutil.rmtree(folder)
    return crawled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--before", required=True, metavar="PYTHON")
    parser.add_argument("--now", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--requisites", action="store_true", help="all that the pages show, not the pages alone")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    pythons = {"before": args.before, "now": args.now}
    pairs = []
    with tempfile.TemporaryDirectory() as temporary:
        run = Path(temporary)
        run.chmod(0o755)
        with serve(args.site, run, PORT):
            for number in range(args.pairs):
                order = VERSIONS if number % 2 == 0 else VERSIONS[::-1]
                pair = crawl_together({version: pythons[version] for version in order}, args.requisites, run / "work")
                pairs.append(pair)
                for version in VERSIONS:
                    one = pair[version]
                    print(
                        f"{version:7} {one.cpu_s:6.2f} CPU s, {one.pages} pages, {one.exchanges} exchanges,"
                        f" {one.cpu_s / one.pages * 1000:.2f} CPU s per 1,000 pages"
                    )
                print(f"pair {number + 1}: {pair['now'].cpu_s / pair['before'].cpu_s:.3f}", flush=True)
    ratio = statistics.median(pair["now"].cpu_s / pair["before"].cpu_s for pair in pairs)
    total = sum(pair["now"].cpu_s for pair in pairs) / sum(pair["before"].cpu_s for pair in pairs)
    print(f"{len(pairs)} pairs: median of the ratios {ratio:.3f}, ratio of the sums {total:.3f}")
    if args.json:
        plain = [{version: one.cpu_s for version, one in pair.items()} for pair in pairs]
        args.json.write_text(json.dumps({"pairs": plain, "median": ratio, "of_sums": total}, indent=1) + "\n")


if __name__ == "__main__":
    main()
