"""`broadsheet.crawl`, `extract_warcs`, `import_files`, `verify`, and `Collection`, which has them as methods."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from crawled_site import Answer, page, serving
from small_warcs import answered, write_warc

import broadsheet
from broadsheet import BadInput, Collection
from broadsheet.crawler.progress import CrawlEnd, CrawlProgress


def test_a_site_is_crawled_extracted_verified_and_replayed(tmp_path: Path) -> None:
    seen: list[CrawlProgress] = []
    collection = Collection.create(tmp_path / "c")
    with serving({"/": Answer(page("/a")), "/a": Answer(page(title="A story"))}) as site:
        done = collection.crawl(f"{site.url}/", delay=0, extract=False, on_progress=seen.append)
        assert done.end is CrawlEnd.FINISHED
        assert collection.crawl().end is CrawlEnd.ALREADY_FINISHED
    assert seen
    assert collection.extract(workers=1, profiles=False).counts.articles == 2
    assert {row.title for row in collection.articles()} == {"A page", "A story"}
    assert collection.verify().errors == 0
    with collection.replay() as server:
        proxy = urllib.request.ProxyHandler({"http": f"http://{server.address}"})
        with urllib.request.build_opener(proxy).open(f"{site.url}/a", timeout=20) as answer:
            assert b"A story" in answer.read()


def test_an_option_that_is_none_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="Did you mean max_pages"):
        broadsheet.crawl("https://a.example/", tmp_path / "c", max_page=3)
    with pytest.raises(BadInput):
        broadsheet.crawl("nowhere", tmp_path / "c")
    for option, said in (
        ({"delay": "fast"}, "'fast' is not a number"),
        ({"include": "/news/"}, "'/news/' is not a list"),
        ({"scope": "planet"}, "planet"),
        ({"concurrency": 0}, "is less than 1"),
    ):
        with pytest.raises(BadInput, match=said):
            broadsheet.crawl("https://a.example/", tmp_path / "c", **option)
    assert not (tmp_path / "c").exists()


def test_warcs_are_extracted_by_name_and_verified(tmp_path: Path) -> None:
    warc = write_warc(tmp_path / "in", "one", [answered("https://a.example/x", page())])
    told: list[int] = []
    done = broadsheet.extract_warcs(
        str(warc), tmp_path / "out", workers=1, profiles=False, on_progress=lambda counts, left: told.append(left)
    )
    assert (done.counts.articles, broadsheet.verify([warc, tmp_path / "out"]).errors) == (1, 0)
    with pytest.raises(BadInput):
        broadsheet.extract_warcs([tmp_path / "none.warc.gz"], tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_an_empty_collection_cannot_be_replayed(tmp_path: Path) -> None:
    with pytest.raises(BadInput), Collection.create(tmp_path / "c").replay():
        pass


SCRIPT = """
import sys
import broadsheet
from broadsheet.archive.verify import run

run._WORTH_PROCESSES = 0  # files of this size are worth no processes
print("the script runs")
print(broadsheet.extract_warcs(sys.argv[1:], "out", workers=2, profiles=False).counts.articles)
print(broadsheet.verify(["out", *sys.argv[1:]], workers=2).errors)
"""


def test_a_script_needs_no_guard_around_calls_that_start_processes(tmp_path: Path) -> None:
    warcs = [write_warc(tmp_path, name, [answered(f"https://{name}.example/x", page())]) for name in ("one", "two")]
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "script.py", *map(str, warcs)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout.splitlines(), done.stderr) == (["the script runs", "2", "0"], "")
