"""JSON as sites send it: hidden from old readers, guarded against foreign scripts, a value a line, with small faults.

What is JSON is read at once; only what is none is looked at for why.  Nothing is guessed at: each form is one that some
system writes (a guard as Gmail has it, JSONP, NDJSON, the escapes of Angular's server) or a fault that many make (a comma too
many, line breaks in strings, two documents in one script, quotes escaped as in HTML).
"""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, Final

import orjson

MAX_JSON: Final = 16 * 1024 * 1024  # bytes or characters
_MOST_DOCUMENTS = 100_000  # of one text
_BLANK = b"\xef\xbb\xbf \t\r\n"
_HIDDEN = re.compile(r"(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?")
_HIDING_END = re.compile(r"(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?\s*$")
_HIDING = 40  # characters at the end of a script in which it stands
_GUARD = re.compile(rb"\)\]\}'?,?|\]\)\}while\(1\);</x>|(?:for\s*\(;;\)|while\s*\((?:1|true)\))\s*;?")
_CALL = re.compile(rb"(?:/\*\*?/)?\s*(?:typeof [\w$.]+ ?===? ?'function' ?&& ?)?[\w$.]{1,100}\s*\(\s*(?=[\[{])")
_CALL_END = re.compile(rb"\)\s*;?\s*$")
_COMMA_TOO_MANY = re.compile(r",(\s*[}\]])")
_ANGULAR_ESCAPES = (("&q;", '"'), ("&s;", "'"), ("&l;", "<"), ("&g;", ">"), ("&a;", "&"))


def read_json(text: str | bytes, limit: int = MAX_JSON) -> Any:
    """What the JSON *text* says; None when it is none, or longer than *limit*.  Line breaks within strings, a common fault,
    are forgiven."""
    if len(text) > limit:
        return None
    try:
        return orjson.loads(text)
    except ValueError:
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            return None


def read_json_script(text: str, limit: int = MAX_JSON) -> Any:
    """What the JSON in a script element says, also if it is hidden by a comment or a CDATA section; None when it is none.

    Several documents are given as a list.
    """
    text = text.strip()
    if (opening := _HIDDEN.match(text)) is not None:
        ending = max(opening.end(), len(text) - _HIDING)
        text = text[opening.end() : ending] + _HIDING_END.sub("", text[ending:])
    text = text.strip().removesuffix(";")
    document = read_json(text, limit)
    if document is not None or not text or len(text) > limit or text[0] not in "{[":
        return document
    if text.startswith(("{&q;", "[{&q;")):
        for escaped, char in _ANGULAR_ESCAPES:
            text = text.replace(escaped, char)
    elif "&quot;" in text[:100]:
        text = unescape(text)
    return _documents(_COMMA_TOO_MANY.sub(r"\1", text))


def read_json_answer(body: bytes, limit: int = MAX_JSON) -> Any:
    """What an answer of JSON says, also behind a guard, within a call (JSONP) or in lines (NDJSON); None when it is none.

    Several documents are given as a list.
    """
    body = body.lstrip(_BLANK)
    document = read_json(body, limit)
    if document is not None or len(body) > limit:
        return document
    if (guard := _GUARD.match(body)) is not None:
        return read_json(body[guard.end() :])
    if (call := _CALL.match(body)) is not None:
        return read_json(_CALL_END.sub(b"", body[call.end() :]))
    return _documents(body.decode("utf-8", "replace")) if body[:1] in (b"{", b"[") else None


def is_guarded(head: bytes) -> bool:
    """Whether what begins with *head* is JSON behind a guard."""
    return _GUARD.match(head.lstrip(_BLANK)) is not None


def _documents(text: str) -> Any:
    """The documents that stand in *text* one after another, as far as they are some; None when there is none."""
    decoder, position, found = json.JSONDecoder(strict=False), 0, []
    for _ in range(_MOST_DOCUMENTS):
        try:
            document, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        found.append(document)
        position += len(text[position : position + 1000]) - len(
            text[position : position + 1000].lstrip(" \t\r\n\x1e,;")
        )
    return found or None
