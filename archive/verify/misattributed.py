"""Responses under the URL of another page, which only several records together show.

A page names itself, by rel=canonical or og:url.  Often that is rightly another address (a print view names the page it
prints), so it says nothing alone.  But when a page says that it is B, and the page under the URL B says that it is C, and C is
here too, then responses were mixed up: swapped, or each written under the URL after its own.  And no two responses have one
request id, which a delivery network makes anew for each.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from broadsheet.archive.http import ResponseHead, decode_content, remove_transfer_coding
from broadsheet.archive.http_answer import declared_type, is_html
from broadsheet.archive.surt import surt
from broadsheet.archive.verify.finding import ISO, LOOK, Finding, Rule, Severity, breach
from broadsheet.archive.verify.record_table import key, url_key
from broadsheet.archive.warc.record import WarcRecord

PAGE_NAME = Rule(
    "page-name", Severity.WARNING, f"{ISO}, 6.3.2",
    "A page is the one that it says it is (canonical, og:url), where what is filed under that name is another, too.", LOOK,
)  # fmt: skip
ANSWER_TWICE = Rule(
    "answer-twice", Severity.WARNING, f"{ISO}, 6.3.2",
    "No two URLs have an answer with the id that a delivery network gave to one request.", LOOK,
)  # fmt: skip
MISATTRIBUTION_RULES = (PAGE_NAME, ANSWER_TWICE)
# Made anew by the edge for every request, also for what it answers from its cache (a cache keeps the origin's ids).
_REQUEST_IDS = ("CF-RAY", "X-Amz-Cf-Id", "X-Azure-Ref", "X-Vercel-Id", "Fly-Request-Id", "X-Akamai-Request-ID")
_LOOKED_AT = 64 * 1024  # bytes of a page, decoded: its head
_TAG = 2500  # bytes of a tag
_MOST = 100_000  # pages of one file that are doubted at a time
_HREF = re.compile(rb"\bhref\s*=\s*(?:\"([^\"<>]{1,2000})\"|'([^'<>]{1,2000})'|([^\s\"'<>]{1,2000}))", re.IGNORECASE)
_CONTENT = re.compile(rb"\bcontent\s*=\s*(?:\"([^\"<>]{1,2000})\"|'([^'<>]{1,2000})')", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index\.[a-z]{3,5})?$")


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A page that says it is another."""

    page: int
    named: int
    offset: int
    record_id: str
    message: str


class Misattributions:
    """The answers of the file *source*, compared: `see` takes in a record, `finish` tells what only all of them show."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._captured: set[int] = set()  # pages that are here
        self._themselves: set[int] = set()  # those that name themselves, in one capture at least
        self._doubts: list[_Doubt] = []
        self._ids: dict[int, int] = {}  # request id -> URL

    def see(self, record: WarcRecord) -> Iterator[Finding]:
        """Take in *record*."""
        head = record.response_head() if record.record_type in ("response", "revisit") and record.url else None
        if head is None or record.url is None:
            return
        yield from self._check_ids(record, record.url, head)
        if record.record_type == "response" and head.status == 200 and is_html(declared_type(head)):
            self._take_page(record, record.url, head)

    def finish(self) -> Iterator[Finding]:
        """The pages that are not what they are filed as, in file order."""
        names = {doubt.page: doubt.named for doubt in self._doubts}
        for doubt in self._doubts:
            other = names.get(doubt.named)
            if other is not None and doubt.named not in self._themselves and other in self._captured:
                yield breach(PAGE_NAME, self._source, doubt.offset, doubt.message, doubt.record_id or None)

    def _check_ids(self, record: WarcRecord, url: str, head: ResponseHead) -> Iterator[Finding]:
        for name in _REQUEST_IDS:
            value = head.get(name)
            if not value:
                continue
            here = url_key(url)
            if self._ids.setdefault(key(f"{name}: {value}"), here) != here:
                message = f"{name} {value[:80]} is that of another URL's answer, too"
                yield breach(ANSWER_TWICE, self._source, record.offset, message, record.record_id or None)
                return

    def _take_page(self, record: WarcRecord, url: str, head: ResponseHead) -> None:
        page = _page_key(url)
        self._captured.add(page)
        payload = remove_transfer_coding(record.block[head.head_length :], head)
        named = _named(decode_content(payload, head, _LOOKED_AT).content)
        if not named:
            return
        try:
            named = urljoin(url, named)
        except ValueError:
            return
        other = _page_key(named)
        if other == page:
            self._themselves.add(page)
        elif len(self._doubts) < _MOST:
            message = f"the page says that it is {named[:120]}, and what is filed as that says it is another"
            self._doubts.append(_Doubt(page, other, record.offset, record.record_id, message))


def _page_key(url: str) -> int:
    """A page, whether with "www." or not, by http or https, with index.html or not."""
    return key(_INDEX.sub("", surt(url)))


def _named(content: bytes) -> str:
    """The address that a page gives itself; "" for none."""
    for name, word, value in ((b"<link", b"canonical", _HREF), (b"<meta", b"og:url", _CONTENT)):
        if match := value.search(_tag(content, name, word)):
            url = next(group for group in match.groups() if group is not None)
            return html.unescape(url.decode("utf-8", "replace")).strip()
    return ""


def _tag(content: bytes, name: bytes, word: bytes) -> bytes:
    """The first tag that begins with *name* and has *word* in it; b"" for none.  Pages write both in small letters."""
    at = content.find(word)
    while at >= 0:
        start = content.rfind(b"<", max(0, at - _TAG), at)
        if start >= 0 and content.startswith(name, start):
            return content[start : content.find(b">", at, at + _TAG) + 1]
        at = content.find(word, at + 1)
    return b""
