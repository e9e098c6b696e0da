"""The characters of a page's bytes: as declared where that can be, and detected where nothing or something else is declared.

The order: a byte order mark; UTF-8 where the bytes are that beyond doubt, whatever is declared; the Content-Type header, a
meta element (WHATWG Encoding names; `w3lib.encoding`). Detection (chardet) is asked only where none of these holds: nothing is
declared, the declared one has no such bytes, header and meta contradict each other, or letters come out as no language writes
them. It costs some 15 ms of CPU a page, and a tenth of a second for its models once a process.
"""

from __future__ import annotations

import codecs
import re
from codecs import BOM_UTF8
from dataclasses import dataclass

from w3lib.encoding import (
    html_body_declared_encoding,
    html_to_unicode,
    http_content_type_encoding,
    resolve_encoding,
)

from broadsheet.pipelines.extract.extraction import PageRecord

FALLBACK = "windows-1252"
_WESTERN = frozenset({"cp1252", "iso8859-1", "iso8859-15", "latin-1"})
_CYRILLIC = frozenset({"cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"})
# What web pages are in; a detector knows more, and finds those in pages that are not.
_OF_THE_WEB = (
    _WESTERN
    | _CYRILLIC
    | {
        "cp1250",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "cp874",
        "iso8859-2",
        "iso8859-3",
        "iso8859-4",
    }
    | {
        "iso8859-6",
        "iso8859-7",
        "iso8859-8",
        "iso8859-9",
        "iso8859-10",
        "iso8859-11",
        "iso8859-13",
        "iso8859-14",
        "tis-620",
    }
    | {
        "iso8859-16",
        "shift_jis",
        "cp932",
        "euc_jp",
        "iso2022_jp",
        "gb2312",
        "gbk",
        "gb18030",
        "big5",
        "big5hkscs",
        "cp950",
    }
    | {"euc_kr", "cp949", "johab"}
)
_SAMPLE = 256 * 1024  # bytes that are read for a guess
_MARKUP = re.compile(rb"<(?:script|style)\b[^>]*>.*?</(?:script|style)|<[^>]*>", re.S | re.I)
_LETTER_RUN = re.compile(rb"[\xa0-\xff]{4,}")
_JIS = b"\x1b$B"  # what JIS X 0208 begins with in ISO-2022-JP
_RUNS = 5  # words of letters beyond ASCII alone, as no Western language has
_BROKEN = 0.02  # share of characters beyond ASCII that may be broken in a page of the declared encoding


@dataclass(frozen=True, slots=True)
class DecodedText:
    """``text`` is the bytes as they came where they are UTF-8.  ``guessed``: the encoding was not declared so."""

    encoding: str
    text: str | bytes
    guessed: bool = False


def decode_page(record: PageRecord) -> DecodedText:
    """The text of *record*.

    What is valid UTF-8 with many characters beyond ASCII is nothing else: a declaration that says so lies.  So does one of
    UTF-16 or UTF-32 for bytes without a zero, and one of what is no encoding of text (Python knows some: rot13, zip)."""
    body, marked = record.body, record.body.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not marked and b"\x00" not in body[:200] and not body.isascii() and _is_utf8(body):
        return DecodedText("utf-8", body.removeprefix(BOM_UTF8))
    header = record.header("Content-Type")
    from_header, from_meta = http_content_type_encoding(header), html_body_declared_encoding(body[:4096])
    if not marked and (wide := _utf_16(body, from_header)):
        return DecodedText(wide, body.decode(wide, "replace"), guessed=True)
    try:
        encoding, text = html_to_unicode(header, body, auto_detect_fun=_undeclared)
    except (LookupError, ValueError):
        encoding = text = ""
    if not encoding or (encoding.startswith(("utf-16", "utf-32")) and b"\x00" not in body):
        return _detected(body)
    if body.isascii() and _JIS not in body:
        return DecodedText(encoding, text)
    if (from_header is None and from_meta is None) or _contradicted(encoding, text, body, from_header, from_meta):
        detected = _detected(body)
        return (
            detected
            if not _same(detected.encoding, encoding) or from_header is from_meta
            else DecodedText(encoding, text)
        )
    return DecodedText(encoding, text)


def _contradicted(encoding: str, text: str, body: bytes, from_header: str | None, from_meta: str | None) -> bool:
    """Whether what was declared is not what the bytes are."""
    if from_header and from_meta and not _same(from_header, from_meta) and "utf-8" not in {from_header, from_meta}:
        return True
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    if text.count("\ufffd") > max(2, _BROKEN * beyond):
        return True
    name = _name(encoding)
    if name in _WESTERN:
        return sum(1 for _, _ in zip(_LETTER_RUN.finditer(body), range(_RUNS))) == _RUNS
    if name in _CYRILLIC:  # KOI8 and windows-1251 read as each other give capitals for small letters
        letters = [sign for sign in text[:_SAMPLE] if "\u0400" <= sign <= "\u04ff"]
        return sum(map(str.isupper, letters)) > len(letters) / 2
    return False


def _detected(body: bytes) -> DecodedText:
    encoding = "iso2022_jp" if _JIS in body else _undeclared(body)
    if encoding == FALLBACK:
        encoding = _detect(body)
    text = body if encoding == "utf-8" else body.decode(encoding, "replace")
    return DecodedText(encoding, text, guessed=True)


def _undeclared(body: bytes) -> str:
    """UTF-8 where *body* is that but for a cut end or a few broken bytes, else the fallback."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(body) - 4:
            return "utf-8"
    else:
        return "utf-8"
    text = body[:_SAMPLE].decode("utf-8", "replace")
    beyond, broken = len(text) - len(text.encode("ascii", "ignore")), text.count("\ufffd")
    return "utf-8" if broken <= _BROKEN * beyond else FALLBACK


def _detect(body: bytes) -> str:
    """The encoding that the letters of *body* speak for, by chardet; the fallback where that finds none of the web's."""
    import chardet  # noqa: PLC0415 - most processes never need it, and it takes a tenth of a second

    sample = _MARKUP.sub(b" ", body[:_SAMPLE])
    found = chardet.detect(sample)["encoding"]
    name = resolve_encoding(found) if found else None
    if name is None or _name(name) not in _OF_THE_WEB or _name(name) in _WESTERN:
        return FALLBACK
    return name


def _utf_16(body: bytes, declared: str | None) -> str | None:
    """UTF-16 without a byte order mark, by the zeros beside the markup's ASCII."""
    start = body[:200]
    if b"\x00" not in start or declared:
        return None
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) // 4 or min(even, odd) > len(start) // 20:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _name(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return encoding


def _same(one: str, other: str) -> bool:
    return _name(one) == _name(other)
