"""An index in memory, made by reading the WARCs once: for those that have none.

STAND-IN until archive/cdxj is merged.
"""

from __future__ import annotations

import base64
import bisect
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote_plus, urlencode

from archive.http import NotHTTP, parse_request_head, remove_transfer_coding
from archive.surt import surt
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from archive.warc.source import WarcSource

_MAX_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class CdxjEntry:
    urlkey: str
    timestamp: str
    url: str
    mime: str | None
    status: int | None
    digest: str | None
    length: int
    offset: int
    filename: str


class ScannedIndex:
    def __init__(self, entries: Iterable[CdxjEntry]) -> None:
        self._entries = sorted(entries, key=lambda entry: (entry.urlkey, entry.timestamp))
        self._keys = [entry.urlkey for entry in self._entries]

    def lookup(self, urlkey: str) -> list[CdxjEntry]:
        start = bisect.bisect_left(self._keys, urlkey)
        return self._entries[start : bisect.bisect_right(self._keys, urlkey, start)]

    def prefix(self, prefix: str, limit: int) -> list[CdxjEntry]:
        start = bisect.bisect_left(self._keys, prefix)
        found = []
        for entry in self._entries[start : start + limit]:
            if not entry.urlkey.startswith(prefix):
                break
            found.append(entry)
        return found


def scan(source: WarcSource) -> Iterator[CdxjEntry]:
    pending: CdxjEntry | None = None
    pending_id = ""
    request: WarcRecord | None = None
    for record in read_records(source, max_block=_MAX_BLOCK, on_damage=lambda damage: None):
        if record.record_type == "request":
            request = record
            if pending is not None and record.url == pending.url and record.get("WARC-Concurrent-To") == pending_id:
                yield replace(pending, urlkey=_key(pending.url, record))
                pending = request = None
        elif record.record_type in ("response", "revisit", "resource") and record.url and record.date:
            if pending is not None:
                yield pending
            pending, pending_id = _entry(source, record, record.date), record.record_id
            if (
                request is not None
                and request.url == record.url
                and request.get("WARC-Concurrent-To")
                in (
                    record.record_id,
                    None,
                )
            ):
                pending = replace(pending, urlkey=_key(pending.url, request))
            request = None
    if pending is not None:
        yield pending


def _entry(source: WarcSource, record: WarcRecord, date: datetime) -> CdxjEntry:
    head = record.response_head()
    declared = (head.get("Content-Type") if head else record.content_type) or ""
    mime = "warc/revisit" if record.record_type == "revisit" else declared.partition(";")[0].strip()
    return CdxjEntry(
        urlkey=surt(record.url or ""),
        timestamp=f"{date:%Y%m%d%H%M%S}",
        url=record.url or "",
        mime=mime,
        status=head.status if head else None,
        digest=record.get("WARC-Payload-Digest"),
        length=record.length,
        offset=record.offset,
        filename=source.name,
    )


def _key(url: str, request: WarcRecord) -> str:
    try:
        head = parse_request_head(request.block)
    except NotHTTP:
        return surt(url)
    body = remove_transfer_coding(request.block[head.head_length :], head)
    return request_key(head.method, url, head.get("Content-Type") or "", body)


def request_key(method: str, url: str, content_type: str, body: bytes) -> str:
    if method == "GET":
        return surt(url)
    query = _body_query(content_type, body) if method in ("POST", "PUT") else ""
    joined = f"{url}{'&' if '?' in url else '?'}__wb_method={method}" + (f"&{query}" if query else "")
    return surt(joined)


def _body_query(content_type: str, body: bytes) -> str:
    if content_type.startswith("application/x-www-form-urlencoded"):
        return unquote_plus(body.decode("utf-8", "replace"))[:4096]
    if content_type.startswith(("application/json", "text/plain")):
        try:
            return urlencode(dict(_leaves(json.loads(body))))[:4096]
        except ValueError:
            if content_type.startswith("application/json"):
                return ""
    return ("__wb_post_data=" + base64.b64encode(body).decode())[:4096] if body else ""


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, name)
    elif name:
        yield name, str(value)
