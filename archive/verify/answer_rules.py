"""Hints that an answer may not be the one to its request, or not what it says it is.

A record can be flawless and hold another page's answer: a proxy that mixed up two connections, a browser that decoded a
body and kept its headers.  Bytes alone cannot prove that.  What a server says about itself in passing is compared with
the name the answer is filed under; every rule here is for a person to judge, none an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from broadsheet.archive.http import ResponseHead, decode_content, remove_transfer_coding
from broadsheet.archive.sniff import HEAD_SIZE, identify
from broadsheet.archive.verify.finding import LOOK, Severity
from broadsheet.archive.verify.record_rules import record_rule
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.source import WarcSource

_DOMAIN = re.compile(r";\s*domain\s*=\s*\.?([A-Za-z0-9.-]+)", re.IGNORECASE)
_CANONICAL = re.compile(r"<([^<>]+)>[^,]*;\s*rel\s*=\s*\"?canonical\b", re.IGNORECASE)
_CONTENT_RANGE = re.compile(r"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
_A_DAY = 86_400  # seconds
_CODING_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
# What an address ends in, when that leaves no doubt, and what the answer then begins with at least
_FAMILY = {
    "image": ("png", "jpg", "jpeg", "gif", "webp", "avif", "ico"),
    "font": ("woff", "woff2"),
    "application/pdf": ("pdf",),
    "markup": ("html", "htm", "xhtml"),
    "text": ("css", "js", "mjs"),
}
_EXPECTED = {ending: family for family, endings in _FAMILY.items() for ending in endings}
_MARKUP = ("text/html", "application/xhtml+xml")


def _family(mime: str) -> str:
    """A coarse kind, so that image/jpeg under the name .png is no finding."""
    mime = mime.partition(";")[0].strip().lower()
    if mime in _MARKUP:
        return "markup"
    if mime in ("application/pdf",):
        return mime
    kind = mime.partition("/")[0]
    return kind if kind in ("image", "font", "video", "audio", "text") else mime


def _whole(record: WarcRecord) -> tuple[ResponseHead, bytes] | None:
    """Head and payload of a complete 200 answer."""
    if record.record_type != "response" or record.block_truncated:
        return None
    head = record.response_head()
    if head is None or head.status != 200:
        return None
    payload = remove_transfer_coding(record.block[head.head_length :], head)
    return (head, payload) if payload else None


@record_rule("content-coding", Severity.WARNING, "RFC 9110, 8.4", LOOK, types=("response",))
def check_content_coding(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A body that is called gzip or zstd is."""
    answer = _whole(record)
    if answer is None:
        return
    head, payload = answer
    codings = [part.strip().lower() for value in head.get_all("Content-Encoding") for part in value.split(",")]
    magic = _CODING_MAGIC.get(codings[-1]) if codings else None
    if magic is not None and not payload.startswith(magic):
        yield f"Content-Encoding says {codings[-1]}, the body is not (decoded, and the header kept?)"


@record_rule("content-range", Severity.WARNING, "RFC 9110, 14.4", LOOK, types=("response",))
def check_content_range(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A part of a resource is as long as its Content-Range says."""
    head = record.response_head() if record.record_type == "response" and not record.block_truncated else None
    if head is None or head.status != 206 or record.get("WARC-Truncated") is not None:
        return
    match = _CONTENT_RANGE.fullmatch((head.get("Content-Range") or "").strip())
    if match is None:
        if "multipart/byteranges" not in (head.get("Content-Type") or "").lower():
            yield "a 206 answer without a readable Content-Range"
        return
    first, last = int(match.group(1)), int(match.group(2))
    length = len(remove_transfer_coding(record.block[head.head_length :], head))
    if length and length != last - first + 1:
        yield f"{length} bytes where Content-Range says {match.group(0)}"


@record_rule("identified-type", Severity.WARNING, "5.19", LOOK, types=("response",))
def check_identified(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """WARC-Identified-Payload-Type is what the payload's first bytes say."""
    named = record.get("WARC-Identified-Payload-Type")
    answer = _whole(record) if named is not None else None
    if named is None or answer is None or answer[0].get("Content-Encoding") is not None:
        return
    found = identify(answer[1][:HEAD_SIZE], whole=len(answer[1]) <= HEAD_SIZE)
    if found is not None and _clash(_family(named), _family(found)):
        yield f"WARC-Identified-Payload-Type {named[:60]!r}, the bytes look like {found}"


@record_rule("declared-type", Severity.INFO, "RFC 9110, 8.3", LOOK, types=("response",))
def check_declared(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """An answer that is called an image, a font, a PDF or HTML is one."""
    answer = _whole(record)
    if answer is None:
        return
    declared = answer[0].get("Content-Type") or ""
    found = _found(*answer)
    if found is not None and _clash(_family(declared), _family(found)):
        yield f"called {declared[:60]!r}, the bytes look like {found}"


@record_rule("answer-kind", Severity.INFO, "6.3.2", LOOK, types=("response",))
def check_kind(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The answer is the kind of thing its URL names: no page under the name of a picture."""
    answer = _whole(record) if record.url else None
    if answer is None:
        return
    try:
        name = urlsplit(record.url or "").path.rpartition("/")[2]
    except ValueError:
        return
    expected = _EXPECTED.get(name.rpartition(".")[2].lower()) if "." in name else None
    found = None if expected is None else _found(*answer)
    if expected is not None and found is not None and _clash(expected, _family(found)):
        yield f"the answer looks like {found}, the URL ends in {name[-40:]!r}"


def _found(head: ResponseHead, payload: bytes) -> str | None:
    """What the beginning of a body looks like, its content coding undone."""
    if head.get("Content-Encoding") is None:
        return identify(payload[:HEAD_SIZE], whole=len(payload) <= HEAD_SIZE)
    content = decode_content(payload, head, HEAD_SIZE + 1)
    return (
        None if content.undecodable else identify(content.content[:HEAD_SIZE], whole=len(content.content) <= HEAD_SIZE)
    )


def _clash(expected: str, found: str) -> bool:
    """Whether both are certain kinds, and different ones."""
    sure = ("image", "font", "application/pdf", "markup", "video", "audio")
    if expected == "text":
        return found in sure
    return expected in sure and found in sure and expected != found


@record_rule("answer-date", Severity.INFO, "RFC 9110, 6.6.1", LOOK, types=("response", "revisit"))
def check_date(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The server's Date (and Age, of a cache) is within a day of WARC-Date: else a clock is wrong, or it is a copy."""
    head = record.response_head() if record.date is not None else None
    declared = head.get("Date") if head is not None else None
    if head is None or declared is None or record.date is None:
        return
    try:
        moment = parsedate_to_datetime(declared)
    except (ValueError, TypeError, OverflowError):
        return
    age = (head.get("Age") or "0").strip()
    seconds = int(age) if age.isascii() and age.isdecimal() and len(age) < 10 else 0
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    late = (record.date - moment).total_seconds()
    if min(abs(late), abs(late - seconds)) > _A_DAY:  # some caches send their own Date with the origin's Age
        yield f"the server says {declared[:40]}, the record {record.date:%a, %d %b %Y %H:%M:%S} GMT"


@record_rule("cookie-domain", Severity.INFO, "RFC 6265, 5.3", LOOK, types=("response",))
def check_cookies(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A server sets cookies for its own domain: one for another's is a sign of another's answer."""
    head = record.response_head() if record.record_type == "response" else None
    host = _host(record.url)
    if head is None or not host:
        return
    for value in head.get_all("Set-Cookie"):
        match = _DOMAIN.search(value)
        domain = match.group(1).lower().strip(".") if match else ""
        if domain and host != domain and not host.endswith(f".{domain}"):
            yield f"sets a cookie for {domain[:80]} in an answer of {host[:80]}"
            return


@record_rule("names-another", Severity.INFO, "RFC 9110, 8.7", LOOK, types=("response",))
def check_names_another(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """Content-Location and Link rel=canonical, where an answer has them, name its own host."""
    head = record.response_head() if record.record_type == "response" else None
    host = _host(record.url)
    if head is None or not host or head.status != 200:
        return
    named = [("Content-Location", value) for value in head.get_all("Content-Location")]
    named += [("Link", match) for value in head.get_all("Link") for match in _CANONICAL.findall(value)]
    for header, value in named:
        try:
            other = _host(urljoin(record.url or "", value.strip()))
        except ValueError:
            continue
        if other and other.removeprefix("www.") != host.removeprefix("www."):
            yield f"{header} names {value.strip()[:120]}, on another host"


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return ""
