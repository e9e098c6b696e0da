"""The metadata of a page that a test gives in pieces: what is in its head and in its body."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.metadata import DateHabit, Metadata
from broadsheet.pipelines.extract.metadata.read import dated_by, read_metadata
from broadsheet.pipelines.extract.page.page import open_page

NOW = datetime(2026, 11, 1, tzinfo=UTC)


URL = "https://www.gazette.example/news/2026/ice"


BODY = (
    "<p>The harbour froze on Monday for the first time in forty years, and the ferries stayed at their piers.</p>" * 4
)


def read(head: str = "", body: str = "<h1>The harbour froze</h1>", *, url: str = URL, headers: tuple[tuple[str, str], ...] = (),
         habit: DateHabit | None = None, lang: str = "en") -> Metadata:  # fmt: skip
    html = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}{BODY}</body></html>'
    )
    page = open_page(PageRecord(url, NOW, (("Content-Type", "text/html; charset=utf-8"), *headers), html.encode()))
    assert page is not None
    found = read_metadata(page, body_text=BODY)
    return found if habit is None else dated_by(habit, found, page)


def linked(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **values})}</script>'


def names(found: Metadata) -> list[str]:
    return [person.name for person in found.authors]
