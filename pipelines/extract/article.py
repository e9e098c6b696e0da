"""The article extractor: PageRecord -> Page -> Segments -> Article.

open_page        decode, parse once, blocks of visible text          page.py
judge_body       which text is the body; metadata                    body_verdict.py (trafilatura)
file_segments    every block gets a role                             segments.py
here             the columns of the article
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urljoin

from pipelines.extract.body_verdict import Verdict, judge_body
from pipelines.extract.identity import extraction_identity
from pipelines.extract.model import Article, Extraction, PageRecord, Person, Segment
from pipelines.extract.page import Page, open_page
from pipelines.extract.segments import file_segments, fold

_ARTICLE_TYPES = frozenset({"article", "blog", "newsarticle", "blogposting"})
_MIN_WORDS = 60  # fewer words of body, and nothing that calls itself an article: no article


class ArticleExtractor:
    """Satisfies `pipelines.extract.model.Extractor`."""

    def __init__(self) -> None:
        identity = extraction_identity()
        self.name, self.extraction_id = identity.name, identity.extraction_id

    def extract(self, record: PageRecord) -> Extraction:
        """Read one page; whatever goes wrong with it is the article's status."""
        try:
            page = open_page(record)
            if page is None:
                return Extraction(Article(status="undecodable", error="no HTML in it", page_type="other"))
            verdict = judge_body(page)
            segments = file_segments(page, verdict)
            return Extraction(_article(page, verdict, segments), segments)
        except Exception as error:
            return Extraction(Article(status="error", error=f"{type(error).__name__}: {error}"[:500]))


def _article(page: Page, verdict: Verdict | None, segments: tuple[Segment, ...]) -> Article:
    robots = [*_meta(page, "robots"), *(value for name, value in page.headers if name.lower() == "x-robots-tag")]
    declared = page.root.get("lang") or next(iter(_meta(page, "og:locale")), None)
    if verdict is None or not verdict.text.strip():
        return Article(
            status="empty", page_type="other", language_declared=declared, robots_meta=", ".join(robots) or None
        )
    visible = page.visible_chars
    return Article(
        status="ok",
        url_canonical=_canonical(page),
        title=_title(page, verdict),
        description=verdict.description,
        authors=tuple(Person(name) for name in verdict.authors),
        sitename=verdict.sitename,
        date_published=datetime.fromisoformat(verdict.date).replace(tzinfo=UTC) if verdict.date else None,
        date_published_raw=verdict.date,
        date_published_precision="day" if verdict.date else None,
        text=verdict.text,
        tags=verdict.tags,
        language_declared=declared,
        page_type=_page_type(page, verdict, segments),
        license_url=verdict.license,
        robots_meta=", ".join(robots) or None,
        main_image_url=verdict.image,
        word_count=len(verdict.text.split()),
        text_ratio=min(len(verdict.text) / visible, 1.0) if visible else None,
    )


def _title(page: Page, verdict: Verdict) -> str | None:
    """The one h1 that begins the title which is made for search engines; else that title."""
    headings = {block.text for block in page.blocks if "h1" in block.path.split("/")}
    if len(headings) == 1 and verdict.title:
        (heading,) = headings
        if fold(verdict.title).startswith(fold(heading)):
            return heading
    return verdict.title


def _page_type(page: Page, verdict: Verdict, segments: tuple[Segment, ...]) -> str:
    """article, listing or other: by what the page calls itself, and by where its text stands."""
    if any(value.lower() in _ARTICLE_TYPES for value in _meta(page, "og:type")):
        return "article"
    if sum(1 for _ in page.root.iter("article")) > 2:
        return "listing"
    body = [segment for segment in segments if segment.role_source == "trafilatura"]
    linked = sum(len(segment.text) * (segment.link_density or 0.0) for segment in body)
    if linked > 0.4 * sum(len(segment.text) for segment in body):
        return "listing"
    return "article" if len(verdict.text.split()) >= _MIN_WORDS else "other"


def _canonical(page: Page) -> str | None:
    target = next((link.get("href") for link in page.root.iter("link") if link.get("rel") == "canonical"), None)
    target = target or next(iter(_meta(page, "og:url")), None)
    try:
        return urljoin(page.url, target.strip()) if target else None
    except ValueError:
        return None


def _meta(page: Page, name: str) -> list[str]:
    """The contents of the meta elements of that name or property."""
    return [
        element.get("content", "").strip()
        for element in page.root.iter("meta")
        if name in {(element.get("name") or "").lower(), (element.get("property") or "").lower()}
        and element.get("content")
    ]
