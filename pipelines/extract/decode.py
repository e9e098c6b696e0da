"""From bytes to text: which encoding a page is in.

Order of belief (WHATWG Encoding, HTML 13.2.3): byte order mark, Content-Type header, meta element, the bytes.  A label
that lies is found out: when the declared encoding cannot be, and the bytes are sound UTF-8, they are UTF-8.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

MAX_TEXT = 16 * 1024 * 1024  # characters that are parsed
_MARKS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SUSPECTS = [chr(code) for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)]
_SURROGATE = re.compile("[\ud800-\udfff]")
_MULTIBYTE = ("shift_jis", "cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp949")
_TOLERATED = 0.002  # share of bytes that may be wrong before an encoding is given up


def decode(content_type: str | None, body: bytes) -> tuple[str, str]:
    """The encoding of *body* (a Python codec name) and its text, without characters that no HTML may hold."""
    body = body[: MAX_TEXT * 4]
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return encoding, _clean(body[len(mark) :].decode(encoding, "replace"))
    declared = http_content_type_encoding(content_type) if content_type else None
    for label in (declared, html_body_declared_encoding(body[:4096])):
        encoding = resolve_encoding(label) if label else None
        if encoding and not encoding.startswith("utf-16"):
            text = body.decode(encoding, "replace")
            if text.count("\ufffd") <= max(2, _TOLERATED * len(body)) and not _is_utf8(body, encoding):
                return encoding, _clean(text)
            break
    encoding = _guess(body)
    return encoding, _clean(body.decode(encoding, "replace"))


def _clean(text: str) -> str:
    text = text[:MAX_TEXT]
    if any([char in text for char in _SUSPECTS]) or _SURROGATE.search(text, 0, 0 if text.isascii() else len(text)):
        return _CONTROL.sub(" ", text)
    return text


def _is_utf8(body: bytes, encoding: str) -> bool:
    """Whether *body* is sound UTF-8 that goes beyond ASCII although *encoding* says otherwise."""
    if encoding in {"utf-8", "utf8"} or body.isascii():
        return False
    try:
        return not body.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(body) - 4 or body.decode("utf-8", "replace").count("\ufffd") <= _TOLERATED * len(body):
            return "utf-8"
    else:
        return "utf-8"
    if body.count(b"\x00") > len(body) / 4:
        return "utf-16-le" if body[1::2].count(b"\x00") > body[::2].count(b"\x00") else "utf-16-be"
    sample = body[:200_000]
    for encoding in _MULTIBYTE:
        text = sample.decode(encoding, "replace")
        wide = sum("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in text)
        if text.count("\ufffd") <= _TOLERATED * len(sample) and wide > 0.05 * len(text):
            return encoding
    text = sample.decode("cp1251", "replace")
    cyrillic = sum("\u0430" <= char <= "\u044f" for char in text)
    if cyrillic > 3 * sum("\u0410" <= char <= "\u042f" for char in text) and cyrillic > 0.3 * len(text):
        return "cp1251"
    return "windows-1252"
