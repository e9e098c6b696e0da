"""Which pages are asked about: the articles of the dataset, or the HTML pages of the archive; a sample of them.

The sample depends on the URLs alone: those whose hashes are smallest.  Asked again it is the same, and when a collection
grows only few of its pages give way to new ones, so that two checks can be compared.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.versions import page_versions


def article_pages(paths: Sequence[Path], index: CaptureIndex) -> Iterator[str]:
    """The URLs of the pages that *paths* hold, maybe some of them twice.

    Of a collection with a dataset: those with a text of their own, no lists.  Else: all (archive/http_answer.py).
    """
    articles = [_articles(path) for path in paths]
    if all(urls is not None for urls in articles):
        yield from (url for urls in articles if urls is not None for url in urls)
        return
    yield from (capture.line.url for capture in page_versions(index, index.captures()))


def sampled(urls: Iterable[str], count: int) -> tuple[list[str], int]:
    """*count* of *urls* (0: all), sorted; and how many different ones there are."""
    known: set[bytes] = set()
    kept: list[tuple[bytes, str]] = []
    for url in urls:
        digest = blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if digest in known:
            continue
        known.add(digest)
        kept.append((digest, url))
        if count and len(kept) >= 2 * count + 1000:
            kept = heapq.nsmallest(count, kept)
    chosen = heapq.nsmallest(count, kept) if count else kept
    return sorted(url for _, url in chosen), len(known)


def _articles(path: Path) -> list[str] | None:
    """The articles of the collection *path*; None when it is none, or has no dataset."""
    if not (path / "collection.sqlite").is_file():
        return None
    from broadsheet.api import Collection  # noqa: PLC0415 - Arrow: not for WARCs alone

    try:
        rows = Collection.open(path).articles(columns=["url", "page_type", "word_count"])
        return [row.url for row in rows if row.page_type != "listing" and row.word_count] or None
    except BadInput:  # crawled with --no-extract
        return None
