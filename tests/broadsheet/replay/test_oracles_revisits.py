"""Pages that were crawled twice and came as revisits the second time, in pywb and in replayweb.page.

One page was answered with a 304 (profile server-not-modified), one with the same payload again (identical-payload-digest).
Both programs show the second.  Of the first they would show the 304 itself, a blank page, so the index of a WACZ has no line
for it, nor has one that `broadsheet index --no-304` writes: then they find the capture that it stands for.
"""

from __future__ import annotations

import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import needs
import oracle_programs
import pytest
import pywb_proxy
import watching
from changing_site import ChangingSite
from crawled_site import broadsheet, crawl, records

from broadsheet.archive.warc.revisit import IDENTICAL_PAYLOAD, NOT_MODIFIED
from broadsheet.warcs.packing import pack_inputs

pytestmark = [pytest.mark.slow, pytest.mark.oracle]

SAID_304, SAME_AGAIN = "1", "3"


@dataclass(frozen=True, slots=True)
class Twice:
    """A collection that was crawled and updated, and the two pages as they were both times."""

    folder: Path
    pages: dict[str, bytes]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    folder = tmp_path_factory.mktemp("twice") / "c"
    site = ChangingSite(4)
    site.untagged.add(f"/{SAME_AGAIN}")
    for options in ([site.url], ["--update", "--ask-all"]):
        code, _, told = crawl(folder, *options, "--allow-private", "--no-extract")
        assert code == 0, told
    pages = {site.url + name: site.answer(f"/{name}") or b"" for name in (SAID_304, SAME_AGAIN)}
    site.close()
    revisits = {one.url: one.get("WARC-Profile") for one in records(folder) if one.record_type == "revisit"}
    assert [revisits[url] for url in pages] == [NOT_MODIFIED, IDENTICAL_PAYLOAD]
    return Twice(folder, pages)


@pytest.fixture(scope="module")
def full_index(twice: Twice) -> Path:
    return twice.folder / "indexes/index.cdxj"


@pytest.fixture(scope="module")
def index_without_304(twice: Twice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "without.cdxj"
    broadsheet("index", twice.folder, "-o", path, "--no-304")
    return path


def test_pywb_shows_both_by_an_index_without_304s(
    twice: Twice, full_index: Path, index_without_304: Path, tmp_path: Path
) -> None:
    """By the full index it gives the 304: when that fails, pywb has learnt it, and `--no-304` can go."""
    programs, archive = needs.installed(oracle_programs.pywb), twice.folder / "archive"
    with pywb_proxy.serving(programs, archive, tmp_path, without=index_without_304, full=full_index) as address:

        def get(name: str, url: str) -> tuple[int, bytes]:
            try:
                with urllib.request.urlopen(f"http://{address}/{name}/id_/{url}", timeout=20) as answer:
                    return answer.status, answer.read()
            except urllib.error.HTTPError as error:
                return error.code, b""

        assert [get("without", url) for url in twice.pages] == [(200, page) for page in twice.pages.values()]
        said_304, same_again = twice.pages
        assert get("full", said_304) == (304, b"")
        assert get("full", same_again) == (200, twice.pages[same_again])


def test_the_full_index_is_that_of_cdxj_indexer(twice: Twice, full_index: Path, index_without_304: Path) -> None:
    programs = needs.installed(oracle_programs.indexers)
    warcs = map(str, sorted((twice.folder / "archive").glob("*.warc.gz")))
    command = [str(programs / "cdxj-indexer"), "--sort", *warcs]
    theirs = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert full_index.read_text() == theirs
    answers = [
        line for line in theirs.splitlines(keepends=True) if '"mime": "warc/revisit", "status": "304"' not in line
    ]
    assert index_without_304.read_text() == "".join(answers)
    assert len(answers) < len(theirs.splitlines())


@pytest.mark.browser
def test_replayweb_page_shows_both(twice: Twice, tmp_path: Path) -> None:
    browser, program = needs.browser(), needs.installed(oracle_programs.replayweb_page)
    pack_inputs([twice.folder], tmp_path / "twice.wacz")
    assert "sound" in broadsheet("verify", tmp_path / "twice.wacz")
    shown = watching.in_replayweb_page(program, tmp_path / "twice.wacz", list(twice.pages), browser, tmp_path)
    for page, name in zip(shown.pages, (SAID_304, SAME_AGAIN), strict=True):
        assert f"A sentence of article {name} that is long enough" in page.text
        assert page.title == f"Article {name}"
    assert shown.leaks == ()
