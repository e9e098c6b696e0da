"""Requests an article: sites that have each article under many URLs, lists without end, and lists for scripts.

    uv run python benchmarks/crawl/articles.py [blog] [traps] [lists] [newest] [--json FILE]

The sites are those of made_sites.py, served on loopback; all requests are counted there, robots.txt and sitemaps too.  Each
crawl runs as a command, without a delay, and has 300 seconds.  Peers on the blog and the spellings: wget (-r -l inf) and stock
Scrapy with LinkExtractor.  Primary rows are those of `articles` without ``duplicate_of`` whose page is an article.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from loopback import NOTHING, Answer, serving
from made_sites import BLOG, DATED, LISTS, SPELLINGS, STORY, TRAPS, Site

from broadsheet.api import Collection

HERE = Path(__file__).parent
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl of a site asked for.  ``per_article`` and ``per_page`` are requests by what the site has and needs;
    ``most_urls`` of one article; ``primary``: articles with exactly one primary row, None where no rows were made."""

    site: str
    crawler: str
    articles: int
    of: int
    requests: int
    per_article: float
    per_page: float
    most_urls: int
    primary: int | None
    exit_code: int | str


def answer_of(site: Site) -> Callable[[str, str], Answer]:
    """What *site* answers, on loopback."""

    def answer(target: str, base: str) -> Answer:
        made = site.answer(target, base)
        if made is None:
            return NOTHING
        headers = tuple((name, value) for name, value in (("Location", made.location), ("Link", made.link)) if value)
        return Answer(made.body.encode(), 301 if made.location else 200, made.kind, headers)

    return answer


def ours(url: str, *options: str) -> list[str]:
    command = [sys.executable, "-m", "broadsheet", "crawl", url, "-q", "-o", "c", "--delay", "0", "--concurrency", "4"]
    return [*command, *options]


def crawled(site: Site, crawler: str, command: Callable[[str], list[str]]) -> tuple[Crawled, list[str]]:
    with tempfile.TemporaryDirectory() as temporary, serving(answer_of(site)) as (base, asked):
        try:
            done = subprocess.run(command(base + "/"), cwd=temporary, timeout=SECONDS, capture_output=True, check=False)
            code: int | str = done.returncode
        except subprocess.TimeoutExpired:
            code = "no end"
        primary = (
            one_primary_row(Path(temporary) / "c")
            if (Path(temporary) / "c" / "dataset" / "articles").exists()
            else None
        )
    urls = Counter(int(found[1]) for target in set(asked) if (found := STORY.search(target)))
    count = len(asked)
    result = Crawled(
        site.name, crawler, len(urls), site.articles, count, round(count / site.articles, 2), round(count / site.pages, 2),
        max(urls.values(), default=0), primary, code,
    )  # fmt: skip
    rows = "" if primary is None else f", {primary} with one primary row"
    print(
        f"{site.name:28} {crawler:10} {result.articles} of {result.of} articles, {count} requests: {result.per_article} an article,"
        f" {result.per_page} a page; URLs of one article at most {result.most_urls}{rows}; exit {code}",
        flush=True,
    )
    return result, asked


def one_primary_row(folder: Path) -> int:
    rows = (row for row in Collection.open(folder).articles() if row.duplicate_of is None)
    counts = Counter(found[1] for row in rows if (found := STORY.search(urlsplit(row.url).path)))
    return sum(count == 1 for count in counts.values())


def blogs() -> list[Crawled]:
    results = []
    for site in (BLOG, SPELLINGS):
        results.append(crawled(site, "broadsheet", lambda url: ours(url, "--no-requisites", "--workers", "1"))[0])
        wget = ["wget", "-q", "-r", "-l", "inf", "--no-parent", "--delete-after", "-e", "robots=off"]
        results.append(crawled(site, "wget", lambda url, wget=wget: [*wget, url])[0])
        results.append(crawled(site, "Scrapy", lambda url: [sys.executable, str(HERE / "stock_scrapy.py"), url])[0])
    return results


def traps() -> list[Crawled]:
    options = ("--no-requisites", "--no-extract")
    return [crawled(site, "broadsheet", lambda url: ours(url, *options))[0] for site in TRAPS]


def lists() -> list[Crawled]:
    return [crawled(site, "broadsheet", lambda url: ours(url, "--no-extract"))[0] for site in LISTS]


def newest() -> list[Crawled]:
    results = []
    for option in (("--max-pages", "11"), ("--since", "2026-02-20")):
        command = lambda url, option=option: ours(url, "--no-extract", "--no-requisites", *option)  # noqa: E731
        result, asked = crawled(DATED, " ".join(option), command)
        stories = [int(found[1]) for target in asked if (found := STORY.search(target))]
        first = next((place for place, target in enumerate(asked) if STORY.search(target)), len(asked))
        children = sum(target.startswith("/part-") or target == "/news.xml" for target in asked[:first])
        print(
            f"{'':28} articles {sorted(stories, reverse=True)}; {children} sitemaps with articles before the first of them"
        )
        results.append(result)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = {"blog": blogs, "traps": traps, "lists": lists, "newest": newest}
    parser.add_argument("kinds", nargs="*", choices=[*kinds, []], default=[])
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    results = [result for kind, run in kinds.items() if not args.kinds or kind in args.kinds for result in run()]
    if args.json:
        args.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")


if __name__ == "__main__":
    main()
