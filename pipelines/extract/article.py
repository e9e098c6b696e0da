"""The article extractor: trafilatura's verdict on the body and the metadata, as an Extraction."""

from __future__ import annotations

from datetime import UTC, datetime

import trafilatura

from pipelines.extract.identity import extraction_identity
from pipelines.extract.model import Article, Extraction, PageRecord, Person


class ArticleExtractor:
    """Satisfies `pipelines.extract.model.Extractor`."""

    def __init__(self) -> None:
        identity = extraction_identity()
        self.name, self.extraction_id = identity.name, identity.extraction_id

    def extract(self, record: PageRecord) -> Extraction:
        """Read one page; whatever goes wrong is the article's status."""
        try:
            return Extraction(_article(record))
        except Exception as error:
            return Extraction(Article(status="error", error=f"{type(error).__name__}: {error}"[:500]))


def _article(record: PageRecord) -> Article:
    document = trafilatura.bare_extraction(
        record.body, url=record.url, include_comments=False, with_metadata=True, deduplicate=False
    )
    if document is None:
        return Article(status="empty", page_type="other")
    names = [name.strip() for name in (document.author or "").split(";") if name.strip()]
    published = datetime.fromisoformat(document.date).replace(tzinfo=UTC) if document.date else None
    return Article(
        status="ok" if document.text else "empty",
        title=document.title,
        description=document.description,
        authors=tuple(Person(name) for name in names),
        sitename=document.sitename,
        date_published=published,
        date_published_raw=document.date,
        date_published_precision="day" if document.date else None,
        text=document.text,
        tags=tuple(document.tags or ()),
        page_type="article",
        main_image_url=document.image,
        license_url=document.license,
        word_count=len((document.text or "").split()),
    )
