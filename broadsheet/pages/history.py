"""``broadsheet history``: the captures of one page, and what changed from version to version.

The captures come from the journal, so failed exchanges are listed too, and a collection without a dataset has a history;
titles and texts come from the dataset.  One SURT key is one page: http or https, with "www." or without.
"""

from __future__ import annotations

import heapq
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.api import Collection
from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection as Folder
from broadsheet.archive.digest import canonical, labelled_digest
from broadsheet.archive.errors import BadInput, BroadsheetError
from broadsheet.archive.journal import connect
from broadsheet.archive.locate import source_of
from broadsheet.archive.resolved_response import ResponseResolver
from broadsheet.archive.surt import surt
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.pipelines.dataset.revision import ChangedParagraph, changed_paragraphs

_SUGGESTIONS = 5


class VersionChange(StrEnum):
    """What a capture is to the one before it that had the page."""

    FIRST = "first"
    SAME = "same"  # byte for byte
    MARKUP = "markup"  # other bytes, the same title and text
    TEXT = "text"  # another title or text
    BYTES = "bytes"  # other bytes; what they say was not extracted
    NO_PAGE = "no page"  # a redirect, an error, a failure


@dataclass(frozen=True, slots=True)
class Version:
    """A capture of the page, and how it differs: ``title_before`` is set when the title is another."""

    date: datetime
    url: str
    status: int | None
    error: str | None
    record_type: str
    digest: str | None
    warc_filename: str
    warc_record_offset: int
    change: VersionChange
    title: str | None = None
    title_before: str | None = None
    paragraphs: tuple[ChangedParagraph, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """All captures of a page, the oldest first; ``versions`` counts the different payloads that it had."""

    url: str
    versions: int
    captures: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class _ExtractedText:
    """What was read of a capture."""

    title: str | None
    text: str | None


def page_history(directory: Path, url: str) -> History:
    """The history of *url* in the collection *directory*.

    Raises:
        BadInput: there is no such collection, or no capture of that page; the error names near ones.
    """
    folder = Folder.open(directory)
    with closing(connect(folder.journal, read_only=True)) as db:
        catalogue = Catalogue(db)
        urls = _same_page(catalogue, url)
        if not urls:
            raise BadInput(url, f"was never captured in {directory}", _nearest(catalogue, url))
        found = sorted(catalogue.captures_of(urls), key=lambda one: one.date)
        with ResponseResolver(folder) as resolver:
            captures = [_digested(folder, catalogue, resolver, one) for one in found]
    return _versions(url, captures, _extracted_texts(directory, urls))


def _digested(folder: Folder, catalogue: Catalogue, resolver: ResponseResolver, capture: Capture) -> Capture:
    """*capture* with the digest of its payload, which is read where its writer gave none."""
    warc = catalogue.warc(capture.warc_filename)
    if capture.payload_digest is not None or capture.status not in (200, 304) or warc is None:
        return capture
    try:
        response = resolver.resolve(read_record_at(source_of(folder, warc), capture.offset, capture.length))
    except (BroadsheetError, OSError):  # damaged, or gone: what it was is not known
        return capture
    return capture if response is None else replace(capture, payload_digest=labelled_digest(response.payload()))


def _same_page(catalogue: Catalogue, url: str) -> list[str]:
    """The addresses of the page *url* as they were captured."""
    address = url if "://" in url else f"https://{url}"
    key = surt(address)
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    return [one for one in catalogue.urls(host) if surt(one) == key] if host else []


def _nearest(catalogue: Catalogue, url: str) -> str:
    """A remedy that names the captured addresses most like *url*: pages, if there are any, of its host, if it has any."""
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(url)

    def likeness(candidate: str) -> float:
        matcher.set_seq1(candidate)
        return matcher.quick_ratio()

    host = url.partition("://")[2].partition("/")[0]
    for part in ([host] if host else []) + [""]:
        for candidates in (catalogue.pages(part), catalogue.urls(part)):
            if near := heapq.nlargest(_SUGGESTIONS, candidates, likeness):
                return f"Captured are, among others: {', '.join(near)}."
    return "Nothing was captured yet."


def _extracted_texts(directory: Path, urls: list[str]) -> dict[str, _ExtractedText]:
    """What the dataset says of the captures of *urls*, by record id; nothing without a dataset."""
    try:
        rows = Collection.open(directory).articles(url=urls, columns=["id", "title", "text"])
        return {row.id: _ExtractedText(row.title, row.text) for row in rows}
    except BadInput:  # never extracted
        return {}


def _versions(url: str, captures: list[Capture], texts: dict[str, _ExtractedText]) -> History:
    versions: list[Version] = []
    last: Capture | None = None
    for capture in captures:
        if capture.status not in (200, 304) or capture.payload_digest is None or capture.record_type == "metadata":
            versions.append(_version(capture, VersionChange.NO_PAGE))
            continue
        now = texts.get(capture.record_id)
        before = None if last is None else texts.get(last.record_id)
        title = None if now is None else now.title
        if last is None:
            versions.append(_version(capture, VersionChange.FIRST, title))
        elif canonical(last.payload_digest or "") == canonical(capture.payload_digest):
            versions.append(_version(capture, VersionChange.SAME, title))
        elif now is None or before is None:
            versions.append(_version(capture, VersionChange.BYTES, title))
        elif now == before:
            versions.append(_version(capture, VersionChange.MARKUP, title))
        else:
            renamed = before.title if before.title != now.title else None
            changes = tuple(changed_paragraphs(before.text, now.text))
            versions.append(_version(capture, VersionChange.TEXT, title, renamed, changes))
        last = capture
    digests = {canonical(one.digest or "") for one in versions if one.change is not VersionChange.NO_PAGE}
    return History(url, len(digests), tuple(versions))


def _version(
    capture: Capture,
    change: VersionChange,
    title: str | None = None,
    title_before: str | None = None,
    paragraphs: tuple[ChangedParagraph, ...] = (),
) -> Version:
    return Version(
        date=capture.date,
        url=capture.url or "",
        status=capture.status,
        error=capture.error,
        record_type=capture.record_type,
        digest=capture.payload_digest,
        warc_filename=capture.warc_filename,
        warc_record_offset=capture.offset,
        change=change,
        title=title,
        title_before=title_before,
        paragraphs=paragraphs,
    )
