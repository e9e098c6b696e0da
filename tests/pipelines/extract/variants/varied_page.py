"""A page of one article, and what must be read of it: the kinds of pages, each in several makes of markup."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord

URL = "https://bay.example/2025/03/salt"
TITLE = "Salt works on the flat coast open their gates"
PARAGRAPHS = (
    "The salt works on the flat coast opened their gates on Saturday for the first time in thirty years, and by noon the queue"
    " of visitors reached from the weighing house down to the old railway siding.",
    "Seawater is let into eleven shallow basins in spring, where sun and wind take it away until a crust remains that two"
    " people with wooden rakes can bring ashore in an afternoon.",
    "The last owner had given up because a tonne of salt from the mine cost less than the wages of one raker, so the basins"
    " silted up and the herons moved in, which the present tenants count as their first success.",
    "Whether the works can live on salt alone nobody wants to promise, but the bakery in the village has ordered four sacks"
    " and the cannery across the inlet has asked for a price.",
)
ONE, TWO, THREE, FOUR = (f"<p>{text}</p>" for text in PARAGRAPHS)
_TOP = """<header class="site-header"><a href="/">Bay Courier</a><nav><ul><li><a href="/local">Local</a></li><li><a
href="/sport">Sport</a></li><li><a href="/weather">Weather</a></li></ul></nav></header>"""
_END = """<footer><p>© 2025 Bay Courier Ltd. All rights reserved.</p><ul><li><a href="/contact">Contact us</a></li><li><a
href="/terms">Terms of use</a></li></ul></footer>"""


@dataclass(frozen=True, slots=True)
class Varied:
    """A page: *body* stands in its article, or is all of its body where it is not *framed*.  *has* must be in the text, in this
    order, *hasnot* nowhere in it, *marked* in the Markdown; *images* are ends of URLs with caption and credit."""

    kind: str
    body: str
    has: tuple[str, ...] = ()
    hasnot: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    images: tuple[tuple[str, str | None, str | None], ...] = ()
    head: str = ""
    framed: bool = True
    lang: str = "en"


def html_of(page: Varied) -> str:
    body = f"{_TOP}<main><article><h1>{TITLE}</h1>{page.body}</article></main>{_END}" if page.framed else page.body
    return (
        f'<!DOCTYPE html><html lang="{page.lang}"><head><meta charset="utf-8"><title>{TITLE} | Bay Courier</title>{page.head}'
        f"</head><body>{body}</body></html>"
    )


@cache
def _extractor() -> ArticleExtractor:
    return ArticleExtractor()


def read_varied(page: Varied) -> Extraction:
    return _extractor().extract(PageRecord(URL, datetime(2025, 3, 9, tzinfo=UTC), (), html_of(page).encode()))


def faults_of(page: Varied) -> list[str]:
    """What is not read as it must be."""
    found = read_varied(page)
    text, markdown = found.article.text or "", found.article.text_markdown or ""
    faults, at = [], 0
    for words in page.has:
        place = text.find(words, at)
        if place < 0:
            segment = next(
                (f"{one.role}: {one.text[:60]!r}" for one in found.segments if words[:20] in one.text), "nowhere"
            )
            faults.append(f"lacks {words[:60]!r} ({segment})")
        at = max(place, at)
    faults += [f"holds {words[:60]!r}" for words in page.hasnot if words in text]
    faults += [f"markdown lacks {words[:80]!r}" for words in page.marked if words not in markdown]
    for end, caption, credit in page.images:
        image = next((one for one in found.images if one.image_url.endswith(end)), None)
        if image is None or (image.caption, image.credit) != (caption, credit):
            said = [(one.image_url[-30:], one.caption, one.credit) for one in found.images]
            faults.append(f"image {end} {caption!r} {credit!r}: {said}")
    return faults


def json_text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
