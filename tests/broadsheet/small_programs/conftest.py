"""One news site, crawled and extracted once, for all small programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from crawled_site import serving

sys.path.insert(0, str(Path(__file__).parent))

from news_site import ANSWERS, STORIES, News

import broadsheet
from broadsheet import Collection


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[News]:
    folder = tmp_path_factory.mktemp("news")
    pages = folder / "pages"
    pages.mkdir()
    for name, html in STORIES.items():
        (pages / f"{name}.html").write_text(html)
    with serving(ANSWERS) as site:
        broadsheet.crawl(f"{site.url}/", folder / "site", delay=0, workers=1)
        yield News(site.url, Collection.open(folder / "site"), pages)
