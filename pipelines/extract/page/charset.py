"""The characters of a page's bytes: as declared where that can be, and detected where nothing or something else is declared.

The order: a byte order mark; UTF-8 and UTF-16 where the bytes are that beyond doubt, whatever is declared; the Content-Type
header, a meta element (WHATWG Encoding names; `w3lib.encoding`).  Detection is asked only where none of these holds: nothing is
declared, the declared one has no such bytes, header and meta contradict each other, or letters come out as no language writes
them.  It is chardet's, among the encodings of the web alone: of 2,061 texts of 38 languages 10 came out wrong, 8 of
them of 150 characters, and no declared Western one, for 2 ms of CPU each (and a tenth of a second for its models once a
process).  chardet gives up an encoding of
several bytes at the first broken one, which pages have where a headline was cut: `_east_asian` reads past those.

UTF-8 that was taken for windows-1252 and encoded once more is undone where all of the page's letters are such; where some
are, the page stays as a browser shows it.  windows-1258 has tones as signs of their own: its letters are composed (NFC).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from codecs import BOM_UTF8
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, html_to_unicode, http_content_type_encoding

from broadsheet.pipelines.extract.extraction import PageRecord

FALLBACK = "windows-1252"
_WESTERN = frozenset({"cp1252", "iso8859-1", "iso8859-15", "latin-1"})
_LATIN = frozenset({"cp1250", "cp1254", "cp1257", "cp1258", "iso8859-2"})  # mostly ASCII, as Western languages are
# What a text of Western Europe in windows-1252 has, south and north; a Turkish or Baltic one read so has others in between.
_WESTERN_LETTERS = (frozenset("àâäáãåæçéèêëíîïìñóôöòõùûüúœßÿ"), frozenset("æøåäöéèüáðíóúýþ"))
_DOS = ("cp850", "cp852")
_CYRILLIC = frozenset({"cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic"})
# What web pages are in, each with what is part of it (GBK in GB 18030, TIS-620 in code page 874).  chardet knows more, and
# finds those in pages that are not.
_OF_THE_WEB = (
    FALLBACK, "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
    "windows-1258", "cp874", "iso-8859-2", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "koi8-r", "koi8-u", "cp866",
    "mac-cyrillic", "mac-roman", *_DOS, "cp932", "euc-jp", "gb18030", "big5hkscs", "cp949",
)  # fmt: skip
# What texts have much of, by encoding: kana, the commonest syllables of Hangul and Chinese characters.
_KANA = "\u3041-\u3096\u30a1-\u30fa"
_EAST_ASIAN = {
    "gb18030": re.compile(
        "[的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年]"
    ),
    "big5hkscs": re.compile(
        "[的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年嘅係]"
    ),
    "cp932": re.compile(f"[{_KANA}]"),
    "euc_jp": re.compile(f"[{_KANA}]"),
    "cp949": re.compile("[이다는에의을를가하고지한로기사도은나자시인들서어라대리으수일]"),
}
_WIDER = {
    "gbk": "gb18030", "gb2312": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_READS = 0.05  # share of such characters that a text in the encoding has at least
_SAMPLE = 256 * 1024  # bytes that are read for a guess
_MARKUP = re.compile(rb"<(?:script|style)\b[^>]*>.*?</(?:script|style)|<[^>]*>", re.S | re.I)
_LETTER = re.compile(rb"[A-Za-z\xa1-\xff][\xa1-\xff]|[\xa1-\xff][A-Za-z]")
_RUN = re.compile(rb"[\xa0-\xff]{4,}")
_RUNS = 5  # words of letters beyond ASCII alone, as no Western language has
_VIETNAMESE = re.compile(
    rb"[AEIOUYaeiouy\xc2\xca\xd4\xe2\xe3\xea\xf4\xf5\xfd][\xcc\xd2\xde\xec\xf2]"
)  # a vowel and its tone
_MAC_LETTER = re.compile(rb"[A-Za-z][\x80-\x91\x98-\x9f][A-Za-z]")  # between letters: signs in windows-1252
_DOS_LETTER = re.compile(rb"[A-Za-z][\x80-\x88\x90\x94\x98][A-Za-z]")  # signs in windows-1250 and 1252
_INSIDE = re.compile(r"[a-zß-ÿ](?:[A-ZÀ-Þ]|[^\w\s'’.,;:/<>&=-])[a-zß-ÿ]")  # what no word has in it
# What letters of Latin, Cyrillic, Greek, Hebrew and Arabic, and signs, begin with in UTF-8 that was encoded twice.
_TWICE = re.compile(rb"\xc3(?:[\x83\x8e\x90\x97]\xc2|\x83\xc5|[\x91\x99]\xe2|\xa2\xe2\x82\xac)")
_JIS = re.compile(rb"\x1b\$[@B]")  # what JIS X 0208 begins with in ISO-2022-JP
_TAG = re.compile(r"<[!/?A-Za-z]")
_ENOUGH = 50  # characters beyond ASCII that say whether a text reads as its language
_FEW = 0.5  # the same, of characters that are valid UTF-8 in a page that has hardly any
_FITS = 0.9  # share of letters that a text in windows-1252 has of one alphabet, if there are so many:
_LETTERS = 10
_BROKEN = 0.02  # share of characters beyond ASCII that may be broken in a page of the declared encoding
_MANY = 6  # characters less, where a text was encoded twice
_ALIKE = 0.85  # share of the best confidence of encodings between which what is odd in words decides
_BESIDE = 0.57  # share of the best confidence with which windows-1252 is still believed; Turkish gives it .36 to .59
# The signs that windows-1252 shows for 27 of the controls; the other five are shown as controls.
_WINDOWS_BYTES = {
    ord(sign): code for code in range(0x80, 0xA0) if (sign := bytes((code,)).decode("cp1252", "replace")) != "\ufffd"
}


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
    wide = None if marked else _utf_16(body)
    if not marked and not wide and not body.isascii():
        if _is_utf8(body):
            if _TWICE.search(body) and (once := _encoded_once(body)) is not None:
                return DecodedText("utf-8", once, guessed=True)
            return DecodedText("utf-8", body.removeprefix(BOM_UTF8))
        if _is_broken_utf8(body):
            return DecodedText("utf-8", body.removeprefix(BOM_UTF8).decode("utf-8", "replace"))
    header = record.header("Content-Type")
    from_header, from_meta = http_content_type_encoding(header), html_body_declared_encoding(body[:4096])
    if wide:
        return DecodedText(wide, body.decode(wide, "replace"), guessed=not (from_header or "").startswith("utf-16"))
    try:
        encoding, text = html_to_unicode(header, body, auto_detect_fun=_undeclared)
    except (LookupError, ValueError):
        encoding = text = ""
    if not encoding or (encoding.startswith(("utf-16", "utf-32")) and b"\x00" not in body):
        return _detected(body)
    if body.isascii():
        shifts = _JIS.search(body) is not None and _name(encoding) != "iso2022_jp"
        return _detected(body) if shifts else DecodedText(encoding, text)
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
        return _LETTER.search(body) is not None and _detect(body) != FALLBACK
    if name in _CYRILLIC:  # KOI8 and windows-1251 read as each other give capitals for small letters
        letters = [sign for sign in text[:_SAMPLE] if "\u0400" <= sign <= "\u04ff"]
        return sum(map(str.isupper, letters)) > len(letters) / 2
    usual = _EAST_ASIAN.get(_WIDER.get(name, name))
    return usual is not None and beyond >= _ENOUGH and len(usual.findall(text)) < _READS / 2 * beyond


def _detected(body: bytes) -> DecodedText:
    encoding = "iso2022_jp" if _JIS.search(body) and body.isascii() else _undeclared(body)
    if encoding == FALLBACK:
        encoding = _detect(body)
    text = body if encoding == "utf-8" else body.decode(encoding, "replace")
    if isinstance(text, str) and _name(encoding) == "cp1258":
        text = unicodedata.normalize("NFC", text)
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
    """The encoding that the letters of *body* speak for, by chardet; the fallback where they speak for it almost as well."""
    import chardet  # noqa: PLC0415 - most processes never need it, and it takes a tenth of a second

    sample = _MARKUP.sub(b" ", body[:_SAMPLE])
    found = chardet.detect_all(sample, ignore_threshold=True, include_encodings=_OF_THE_WEB)
    confidences = {_name(one["encoding"]): one["confidence"] for one in found if one["encoding"]}
    western = confidences.pop("cp1252", 0.0)
    for name, letters in (("mac-roman", _MAC_LETTER), ("cp1258", _VIETNAMESE), *((name, _DOS_LETTER) for name in _DOS)):
        if not _some(letters, sample, 2):
            confidences.pop(name, None)
    best = max(confidences, key=lambda name: confidences[name], default=FALLBACK)
    if best not in _EAST_ASIAN and (east_asian := _east_asian(sample)):
        return east_asian
    if best in _DOS or best == "mac-roman":
        alike = (name for name in ("mac-roman", *_DOS) if confidences.get(name, 0.0) >= _ALIKE * confidences[best])
        return min(alike, key=lambda name: (len(_INSIDE.findall(sample.decode(name, "replace"))), name != best))
    if best in _LATIN and western < confidences[best] and not _is_western(sample):
        return best
    if (best in _LATIN and western >= _BESIDE * confidences[best]) or western >= confidences.get(best, 0.0):
        return best if best not in _LATIN and _some(_RUN, sample, _RUNS) else FALLBACK
    return best


def _is_western(sample: bytes) -> bool:
    """Whether the letters beyond ASCII, read as windows-1252, are those of one alphabet; also where there are hardly any."""
    letters = [sign for sign in sample.decode("cp1252", "replace").lower() if sign > "\xbf" and sign.isalpha()]
    fits = (sum(sign in alphabet for sign in letters) for alphabet in _WESTERN_LETTERS)
    return len(letters) < _LETTERS or max(fits) >= _FITS * len(letters)


def _encoded_once(body: bytes) -> bytes | None:
    """What *body* was before it was taken for windows-1252 and encoded as UTF-8 again; None where it is not all of that."""
    text = body.removeprefix(BOM_UTF8).decode("utf-8")
    try:
        once = text.translate(_WINDOWS_BYTES).encode("latin-1")
        again = once.decode("utf-8")
    except ValueError:
        return None
    return once if len(text) - len(again) >= _MANY else None


def _some(pattern: re.Pattern[bytes], sample: bytes, number: int) -> bool:
    """Whether *pattern* occurs *number* times or more."""
    return sum(1 for _, _ in zip(pattern.finditer(sample), range(number), strict=False)) == number


def _east_asian(sample: bytes) -> str | None:
    """The encoding of several bytes a character in which *sample* reads as its language, but for a few broken bytes."""
    best: tuple[float, str] | None = None
    for encoding, usual in _EAST_ASIAN.items():
        text = sample.decode(encoding, "replace")
        beyond, broken = len(text) - len(text.encode("ascii", "ignore")), text.count("\ufffd")
        if beyond >= _ENOUGH and broken <= _BROKEN * beyond:
            best = max(best or (_READS, ""), (len(usual.findall(text)) / beyond, encoding))
    return best[1] or None if best else None


def _utf_16(body: bytes) -> str | None:
    """UTF-16 without a byte order mark, by the zeros beside the characters of its tags; a zero alone says nothing."""
    start = body[:4096]
    if b"\x00" not in start:
        return None
    big, little = start.decode("utf-16-be", "replace"), start.decode("utf-16-le", "replace")
    if _TAG.search(big) and "<" not in little and "\x00" not in big:
        return "utf-16-be"
    return "utf-16-le" if _TAG.search(little) and "<" not in big and "\x00" not in little else None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_broken_utf8(body: bytes) -> bool:
    """Whether *body* has some characters of UTF-8 for each byte that is none: in other encodings, hardly any pair is one."""
    text = body[:_SAMPLE].decode("utf-8", "replace")
    beyond, broken = len(text) - len(text.encode("ascii", "ignore")), text.count("\ufffd")
    return 0 < broken <= _BROKEN * beyond or (0 < broken <= 2 and broken <= _FEW * (beyond - broken))


def _name(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return encoding


def _same(one: str, other: str) -> bool:
    return _name(one) == _name(other)
