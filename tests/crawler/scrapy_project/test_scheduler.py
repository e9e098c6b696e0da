"""With our scheduler: killed at any moment, the same command ends with the same items and asks no server twice."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from library_project import crawl, run, scrapy_command, write_project
from library_site import LibrarySite

from broadsheet.archive.collection import Collection
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource

SETTINGS = (
    'ADDONS = {"broadsheet.scrapy.Addon": 500}\nBROADSHEET_DIR = "kept"\nSCHEDULER = "broadsheet.scrapy.Scheduler"\n'
    'ITEM_PIPELINES = {"broadsheet.scrapy.ParquetPipeline": 900}\nCONCURRENT_REQUESTS = 4\n'
    'BROADSHEET_ITEM_FIELDS = {"dict": {"title": "str", "page": "str", "number": "int", "size": "int", "kind": "str"}}\n'
)
API_ECHOES = "BROADSHEET_ITEM_FIELDS = {}\n"


def kept_items(directory: Path) -> list[dict[str, Any]]:
    """All items in Parquet, without what says where they come from and without what they do not have."""
    tables = [pq.read_table(path) for path in sorted(directory.glob("dataset/items/*/*.parquet"))]
    rows = [row for table in tables for row in table.to_pylist()]
    return [
        {name: value for name, value in row.items() if value is not None and not name.startswith("warc_")}
        for row in rows
    ]


def ordered(items: list[dict[str, Any]]) -> list[str]:
    return sorted(repr(sorted(item.items())) for item in items)


def killed_after(requests: int, folder: Path, spider: str, site: LibrarySite) -> None:
    """Run *spider* and kill it with SIGKILL when the site has answered that many requests."""
    before = len(site.requests)
    process = subprocess.Popen(
        scrapy_command("crawl", spider, "-a", f"site={site.url}"),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 100
    while len(site.requests) - before < requests and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert process.poll() is None, "it ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize(("spider", "moments"), [("shelf", (4, 3)), ("api", (5,)), ("files", (6,))])
def test_a_killed_run_is_gone_on_with_to_the_same_end(spider: str, moments: tuple[int, ...], tmp_path: Path) -> None:
    plain, ours = LibrarySite(), LibrarySite(delay=0.05)
    settings = SETTINGS + (API_ECHOES if spider == "api" else "")
    try:
        wanted = crawl(write_project(tmp_path / "plain"), spider, plain.url)
        folder = write_project(tmp_path / "ours", settings)
        for moment in moments:
            killed_after(moment, folder, spider, ours)
        done = run(folder, "crawl", spider, "-a", f"site={ours.url}")
        assert "Going on with a run that was cut off" in done.stderr
    finally:
        plain.close()
        ours.close()
    wanted = [{name: value for name, value in item.items() if value is not None} for item in wanted]
    assert ordered(kept_items(folder / "kept")) == ordered(wanted)
    asked, necessary = _paths(ours), _paths(plain)
    assert asked.keys() == necessary.keys()
    again = sum((asked - necessary).values())
    assert again <= 4 * len(moments)  # what was in flight
    kept = Counter(
        record.block
        for path in sorted((folder / "kept/archive").glob("*.warc.gz"))
        for record in read_records(WarcSource.of(path))
        if record.record_type == "request"
    )
    assert not kept - Counter(ours.requests)


def _paths(site: LibrarySite) -> Counter[bytes]:
    lines = (request.partition(b"\r\n")[0] for request in site.requests)
    return Counter(line for line in lines if b"/robots.txt" not in line)


def test_a_run_that_is_finished_begins_anew(tmp_path: Path) -> None:
    site = LibrarySite()
    folder = write_project(tmp_path, SETTINGS)
    run(folder, "crawl", "files", "-a", f"site={site.url}")
    first, items = site.asked("GET", "/files/1.bin"), len(kept_items(folder / "kept"))
    run(folder, "crawl", "files", "-a", f"site={site.url}")
    assert (first, site.asked("GET", "/files/1.bin")) == (1, 2)
    assert len(kept_items(folder / "kept")) == 2 * items
    site.close()


def test_a_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    site = LibrarySite()
    folder = write_project(tmp_path, SETTINGS)
    run(folder, "crawl", "shelf", "-a", f"site={site.url}", "-s", "CLOSESPIDER_PAGECOUNT=4")
    assert site.asked("GET", "/shelf?page=8") == 0
    run(folder, "crawl", "shelf", "-a", f"site={site.url}")
    site.close()
    assert site.asked("POST", "/login") == 1
    assert len(kept_items(folder / "kept")) == 24


REFUSED = """
import scrapy

class Odd(scrapy.Spider):
    name = "odd"

    async def start(self):
        yield scrapy.Request(self.site + "/story")

    def parse(self, response):
        yield scrapy.Request(self.site + "/story?1", callback=lambda response: None)
        yield scrapy.Request(self.site + "/story?2", callback=self.other, meta={"where": response.selector})
        yield scrapy.Request(self.site + "/story?3", callback=self.other, cb_kwargs={"n": (1, {"x": b"y"})})

    def other(self, response, n=None):
        yield {"title": repr(n)}
"""


def test_what_cannot_be_kept_is_refused_in_words(tmp_path: Path) -> None:
    site = LibrarySite()
    folder = write_project(tmp_path, SETTINGS, REFUSED)
    said = run(folder, "crawl", "odd", "-a", f"site={site.url}").stderr
    site.close()
    assert "/story?1> is not made: the queue cannot keep it: its callback or errback is no method of the spider" in said
    assert "meta['where'] holds a Selector, which is no plain data" in said
    assert (site.asked("GET", "/story?1"), site.asked("GET", "/story?2"), site.asked("GET", "/story?3")) == (0, 0, 1)
    assert [item["title"] for item in kept_items(folder / "kept")] == ["(1, {'x': b'y'})"]


def test_without_the_addon_it_says_what_is_missing(tmp_path: Path) -> None:
    folder = write_project(tmp_path, 'SCHEDULER = "broadsheet.scrapy.Scheduler"\n')
    done = run(folder, "crawl", "files", "-a", "site=http://127.0.0.1:9", check=False)
    assert 'Put "broadsheet.scrapy.Addon" into ADDONS' in done.stderr
    with pytest.raises(Exception, match="no such folder"):
        Collection.open(folder / "kept")
