"""The state of the script that puts a page together: JSON in scripts and in attributes of elements, values of JavaScript
(`javascript`), each also in base64; the payloads of Nuxt (`devalue`), of React Router (`turbo_stream`), of Astro (`astro`), of
Qwik (`qwik`) and of React's server components (`flight`).

No two sites keep their articles alike, but each keeps an article with its title.  So what is looked for is an object with a
string that is the page's title, and in it (or beside it, no more than two objects up) the longest running text: a string of
markup or plain text, or a list of paragraphs as editors store them (Draft.js, ProseMirror, Slate, Arc, Contentful).  Objects
with a title of their own are other articles.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import unquote

from lxml import etree

from broadsheet.pipelines.extract.body.embedded.allowance import Allowance
from broadsheet.pipelines.extract.body.embedded.astro import ISLAND, restored_props
from broadsheet.pipelines.extract.body.embedded.devalue import is_devalue, restored
from broadsheet.pipelines.extract.body.embedded.flight import MARK, read_flight
from broadsheet.pipelines.extract.body.embedded.javascript import read_literal
from broadsheet.pipelines.extract.body.embedded.paragraphs import ENOUGH, is_article, paragraphs
from broadsheet.pipelines.extract.body.embedded.qwik import is_qwik, restored_qwik
from broadsheet.pipelines.extract.body.embedded.turbo_stream import is_turbo_stream, restored_stream
from broadsheet.pipelines.extract.metadata.jsonld import MAX_JSON, parse_json
from broadsheet.pipelines.extract.page.page import parse_html

_MAX_TITLE, _MIN_TITLE = 500, 8  # characters of a title: shorter ones stand in many objects
_MAX_DEPTH = 40  # objects and lists in one another
_MAX_VALUES = 300_000
_TRIES = 30  # places of a script where JSON may begin
_UP = 2  # objects around the one with the title
_BEGINS = re.compile(
    r"[=(,:]\s*(?=[{\[]|\(\s*function\b)|(?:JSON\.parse|decodeURIComponent|\.enqueue)\(\s*(?=\")"
    r"|=\s*(?=\"(?:\\?[{\[]|%[57][bB]))"
)
_ANGULAR = (("&q;", '"'), ("&l;", "<"), ("&g;", ">"), ("&s;", "'"), ("&a;", "&"))
_INNER = 40  # strings of JSON in a state that are read
_ESCAPED = ("%7b", "%5b", "{%22", "[%22", "[{%2")  # how JSON begins that was made part of a URL
_CLIMB = 8  # elements around a headline that may hold its article
_HOLDERS = etree.XPath(
    "//*[@*[string-length() > 400 and (starts-with(., '{') or starts-with(., '[') or starts-with(., 'eyJ')"
    " or starts-with(., 'W3s'))]]"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}")
_BASE64_OPENS = ("eyJ", "ewo", "ew0", "W3s", "WyJ")  # what JSON begins with in it: {" {\n [{ ["
_IN_SCRIPT = re.compile(r"""(?:\b(?:atob|Buffer\.from)\(|[=:])\s*["']((?:e[wy]|W[3y])[A-Za-z0-9+/]{200,}={0,2})["']""")
_TITLES = frozenset({"title", "headline", "name"})
_TEXTS = (
    "text",
    "value",
    "content",
    "contents",
    "html",
    "body",
    "paragraph",
    "paragraphs",
    "children",
    "data",
    "insert",
    "attributes",
)
_INLINE = frozenset({"text", "span", "link", "inline"})
_decoder = json.JSONDecoder(strict=False)


def state_body(root: etree._Element, titles: Sequence[str]) -> str | None:
    """The text of the article called by one of *titles* in the page's state; None when there is none."""
    wanted = {folded for title in titles if len(folded := _fold(title)) >= _MIN_TITLE}
    if not wanted:
        return None
    markup, data = _flight(root)
    best = _below_headline(markup, wanted)
    for state in () if best else (*data, *_states(root)):
        for around in _owners(state, wanted):
            text = next((text for one in around if is_article(text := _text_in(one, wanted, 0))), "")
            best = max(best, text, key=len)
    return best or None


def _fold(text: str) -> str:
    return " ".join(paragraphs(text[:_MAX_TITLE]).lower().split())


def _flight(root: etree._Element) -> tuple[str, list[object]]:
    scripts = [text for one in root.iter("script") if MARK in (text := one.text or "")]
    return read_flight(scripts) if sum(map(len, scripts)) <= MAX_JSON else ("", [])


def _below_headline(markup: str, wanted: set[str]) -> str:
    """The running text in the smallest element of *markup* that holds it and the headline, which is one of *wanted*."""
    root = parse_html(markup) if len(markup) >= ENOUGH else None
    if root is None:
        return ""
    for heading in root.iter("h1", "h2"):
        if _fold("".join(map(str, heading.itertext()))) in wanted:
            for above in islice(heading.iterancestors(), _CLIMB):
                lines = paragraphs(etree.tostring(above, encoding="unicode", method="html", with_tail=False)).split(
                    "\n\n"
                )
                text = "\n\n".join(line for line in lines if _fold(line) not in wanted)
                if is_article(text):
                    return text
    alone = list(root.iter("article"))  # its headline is drawn by a component of its own
    if len(alone) == 1 and is_article(
        text := paragraphs(etree.tostring(alone[0], encoding="unicode", method="html", with_tail=False))
    ):
        return text
    return ""


def _states(root: etree._Element) -> Iterator[object]:
    """Every value of JSON on the page that is large enough to hold an article."""
    for script in root.iter("script"):
        text = (script.text or "").strip()
        if not ENOUGH <= len(text) <= MAX_JSON:
            continue
        text = _unescaped(text)
        if text.startswith(_BASE64_OPENS):
            text = _from_base64(text)
        if text[:1] in "{[" and (value := parse_json(text)) is not None:
            yield from _with_inner(_restored(value))
        elif MARK not in text:
            for found in islice(_IN_SCRIPT.finditer(text), _TRIES):
                yield from _with_inner(_restored(parse_json(_from_base64(found[1]))))
            yield from _assigned(text)
    holders = _HOLDERS(root)
    assert isinstance(holders, list)
    for element in filter(etree.iselement, holders):
        for text in map(str, element.attrib.values()):
            if text.startswith(_BASE64_OPENS):
                text = _from_base64(text)
            if ENOUGH <= len(text) <= MAX_JSON and text[0] in "{[" and (value := parse_json(text)) is not None:
                yield restored_props(value) if element.tag == ISLAND else value


def _unescaped(text: str) -> str:
    """The JSON of servers that escape what HTML would read: Qwik's, and Angular's before version 16."""
    if "\\x3C" in text and text[0] in "{[":  # Qwik's server
        text = text.replace("\\x3C", "<")
    if "&q;" not in text[:200]:
        return text
    for escape, sign in _ANGULAR:
        text = text.replace(escape, sign)
    return text


def _from_base64(text: str) -> str:
    """The text that *text* is in base64, or is made part of a URL in it; "" where it is not."""
    if len(text) > MAX_JSON or _BASE64.fullmatch(text) is None:
        return ""
    try:
        found = base64.b64decode(text).decode()
    except (binascii.Error, ValueError):
        return ""
    return unquote(found) if found[:4].lower().startswith(_ESCAPED) else found


def _with_inner(value: object) -> Iterator[object]:
    """*value*, and what the strings of JSON in it say: answers that a page has asked for, texts of editors."""
    yield value
    stack, held = [(value, 0)], 0
    for _ in range(_MAX_VALUES):
        if not stack:
            return
        one, depth = stack.pop()
        if isinstance(one, str):
            if held < _INNER and len(one) >= ENOUGH and one[0] in "{[" and (inner := parse_json(one)) is not None:
                held += 1
                yield inner
        elif depth < _MAX_DEPTH and isinstance(one, dict | list):
            stack += [(part, depth + 1) for part in (one.values() if isinstance(one, dict) else one)]


def _restored(value: object) -> object:
    """*value* itself, or what it stands for where it is a payload of Nuxt 3 or of React Router."""
    if isinstance(value, dict) and is_qwik(value):
        try:
            return restored_qwik(value)
        except ValueError:
            return None
    if not isinstance(value, list) or not (is_devalue(value) or is_turbo_stream(value)):
        return value
    try:
        return restored(value) if is_devalue(value) else restored_stream(value)
    except ValueError:  # it grows too large
        return None


def _assigned(script: str) -> Iterator[object]:
    """The values in a *script*: assigned to a name, pushed to a list, or parsed from a string."""
    at = 0
    allowance = Allowance()
    for _ in range(_TRIES):
        begin = _BEGINS.search(script, at)
        if begin is None:
            return
        at = begin.end()
        try:
            value, stop = _value_at(script, at, allowance)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, str):
            value = _restored(parse_json(unquote(value) if value[:4].lower().startswith(_ESCAPED) else value))
        if stop - at >= ENOUGH and value is not None:
            yield value
        at = stop


def _value_at(script: str, at: int, allowance: Allowance) -> tuple[object, int]:
    """The value at *at* of a *script*, of JSON or else of JavaScript, and where it ends."""
    try:
        return _decoder.raw_decode(script, at)
    except ValueError:
        return read_literal(script, at, allowance)


def _owners(state: object, wanted: set[str]) -> Iterator[tuple[object, ...]]:
    """The objects that have a string of *wanted*, innermost first, each with the objects around it."""
    stack: list[tuple[object, tuple[object, ...]]] = [(state, ())]
    for _ in range(_MAX_VALUES):
        if not stack:
            return
        value, around = stack.pop()
        if len(around) > _MAX_DEPTH:
            continue
        if isinstance(value, dict):
            around = (value, *around)
            if any(isinstance(one, str) and len(one) <= _MAX_TITLE and _fold(one) in wanted for one in value.values()):
                yield around[: 1 + _UP]
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        stack += [(one, around) for one in parts if isinstance(one, dict | list)]


def _text_in(value: object, wanted: set[str], depth: int) -> str:
    """The longest running text in *value*, other articles left out."""
    if isinstance(value, str):
        return paragraphs(value) if len(value) >= ENOUGH else ""
    if depth > _MAX_DEPTH or not isinstance(value, dict | list):
        return ""
    if isinstance(value, dict) and depth and _is_another(value, wanted):
        return ""
    found = [_text_in(one, wanted, depth + 1) for one in (value.values() if isinstance(value, dict) else value)]
    if isinstance(value, list):
        found.append(paragraphs("\n".join(_lines(value, "", wanted, 0))))
    return max(filter(is_article, found), key=len, default="")


def _is_another(value: dict[str, object], wanted: set[str]) -> bool:
    """Whether an object has a title that is not the page's."""
    titles = [_fold(one) for key in _TITLES if isinstance(one := value.get(key), str)]
    return any(len(title) >= 2 * _MIN_TITLE for title in titles) and not wanted.intersection(titles)


def _lines(value: object, key: str, wanted: set[str], depth: int) -> list[str]:
    """The paragraphs of a list as an editor stores it: a line a block, its pieces joined."""
    if isinstance(value, str):
        return [value]
    if depth > _MAX_DEPTH:
        return []
    if isinstance(value, dict):
        return [line for one in _TEXTS if one in value for line in _lines(value[one], one, wanted, depth + 1)]
    if not isinstance(value, list):
        return []
    lines: list[str] = []
    joins = False
    for one in value:
        if isinstance(one, dict) and _is_another(one, wanted):
            continue
        own = _lines(one, key, wanted, depth + 1)
        inline = isinstance(one, dict) and _is_inline(one, key)
        if inline and joins and own and lines:
            lines[-1] += own.pop(0)
        lines += own
        joins = inline
    return lines


def _is_inline(value: dict[str, object], key: str) -> bool:
    """Whether an object is a piece of a line (ProseMirror, Slate, Contentful, Portable Text)."""
    kind = value.get("type") or value.get("nodeType") or value.get("_type")
    return ("text" in value or "value" in value) and (
        (isinstance(kind, str) and kind in _INLINE) or "marks" in value or key == "children"
    )
