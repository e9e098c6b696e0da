"""trafilatura's verdict on a page: which text is the body, and its metadata.  The one place where it is driven.

``deduplicate`` stays off: it makes a result depend on the pages before it.  Comments are not part of the body.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from trafilatura import bare_extraction
from trafilatura.settings import Document

from pipelines.extract.page import Page


@dataclass(frozen=True, slots=True)
class Verdict:
    """What trafilatura says.  ``authors`` as it gives them; ``date`` is YYYY-MM-DD."""

    text: str
    title: str | None
    authors: tuple[str, ...]
    date: str | None
    description: str | None
    sitename: str | None
    image: str | None
    tags: tuple[str, ...]
    license: str | None


def judge_body(page: Page) -> Verdict | None:
    """The verdict on *page*, None when trafilatura finds nothing in it."""
    document = bare_extraction(
        deepcopy(page.root), url=page.url, include_comments=False, with_metadata=True, deduplicate=False
    )
    if not isinstance(document, Document):
        return None
    names = (name.strip() for name in (document.author or "").split(";"))
    return Verdict(
        text=document.text or "",
        title=document.title,
        authors=tuple(name for name in names if name),
        date=document.date,
        description=document.description,
        sitename=document.sitename,
        image=document.image,
        tags=tuple(document.tags or ()),
        license=document.license,
    )
