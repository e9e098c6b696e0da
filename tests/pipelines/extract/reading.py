"""Reading the pages of a made-up site, alone and with what they teach about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord
from broadsheet.pipelines.extract.site.learn import learn_profile
from broadsheet.pipelines.extract.site.profile import SiteProfile
from broadsheet.pipelines.extract.site.sketch import PageSketch

NOW = datetime(2026, 4, 1, tzinfo=UTC)
HOST = "daily.example"


def read(pages: Sequence[tuple[str, str]], profile: SiteProfile | None = None) -> list[Extraction]:
    extractor = ArticleExtractor({HOST: profile} if profile is not None else None, "x" if profile is not None else "")
    kind = (("Content-Type", "text/html; charset=utf-8"),)
    return [
        extractor.extract(PageRecord(f"http://{HOST}{path}", NOW, kind, html.encode(), sketch=True))
        for path, html in pages
    ]


def sketches(extractions: Sequence[Extraction]) -> list[PageSketch]:
    found = [extraction.sketch for extraction in extractions]
    return [sketch for sketch in found if sketch is not None]


def read_with_profile(pages: Sequence[tuple[str, str]]) -> list[Extraction]:
    profile = learn_profile(HOST, sketches(read(pages)))
    return read(pages, profile)


def html_of(title: str, paragraphs: Sequence[str], after: str = "") -> str:
    """A page of few elements: a headline, paragraphs, and what comes after."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>{title}</title></head><body><div><h1>{title}</h1>{text}{after}</div></body></html>"
