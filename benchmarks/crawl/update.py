"""A site crawled, some of its articles changed, and the crawl updated: requests, bytes of WARC, revisits, versions.

    uv run python benchmarks/crawl/update.py SITE_FOLDER [--changed 0.05] [--json FILE]

SITE_FOLDER is a static site of articles with a sitemap.xml that states lastmod (e.g. the one that the crawl bench of the
research generates).  A copy of it is served by nginx, which sends ETag and Last-Modified.  Two updates start from the same
first crawl: one that heeds lastmod, and one with --ask-all.  Every changed article must have two versions afterwards.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from measured import serve

PORT = 8441
URL = f"http://127.0.0.1:{PORT}/"
_LOC = re.compile(r"<loc>(?:https?://[^/]+)?/?([^<]*)</loc>(?:<lastmod>[^<]*</lastmod>)?")
ADDED = "<p>A correction was added to this article in its second edition.</p>"


@dataclass(frozen=True)
class Result:
    """Requests by status, and what they became: ``stored`` whole, ``revisits``; ``warc_mb`` added; ``versions`` of the
    changed articles that are stored."""

    name: str
    requests: int
    answered_200: int
    answered_304: int
    stored: int
    revisits: int
    spared: int
    warc_mb: float
    cpu_s: float
    versions: int


def changed_site(site: Path, share: float, *, seed: int = 5) -> list[str]:
    """Change *share* of the articles of *site* and their lastmod; their paths."""
    articles = sorted(site.glob("section-*/*/*/*.html")) or sorted(site.rglob("*.html"))
    chosen = random.Random(seed).sample(articles, max(1, round(share * len(articles))))
    for article in chosen:
        text = article.read_text()
        start = text.index("<p")
        article.write_text(text[:start] + ADDED + text[start:])
    return [str(article.relative_to(site)) for article in chosen]


def state_lastmod(site: Path, changed: list[str]) -> None:
    """Write the sitemap with our host; *changed* pages were changed now, the others at the time that they were made."""
    path = site / "sitemap.xml"
    now = datetime.now(UTC).isoformat(timespec="seconds")

    def entry(match: re.Match[str]) -> str:
        lastmod = now if match[1] in changed else "2020-02-02T00:00:00Z"
        return f"<loc>{URL}{match[1]}</loc><lastmod>{lastmod}</lastmod>"

    path.write_text(_LOC.sub(entry, path.read_text()))


def crawl(name: str, folder: Path, log: Path, changed: list[str], *arguments: str) -> Result:
    """One crawl or update into *folder*, counted."""
    offset = log.stat().st_size if log.exists() else 0
    size = archived(folder)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "broadsheet", "crawl", *arguments, "-q", "--json", "--no-extract"]
    command += ["--delay", "0", "--concurrency", "16"]
    told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with log.open() as lines:
        lines.seek(offset)
        statuses = Counter(line.split()[0] for line in lines)
    db = sqlite3.connect(folder / "collection.sqlite")
    (first,) = db.execute("SELECT max(first_warc) FROM crawls").fetchone()
    kinds = dict(db.execute("SELECT record_type, count(*) FROM captures WHERE warc_id >= ? GROUP BY 1", (first,)))
    version = "SELECT count(DISTINCT payload_digest) FROM captures WHERE url = ? AND record_type = 'response'"
    versions = sum(db.execute(version, (URL + path,)).fetchone()[0] for path in changed)
    db.close()
    return Result(
        name,
        statuses.total(),
        statuses["200"],
        statuses["304"],
        kinds.get("response", 0),
        kinds.get("revisit", 0),
        (told["updated"] or {}).get("spared", 0),
        round((archived(folder) - size) / 1e6, 2),
        round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        versions,
    )


def archived(folder: Path) -> int:
    """Bytes of WARC."""
    return sum(path.stat().st_size for path in (folder / "archive").glob("*.warc.gz"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--changed", type=float, default=0.05)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        run = Path(temporary)
        run.chmod(0o755)
        site = run / "site"
        shutil.copytree(args.site, site)
        state_lastmod(site, [])
        with serve(site, run, PORT) as log:
            results.append(crawl("first crawl", run / "a", log, [], URL, "-o", str(run / "a")))
        shutil.copytree(run / "a", run / "b")
        changed = changed_site(site, args.changed)
        state_lastmod(site, changed)
        with serve(site, run, PORT) as log:  # anew: nginx keeps what it knows of files for a minute
            for name, folder, more in (("update", run / "a", ()), ("update --ask-all", run / "b", ("--ask-all",))):
                results.append(crawl(name, folder, log, changed, str(folder), "--update", *more))
                checked = [sys.executable, "-m", "broadsheet", "verify", str(folder), "-q"]
                subprocess.run(checked, check=True, stdout=subprocess.DEVNULL)
    print(f"{len(changed)} articles were changed")
    for one in results:
        print(one)
    assert all(one.versions == 2 * len(changed) for one in results[1:]), "a changed article lacks a version"
    if args.json:
        args.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n")


if __name__ == "__main__":
    main()
