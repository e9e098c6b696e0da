"""The index key of a request: the SURT of its URL, with method and body folded into the query unless it is a GET.

The convention of CDXJ indexes ("CDX and non-GET requests"): ``?__wb_method=POST&`` and the body as a query.  A form is
taken as it is, the fields of a multipart form and the leaves of JSON by their names (a name that recurs gets a number),
anything else in base64 as ``__wb_post_data``; at most 4,096 characters of it.  Kinds of JSON and their numbers are as
cdxj-indexer has them.  A key therefore says less than the body: `body_digest` tells bodies of one key apart.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from hashlib import sha256
from urllib.parse import parse_qsl, unquote_plus, urlencode

from broadsheet.archive.cdxj.line import MOST_OF_BODY
from broadsheet.archive.surt import surt

BODIED = ("POST", "PUT")  # the methods whose body is in the key
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


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
    return _body_query(content_type.strip(), body)[:MOST_OF_BODY] if method in BODIED and body else ""


def body_digest(content_type: str, body: bytes) -> str | None:
    """A digest of what the *body* of a request says; None of no body.  Pairs of a form or of JSON may come in any order."""
    if not body:
        return None
    kind = content_type.strip().lower()
    said = body
    try:
        if kind.startswith(_FORM):
            said = repr(sorted(parse_qsl(body.decode("latin-1"), keep_blank_values=True))).encode()
        elif kind.startswith((_JSON, "text/plain")):
            said = json.dumps(json.loads(body), sort_keys=True).encode()
        elif kind.startswith("multipart/"):  # the boundary is made anew each time
            said = repr(list(_form_fields(content_type, body))).encode()
    except (ValueError, RecursionError):
        pass  # the bytes speak for themselves
    return f"sha256:{sha256(said).hexdigest()}"


def _body_query(content_type: str, body: bytes) -> str:
    kind = content_type.lower()
    try:
        if kind.startswith(_FORM):
            return unquote_plus(body.decode("utf-8"))
        if kind.startswith("multipart/"):
            return urlencode(list(_form_fields(content_type, body)))
        if kind.startswith((_JSON, "text/plain")):
            return urlencode(_json_pairs(body))
    except (ValueError, RecursionError):
        if kind.startswith(_JSON):
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


def _json_pairs(body: bytes) -> dict[str, str]:
    """The leaves of a JSON text, or of one in each line, by their names.

    Raises:
        ValueError: it is none.
    """
    pairs: dict[str, str] = {}
    seen: dict[str, int] = {}
    try:
        documents = [json.loads(body)]
    except json.JSONDecodeError:
        if b"\n" not in body:
            raise
        documents = [json.loads(line) for line in body.split(b"\n")]
    for document in documents:
        for name, value in _leaves(document):
            seen[name] = seen.get(name, 0) + 1
            pairs[name if seen[name] == 1 else f"{name}.{seen[name]}_"] = value
    return pairs


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, name)
    elif name:
        yield name, str(value)
