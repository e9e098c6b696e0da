"""The captures of pages that are worth listing: those that open, one for each version of a page.

A page that was asked for a hundred times and never changed is one page to a reader; each capture of it can still be
had by its date.  What is a page is said by its record (archive/http_answer.py), as in the journal and in the dataset.  A
capture is listed when it has other content than the one of its URL before it; a 304, which says that
nothing changed, only when nothing before it is here.  A revisit is a page when what it refers to is here and is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from broadsheet.archive.cdxj.line import CdxjLine
from broadsheet.archive.http_answer import bare_media_type, is_html, may_be_html
from broadsheet.archive.replay.capture_index import CaptureIndex, IndexedCapture
from broadsheet.archive.replay.captured_response import Unusable, plain_digest, revisited
from broadsheet.archive.warc.page_fact import is_page_at

_REVISIT = "warc/revisit"


def page_versions(
    index: CaptureIndex, captures: Iterable[IndexedCapture], most_read: int | None = None
) -> Iterator[IndexedCapture]:
    """Those of *captures*, which come in the order of keys and times, that are pages, open, and say something new.

    The records of the first *most_read* (None: of all) are read for it; behind them the index's word is taken for what has a
    media type of its own there, and nothing else is listed.
    """
    seen = _Seen()
    read = 0
    for capture in captures:
        if not _may_be_page(capture.line) or not seen.is_new(capture.line):
            continue
        read += 1
        if most_read is not None and read > most_read:
            if is_html(_declared(capture.line)):
                yield capture
        elif _is_page(index, capture):
            yield capture


def repeated(lines: Iterable[CdxjLine]) -> Iterator[CdxjLine]:
    """Those of *lines*, which come in the order of keys and times, that say what the one before them said."""
    seen = _Seen()
    return (line for line in lines if _has_content(line) and not seen.is_new(line))


class _Seen:
    """What the captures so far said, of the URLs under one key."""

    def __init__(self) -> None:
        self._urlkey = ""
        self._last: dict[str, tuple[str | None, bool]] = {}

    def is_new(self, line: CdxjLine) -> bool:
        """Whether *line* has other content than the capture of its URL before it."""
        if line.urlkey != self._urlkey:
            self._urlkey, self._last = line.urlkey, {}
        before = self._last.get(line.url)
        if line.status == 304 and before is not None:
            return False
        now = plain_digest(line.digest), line.mime == _REVISIT
        self._last[line.url] = now
        # The whole thing behind a revisit of it is listed, too: what the revisit refers to may not be here.
        return before is None or now[0] is None or before[0] != now[0] or before[1] > now[1]


def _has_content(line: CdxjLine) -> bool:
    """Whether *line* is an answer to GET with the content of its URL, or a revisit that may be one."""
    if "__wb_method=" in line.urlkey:
        return False
    return line.status == 200 or (line.mime == _REVISIT and line.status in (304, None))


def _may_be_page(line: CdxjLine) -> bool:
    return _has_content(line) and (line.mime == _REVISIT or may_be_html(_declared(line)))


def _declared(line: CdxjLine) -> str:
    """The media type in *line*, "" where tools note that there was none."""
    mime = bare_media_type(line.mime or "")
    return "" if mime in ("unk", "-") else mime


def _is_page(index: CaptureIndex, capture: IndexedCapture) -> bool:
    """Whether *capture* gives a page; a revisit does by what it refers to, which must be here."""
    fact = is_page_at(capture.source, capture.line.offset, declared=_declared(capture.line))
    if capture.line.mime != _REVISIT:
        return fact is True
    if fact is False:
        return False
    try:
        _, original = revisited(index, capture)
    except Unusable:
        return False
    if original.line.status != 200:
        return False
    return fact is True or is_page_at(original.source, original.line.offset, declared=_declared(original.line)) is True
