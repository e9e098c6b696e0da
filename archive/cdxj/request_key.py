"""The index key of a request: the SURT of its URL, with method and body folded into the query unless it is a GET.

The convention of CDXJ indexes ("CDX and non-GET requests"): ``?__wb_method=POST&`` and the body as a query.  A form is
taken as it is, the fields of a multipart form and the leaves of JSON by their names (a name that recurs gets a number),
anything else in base64 as ``__wb_post_data``; at most 4,096 characters of it.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Iterator
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import unquote_plus, urlencode

import orjson

from broadsheet.archive.surt import surt

_MOST = 4096  # characters of a body in a key
_MOST_NESTED = 64


def request_key(method: str, url: str, content_type: str = "", body: bytes = b"") -> str:
    """The key under which a request for *url* is indexed; *content_type* is that of its *body*."""
    if method == "GET":
        return surt(url)
    query = request_query(method, content_type, body)
    address = url.partition("#")[0]
    joined = f"{address}{'&' if '?' in address else '?'}__wb_method={method}"
    return surt(f"{joined}&{query}" if query else joined)


def request_query(method: str, content_type: str, body: bytes) -> str:
    """What stands in the key for the body of a request; "" for none."""
    return _body_query(content_type.strip(), body)[:_MOST] if method in ("POST", "PUT") and body else ""


def _body_query(content_type: str, body: bytes) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            return unquote_plus(body.decode("utf-8"), errors="strict")
        if kind.startswith("multipart/"):
            return urlencode(list(_form_fields(content_type, body)))
        if kind in ("application/json", "text/plain"):
            return urlencode(list(_numbered(_leaves(orjson.loads(body)))))
    except (ValueError, RecursionError):
        if kind == "application/json":
            return ""
    return "__wb_post_data=" + base64.b64encode(body).decode("ascii")


def _form_fields(content_type: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise ValueError("no boundary")
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        yield str(name), content if isinstance(content, bytes) else b""


def _leaves(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > _MOST_NESTED:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, key, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, name, depth + 1)
    elif name:
        yield name, str(value)


def _numbered(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: Counter[str] = Counter()
    for name, value in pairs:
        seen[name] += 1
        yield (name if seen[name] == 1 else f"{name}.{seen[name]}_"), value
