"""A project's spiders with the add-on: the same items, and every exchange in the archive as it was on the wire."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from library_project import crawl, run, write_project
from library_site import LibrarySite

from broadsheet.api import Collection as Dataset
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.warc.metadata import parse_metadata
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.source import WarcSource

ADDON = 'ADDONS = {"broadsheet.scrapy.Addon": 500}\nBROADSHEET_DIR = "kept"\n'


@pytest.fixture
def site() -> Iterator[LibrarySite]:
    site = LibrarySite()
    yield site
    site.close()


def records(directory: Path) -> list[WarcRecord]:
    return [
        record for path in sorted(directory.glob("archive/*.warc.gz")) for record in read_records(WarcSource.of(path))
    ]


def blocks(directory: Path, record_type: str) -> list[bytes]:
    return [record.block for record in records(directory) if record.record_type == record_type]


def broadsheet(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, "-m", "broadsheet", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.mark.parametrize("spider", ["shelf", "api", "files"])
def test_items_are_those_of_the_project_without_us_and_each_request_is_kept_to_the_byte(
    spider: str, tmp_path: Path
) -> None:
    plain, ours = LibrarySite(), LibrarySite()
    try:
        without = crawl(write_project(tmp_path / "plain"), spider, plain.url)
        kept = crawl(write_project(tmp_path / "ours", ADDON), spider, ours.url)
    finally:
        plain.close()
        ours.close()
    assert kept == without
    assert len(kept) > 8
    assert Counter(blocks(tmp_path / "ours/kept", "request")) == Counter(ours.requests)
    first_lines = Counter(request.split(b"\r\n")[0] for request in plain.requests)
    assert Counter(request.split(b"\r\n")[0] for request in ours.requests) == first_lines


def test_a_kept_collection_verifies_extracts_and_reports(site: LibrarySite, tmp_path: Path) -> None:
    spiders = (
        "import scrapy\n\nclass Story(scrapy.Spider):\n    name = 'story'\n"
        "    async def start(self):\n        yield scrapy.Request(self.site + '/story')\n"
        "    def parse(self, response):\n        from broadsheet.scrapy import article_of, record_of\n"
        "        assert record_of(response).url == response.url\n        yield {'title': article_of(response).title}\n"
    )
    folder = write_project(tmp_path / "project", ADDON, spiders)
    assert crawl(folder, "story", site.url) == [{"title": "A light at sea"}]
    kept = str(folder / "kept")
    broadsheet("verify", kept)
    broadsheet("extract", kept)
    broadsheet("verify", kept)
    assert [article.title for article in Dataset.open(kept).articles()] == ["A light at sea"]
    broadsheet("report", kept)
    broadsheet("pack", kept, "-o", str(tmp_path / "packed.wacz"))


def test_the_metadata_record_says_who_asked_and_whence(site: LibrarySite, tmp_path: Path) -> None:
    folder = write_project(tmp_path, ADDON)
    crawl(folder, "shelf", site.url)
    said = {
        (record.url or "").removeprefix(site.url): parse_metadata(record.block).provenance
        for record in records(folder / "kept")
        if record.record_type == "metadata"
    }
    first, redirected, second = said["/login"], said["/shelf?page=1"], said["/shelf?page=2"]
    assert first.asked_by is not None
    assert (first.asked_by.spider, first.asked_by.callback) in {("shelf", "log_in"), ("shelf", "parse_shelf")}
    assert redirected.via == f"{site.url}/login"
    assert redirected.hops == "LR"
    assert second.via == f"{site.url}/shelf?page=1"
    assert second.asked_by is not None
    assert second.asked_by.callback == "parse_shelf"
    assert said["/robots.txt"].hops.endswith("P")


def test_a_private_address_that_no_start_request_names_is_not_asked(site: LibrarySite, tmp_path: Path) -> None:
    other = LibrarySite()
    spiders = (
        "import scrapy\n\nclass Story(scrapy.Spider):\n    name = 'story'\n"
        "    async def start(self):\n        yield scrapy.Request(self.site + '/story')\n"
        "    def parse(self, response):\n"
        f"        yield scrapy.Request('{other.url}/story'.replace('127.0.0.1', 'localhost'), self.other)\n"
        "    def other(self, response):\n        yield {'title': 'inside'}\n"
    )
    folder = write_project(tmp_path, ADDON + "ROBOTSTXT_OBEY = False\n", spiders)
    done = run(folder, "crawl", "story", "-a", f"site={site.url}", "-O", "items.jsonl")
    assert "BROADSHEET_ALLOW_HOSTS" in done.stderr
    assert other.requests == []
    items = crawl(folder, "story", site.url, "items.jsonl", "-s", "BROADSHEET_ALLOW_HOSTS=localhost")
    assert items == [{"title": "inside"}]
    other.close()


def test_requests_that_the_projects_own_handler_takes_are_kept_as_resources(site: LibrarySite, tmp_path: Path) -> None:
    spiders = (
        "import scrapy\nfrom scrapy.http import HtmlResponse\n\n"
        "class Browser:\n    lazy = False\n"
        "    async def download_request(self, request):\n"
        "        return HtmlResponse(request.url, body=b'<p>drawn', headers={'Content-Type': 'text/html'}, request=request)\n"
        "    async def close(self):\n        pass\n\n"
        "class Story(scrapy.Spider):\n    name = 'story'\n"
        "    async def start(self):\n"
        "        yield scrapy.Request(self.site + '/story')\n"
        "        yield scrapy.Request(self.site + '/drawn', meta={'browser': True})\n"
        "    def parse(self, response):\n        yield {'size': len(response.body)}\n"
    )
    own = (
        "ROBOTSTXT_OBEY = False\nDOWNLOAD_HANDLERS = {'http': 'library.spiders.Browser'}\n"
        "BROADSHEET_HANDLER_META = ['browser']\n"
    )
    folder = write_project(tmp_path, ADDON + own, spiders)
    assert len(crawl(folder, "story", site.url)) == 2
    kept = [(record.record_type, record.url) for record in records(folder / "kept")]
    assert ("response", f"{site.url}/story") in kept
    assert ("resource", f"{site.url}/drawn") in kept
    assert ("request", f"{site.url}/drawn") not in kept
    [drawn] = [record for record in records(folder / "kept") if record.record_type == "resource"]
    assert drawn.block == b"<p>drawn"
    broadsheet("verify", str(folder / "kept"))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('ADDONS = {"broadsheet.scrapy.Addon": 500}\n', "BROADSHEET_DIR: is not set"),
        (ADDON + 'BROADSHEET_DIR = "library"\n', "is not a collection and not empty"),
        (ADDON + "BROADSHEET_WARC_SIZE = -1\n", "is not above zero"),
    ],
)
def test_settings_that_cannot_be_followed_stop_the_crawl_and_leave_nothing(
    settings: str, said: str, site: LibrarySite, tmp_path: Path
) -> None:
    folder = write_project(tmp_path, settings)
    before = sorted(path for path in folder.rglob("*") if "__pycache__" not in str(path))
    done = run(folder, "crawl", "api", "-a", f"site={site.url}", check=False)
    assert done.returncode != 0
    assert said in done.stderr
    assert site.requests == []
    assert sorted(path for path in folder.rglob("*") if "__pycache__" not in str(path)) == before


def test_spiders_of_one_process_share_the_archive(site: LibrarySite, tmp_path: Path) -> None:
    folder = write_project(tmp_path, ADDON)
    program = (
        "from scrapy.crawler import AsyncCrawlerProcess\nfrom scrapy.utils.project import get_project_settings\n"
        "process = AsyncCrawlerProcess(get_project_settings())\n"
        f"for name in ('api', 'files'):\n    process.crawl(name, site='{site.url}')\nprocess.start()\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=folder, check=True, capture_output=True)
    assert Counter(blocks(folder / "kept", "request")) == Counter(site.requests)
    broadsheet("verify", str(folder / "kept"))


def test_the_shell_keeps_what_it_fetches(site: LibrarySite, tmp_path: Path) -> None:
    folder = write_project(tmp_path, ADDON + "BROADSHEET_ALLOW_PRIVATE = True\n")
    done = run(folder, "shell", f"{site.url}/story", "-c", "response.css('h1::text').get()")
    assert "A light at sea" in done.stdout
    with Catalogue.open(Collection.open(folder / "kept").journal) as catalogue:
        urls = [capture.url for warc in catalogue.warcs() for capture in catalogue.captures(warc)]
    assert f"{site.url}/story" in urls
