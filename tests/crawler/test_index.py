"""The index that a crawl leaves: that of its WARCs, also after it was gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest
from crawled_site import Answer, crawl, page, serving

from broadsheet.archive.cdxj.build import fresh_index, write_index
from broadsheet.archive.cdxj.index import CdxjIndex
from broadsheet.archive.warc.source import WarcSource

pytestmark = pytest.mark.slow


def test_a_crawl_ends_with_an_index_of_all_that_it_fetched(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    here = {"/": Answer(page("/one", "/two")), "/one": Answer(page("/gone")), "/two": Answer(page())}

    def check() -> set[str]:
        sources = [WarcSource.of(path) for path in sorted((folder / "archive").iterdir())]
        made = fresh_index(folder / "indexes", sources)
        assert made is not None
        write_index(sources, tmp_path / "read.cdxj", lambda damage: pytest.fail(str(damage)))
        assert made.read_bytes() == (tmp_path / "read.cdxj").read_bytes()
        return {entry.url.removeprefix(site.url) for entry in CdxjIndex(made)}

    with serving(here) as site:
        crawl(folder, site.url, "--allow-private", "--max-pages", "1")
        first = check()
        code, _, told = crawl(folder, "--max-pages", "0")
        assert code == 0, told
        assert first < check() >= {"/", "/one", "/two", "/gone", "/robots.txt"}
