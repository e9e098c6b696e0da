"""Everything that a page needs: what it names, what its style sheets, scripts and frames name, and so on.

The same reading that the crawl uses (crawler/requisites), on what the archive answers; so what is found missing is
what the crawl knew of and did not get, or what another crawler never saw.  Frames within frames end where the crawl ends
them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from broadsheet.check.documents import Document, DocumentReader
from broadsheet.check.fates import Fates
from broadsheet.check.quality import CheckedRequisite, Fate, PageQuality, tally
from broadsheet.crawler.requisites.answer import MAX_FRAMES
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.requisite import MAX_REQUISITES, Requisite


def page_quality(url: str, documents: DocumentReader, fates: Fates) -> PageQuality:
    """What the page *url* needs, and what became of it."""
    page = documents.read(url)
    if page.status is None or page.status >= 400:
        verdict = fates.of(url)
        return PageQuality(url, {}, fault=verdict.reason or str(verdict.fate))
    needs = [
        CheckedRequisite(one.url, one.kind, one.technique, one.via, *_fate(fates, one))
        for one in all_requisites(page, documents, MAX_REQUISITES)
    ]
    lacking = tuple(need for need in needs if need.fate is not Fate.CAPTURED)
    return PageQuality(url, tally(needs), lacking)


def _fate(fates: Fates, requisite: Requisite) -> tuple[Fate, str]:
    verdict = fates.of(requisite.url, requisite.kind)
    return verdict.fate, verdict.reason


def all_requisites(page: Document, documents: DocumentReader, limit: int) -> Iterator[Requisite]:
    """What *page* and its parts need, each URL once, at most *limit*."""
    seen = {page.url}
    waiting = deque((one, 0) for one in page.requisites)
    while waiting and len(seen) <= limit:
        requisite, depth = waiting.popleft()
        if requisite.url in seen or (requisite.kind is Kind.FRAME and depth >= MAX_FRAMES):
            continue
        seen.add(requisite.url)
        yield requisite
        waiting.extend((one, depth + 1) for one in documents.read(requisite.url).requisites)
