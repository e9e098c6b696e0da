"""A checkout is a Scrapy project, whose `scrapy crawl` is our crawl."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from crawled_site import Answer, page, serving

from broadsheet.archive.collection import Collection

ROOT = Path(__file__).parents[2]


def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_scrapy_lists_our_spider_and_crawls_with_it(tmp_path: Path) -> None:
    assert scrapy("list").stdout == "articles\n"
    options = [f"directory={tmp_path / 'c'}", "delay=0", "extract=no", "max_pages=2"]
    with serving({"/": Answer(page("/a", "/b")), "/a": Answer(page()), "/b": Answer(page())}) as site:
        arguments = [one for option in (f"url={site.url}/", *options) for one in ("-a", option)]
        done = scrapy("crawl", "articles", *arguments)
    assert done.returncode == 3, done.stderr  # the limit left a page
    assert len(list(Collection.open(tmp_path / "c").archive.glob("*.warc.gz"))) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["other", "-a", "url=https://a.example/"], "your own goes with -a spider=MODULE:CLASS"),
        (["articles"], "Name the site"),
        (["articles", "-a", "url=https://a.example/", "-a", "extract=maybe"], "say extract=true or extract=false"),
        (
            ["articles", "-a", "url=https://a.example/", "-s", "DOWNLOAD_DELAY=1"],
            "-s, -o and -O are not for this crawl",
        ),
        (["articles", "-a", "url=https://a.example/", "-a", "max_page=1"], "--max-pages"),
    ],
)
def test_what_cannot_be_is_said(arguments: list[str], said: str) -> None:
    done = scrapy("crawl", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (ROOT / "a.example").exists()
