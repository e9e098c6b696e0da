"""Crawling a whole site with all that its pages show: what is found, and at what price, beside other archiving crawlers.

    uv run python benchmarks/crawl/requisites.py SITE_FOLDER [--webarchive PYTHON] [--json FILE] [--only REGEX]

SITE_FOLDER is the site that the crawl bench of the research generates; beside it lies SITE_FOLDER.manifest.json, which
says for each path its kind: article, listing, image, shared, meta, or req:NAME, a URL that one embedding technique alone
leads to (33 of them, two of which only a running script knows).  It names itself as 127.0.0.1:8431, so it is served there.

Each crawler runs on core 1, nginx on core 0; 16 connections where it has any, no delay, robots.txt heeded by none of the
peers and by us.  URLs are counted in the server's log.  A page is an article or a listing; requisites are in the time.
PYTHON is an interpreter that has scrapy-webarchive (0.5.3 needs w3lib<2.2, twisted 23.10, pyOpenSSL<24.3,
service-identity<24.2, parsel<1.10).  Debian's HTTrack (3.49-4) writes no WARC: it is here for what it finds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

from measured import measure, serve

HERE = Path(__file__).parent
PORT = 8431
URL = f"http://127.0.0.1:{PORT}/"


@dataclass(frozen=True)
class Result:
    name: str
    exit_code: int
    found: int
    found_by_kind: dict[str, str]
    techniques: int
    missed: list[str]
    pages: int
    cpu_s: float
    cpu_s_per_1000_pages: float
    wall_s: float
    peak_rss_mb: int
    rss_mb_early: int
    rss_mb_late: int
    warc_bytes: int
    refetched: int


def commands(webarchive: str | None) -> dict[str, list[str]]:
    ours = [sys.executable, "-m", "broadsheet", "crawl", URL, "-q", "-o", "collection", "--no-extract"]
    ours += ["--delay", "0", "--concurrency", "16"]
    wget = ["wget", "-q", "-r", "-l", "inf", "-p", "-nv", "--no-parent", "--delete-after", "-e", "robots=off", URL]
    httrack = ["httrack", URL, "-O", "mirror", "-q", "-c8", "-A1000000000", "-%c0", "--disable-security-limits"]
    scrapy = [str(HERE / "stock_scrapy.py"), URL, "--requisites"]
    peers = {
        "broadsheet": ours,
        "broadsheet --no-requisites": [*ours, "--no-requisites"],
        "wget --warc-file": [*wget, "--warc-file=out"],
        "HTTrack (Debian's, no WARC)": [*httrack, "-s0", "-I0"],
        "Scrapy + LinkExtractor, no archive": [sys.executable, *scrapy],
    }
    if webarchive:
        peers["scrapy-webarchive"] = [webarchive, *scrapy, "--webarchive"]
    return {name: command for name, command in peers.items() if shutil.which(command[0])}


def warc_bytes(folder: Path) -> int:
    """Bytes of WARC below *folder*, those within WACZs too."""
    total = sum(path.stat().st_size for path in folder.rglob("*") if re.search(r"\.warc(\.gz)?(\.open)?$", path.name))
    for path in folder.rglob("*.wacz"):
        with zipfile.ZipFile(path) as wacz:
            total += sum(entry.file_size for entry in wacz.infolist() if entry.filename.startswith("archive/"))
    return total


def measured(name: str, command: list[str], kinds: dict[str, str], log: Path, folder: Path) -> Result:
    run = measure(command, "1", log, folder)
    asked: Counter[str] = Counter({path: count for path, count in run.asked.items() if path in kinds})
    by_kind: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path, kind in kinds.items():
        by_kind[kind.partition(":")[0]][0] += path in asked
        by_kind[kind.partition(":")[0]][1] += 1
    missed = [kind[4:] for path, kind in kinds.items() if kind.startswith("req:") and path not in asked]
    pages = by_kind["article"][0] + by_kind["listing"][0]
    return Result(
        name=name,
        exit_code=run.exit_code,
        found=len(asked),
        found_by_kind={kind: f"{found}/{there}" for kind, (found, there) in by_kind.items()},
        techniques=by_kind["req"][0],
        missed=missed,
        pages=pages,
        cpu_s=round(run.cpu_s, 2),
        cpu_s_per_1000_pages=round(run.cpu_s / max(pages, 1) * 1000, 2),
        wall_s=round(run.wall_s, 1),
        peak_rss_mb=round(run.peak_rss / 1e6),
        rss_mb_early=round(run.early_rss / 1e6),
        rss_mb_late=round(run.late_rss / 1e6),
        warc_bytes=warc_bytes(folder),
        refetched=sum(run.asked.values()) - len(run.asked),
    )


def table(results: list[Result], urls: int, techniques: int) -> str:
    lines = [
        f"| | URLs of {urls:,} | techniques of {techniques} | CPU s / 1,000 pages | peak RSS MB | RSS MB early, late"
        " | WARC MB | fetched twice |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in results:
        warc = f"{one.warc_bytes / 1e6:.0f}" if one.warc_bytes else "-"
        lines.append(
            f"| {one.name} | {one.found:,} | {one.techniques} | {one.cpu_s_per_1000_pages:.2f} | {one.peak_rss_mb} |"
            f" {one.rss_mb_early}, {one.rss_mb_late} | {warc} | {one.refetched} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--webarchive", metavar="PYTHON")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--only", default="", metavar="REGEX", help="only crawlers whose name matches")
    args = parser.parse_args()
    site = args.site.absolute()
    manifest = json.loads(site.with_name(site.name + ".manifest.json").read_text())
    kinds = {path: entry["kind"] for path, entry in manifest.items()}
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        run = Path(temporary)
        os.chmod(run, 0o755)
        with serve(site, run, PORT) as log:
            for name, command in commands(args.webarchive).items():
                for _ in range(args.repeat if re.search(args.only, name) else 0):
                    results.append(measured(name, command, kinds, log, run / "work"))
                    print(json.dumps(asdict(results[-1])), flush=True)
                    shutil.rmtree(run / "work")
    print("\n" + table(results, len(kinds), sum(kind.startswith("req:") for kind in kinds.values())))
    if args.json:
        args.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n")


if __name__ == "__main__":
    main()
