"""HAR 1.2, as the tools of browsers save it: requests and answers made again from what it says of them.

They are not what was on the wire: a HAR has the content decoded and, from HTTP/2 on, headers that never were lines.  So the
content codings are taken out of the head, the length is that of what is here, and the metadata record says what they were made
of.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import orjson

from broadsheet.archive.errors import BadInput
from broadsheet.archive.exchange import Exchange
from broadsheet.pipelines.importers.dates import parse_date
from broadsheet.pipelines.importers.document import Imported, LeftOut, SourceFile
from broadsheet.pipelines.importers.html_file import absolute_url, read_whole

_FRAMING = frozenset({"content-encoding", "transfer-encoding", "content-length", "trailer"})
_BREAKS = re.compile(r"[\r\n\x00]+")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)
_NO_CONTENT = frozenset({204, 304})


def read_har(file: SourceFile, left_out: LeftOut) -> Iterator[Imported]:
    """The exchanges of *file* in its order; one that failed, or whose content was not saved, is left out.

    Raises:
        BadInput: it is no HAR, or too large.
    """
    try:
        entries = orjson.loads(read_whole(file))["log"]["entries"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(str(file.path), "is no HAR: it has no log with entries", "Leave it out.") from error
    if not isinstance(entries, list):
        raise BadInput(str(file.path), "is no HAR: its entries are no list", "Leave it out.")
    for number, entry in enumerate(entries):
        origin = f"{file.name} (HAR, entry {number + 1}; made again, not from the wire)"
        try:
            exchange = _exchange(entry, file.saved)
        except _NotSaved as error:
            left_out(f"{file.path}, entry {number + 1}: {error}")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            left_out(f"{file.path}, entry {number + 1}: is no entry of a HAR ({type(error).__name__}: {error})")
        else:
            yield Imported(exchange, origin)


class _NotSaved(Exception):
    pass


def _exchange(entry: dict[str, Any], saved: datetime) -> Exchange:
    asked, answer = entry["request"], entry["response"]
    url = absolute_url(asked["url"])
    if url is None:
        raise _NotSaved(f"is of {str(asked['url'])[:60]}, which is no http(s) URL")
    status = int(answer.get("status") or 0)
    if not 100 <= status <= 999:
        raise _NotSaved(f"{url} got no answer")
    body, is_text = _content(url, status, answer.get("content") or {})
    head = _head(status, answer, len(body), is_text=is_text)
    return Exchange(
        url=url,
        started=parse_date(entry.get("startedDateTime")) or saved.astimezone(UTC),
        duration=max(0.0, float(entry.get("time") or 0.0)) / 1000,
        request=_request(url, asked),
        response=head + body,
        head_length=len(head),
        status=status,
    )


def _content(url: str, status: int, content: dict[str, Any]) -> tuple[bytes, bool]:
    """The content, and whether it is text, which a HAR has without its encoding."""
    text = content.get("text")
    if text is None:
        if int(content.get("size") or 0) > 0 and not (300 <= status < 400 or status in _NO_CONTENT):
            raise _NotSaved(f"{url}: its content was not saved")
        return b"", False
    if content.get("encoding") == "base64":
        try:
            return base64.b64decode(text, validate=False), False
        except binascii.Error as error:
            raise _NotSaved(f"{url}: its content is no base64") from error
    return str(text).encode("utf-8", "replace"), True


def _head(status: int, answer: dict[str, Any], length: int, *, is_text: bool) -> bytes:
    lines = [f"HTTP/1.1 {status} {_BREAKS.sub(' ', str(answer.get('statusText') or ''))}"]
    for name, value in _fields(answer):
        if name.lower() in _FRAMING:
            continue
        if is_text and name.lower() == "content-type":  # the text was written as UTF-8
            value = f"{_CHARSET.sub('', value)}; charset=utf-8"
        lines.append(f"{name}: {value}")
    lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _request(url: str, asked: dict[str, Any]) -> bytes:
    parts = urlsplit(url)
    method = str(asked.get("method") or "GET")
    if not _TOKEN.fullmatch(method):
        raise _NotSaved(f"{url}: {method[:20]!r} is no method")
    body = str((asked.get("postData") or {}).get("text") or "").encode("utf-8", "replace")
    lines = [
        f"{method} {parts.path or '/'}{f'?{parts.query}' if parts.query else ''} HTTP/1.1",
        f"Host: {parts.netloc}",
    ]
    lines += [f"{name}: {value}" for name, value in _fields(asked) if name.lower() not in {*_FRAMING, "host"}]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace") + body


def _fields(message: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for one in message.get("headers") or ():
        name = str(one["name"])
        if _TOKEN.fullmatch(name):  # not those of HTTP/2 that are none, as :status
            yield name, _BREAKS.sub(" ", str(one.get("value") or "")).strip()
