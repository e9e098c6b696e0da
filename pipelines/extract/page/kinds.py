"""Kinds of elements: which are invisible, which are part of a sentence, and which break it.

HTML says so of the elements that it knows.  Of others, and of buttons, the text around them does: a button that explains a term
is a word of its sentence, one that stands alone is none.
"""

from __future__ import annotations

import re

from lxml import etree

from broadsheet.pipelines.extract.page.tooltips import beside_sentence

_INVISIBLE = frozenset(
    "script style template noscript head title svg object iframe select textarea datalist canvas audio video".split()  # noqa: SIM905
)
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr mi mo mn mrow msup msub mfrac msqrt mtext semantics""".split()  # noqa: SIM905
)
_IMAGES = frozenset({"img", "amp-img", "graphic"})
_PLAYERS = frozenset({"video", "audio", "iframe", "object"})  # invisible, and yet pictures
_BLOCKS = frozenset(
    """html body p div section article main aside nav header footer h1 h2 h3 h4 h5 h6 hgroup ul ol li dl dt dd table tr td th
    tbody thead tfoot caption colgroup col form fieldset legend input figure figcaption blockquote pre address hr
    details summary center dir menu dialog search meta link base param source picture""".split()  # noqa: SIM905
)
# kinds of elements; without an entry: unknown to HTML, and block-level unless it stands amid text, as a button is
_NOTHING, PLAYER, BR, IMAGE, PART, _BLOCK, UNKNOWN, _BUTTON = range(8)
_BREAKING = frozenset({_BLOCK, _BUTTON})
_RUNNING = frozenset({PART, UNKNOWN})
_NEIGHBOURS = 8  # siblings of an unknown element that are looked at for text
KINDS: dict[object, int] = {
    etree.Comment: _NOTHING, etree.ProcessingInstruction: _NOTHING, etree.Entity: _NOTHING, "br": BR,
    **dict.fromkeys(_INVISIBLE, _NOTHING), **dict.fromkeys(_PLAYERS, PLAYER), **dict.fromkeys(_IMAGES, IMAGE),
    **dict.fromkeys(_INLINE, PART), **dict.fromkeys(_BLOCKS, _BLOCK), "button": _BUTTON,
}  # fmt: skip
_STREAMED = re.compile(r"S:[0-9a-f]+$")
_PARAGRAPHS = 3  # of a hidden element from which it is an article


def is_hidden(element: etree._Element) -> bool:
    """Whether *element*, which has the attribute ``hidden``, stays hidden.

    What waits to be found (``until-found``), and what a tab or an accordion shows, is text of the page.  Two kinds are shown as
    soon as it has loaded: what React streams (``<div hidden id="S:1">``, moved to its place by a script), and an article that
    waits for its paywall (paragraphs in an element whose names say paywall).
    """
    get = element.get
    if get("role") == "tabpanel" or (get("role") == "region" and get("aria-labelledby")):  # of tabs, of an accordion
        return False
    if get("hidden", "").strip().lower() == "until-found" or _STREAMED.match(get("id") or ""):
        return False
    names = f"{get('class') or ''} {get('id') or ''}".lower()
    return "paywall" not in names or len(element.findall("p")) < _PARAGRAPHS


def is_amid_text(element: etree._Element, block: etree._Element) -> bool:
    """Whether an element that HTML does not know (``tei-persname``, ``o:p``) is a piece of running text, as it is in a browser:
    it holds no block-level element, and text stands beside it, or beside such neighbours of it, or what it stands in is no
    *block*."""
    if element.tag == "button":
        return _is_in_sentence(element)
    parent = element.getparent()
    if parent is None or any(KINDS.get(child.tag) in _BREAKING for child in element):
        return False
    if parent is not block:
        return True
    after: etree._Element | None = element
    before: etree._Element | None = element
    for _ in range(_NEIGHBOURS):
        if after is not None:
            if after.tail and not after.tail.isspace():
                return True
            after = after.getnext()
            after = after if after is not None and KINDS.get(after.tag, UNKNOWN) in _RUNNING else None
        if before is not None:
            previous = before.getprevious()
            text = parent.text if previous is None else previous.tail
            if text and not text.isspace():
                return True
            before = previous if previous is not None and KINDS.get(previous.tag, UNKNOWN) in _RUNNING else None
    return False


def _is_in_sentence(button: etree._Element) -> bool:
    """Whether a button is a word of a sentence, as those that explain a term are: words stand before it and after it, or the
    sentence of a paragraph begins with it."""
    if any(KINDS.get(child.tag) in _BREAKING for child in button):
        return False
    word, parent = button, button.getparent()
    while parent is not None and KINDS.get(parent.tag) == PART and len(parent) == 1 and not _has_text(word, parent):
        word, parent = parent, parent.getparent()
    previous, following = word.getprevious(), word.getnext()
    before = previous.tail if previous is not None else None if parent is None else parent.text
    after = word.tail
    if not after and following is not None and beside_sentence(following) is not None:
        after = following.tail  # which explains the word
    if after is None or after.isspace():
        return False
    if parent is not None and parent.tag == "p" and previous is None and (before is None or before.isspace()):
        return after[0].isspace() and after.lstrip()[0].islower()  # the sentence begins with it
    return before is not None and any(map(str.isalpha, before))


def breaks(element: etree._Element) -> bool:
    """Whether an element in *element* breaks the sentence that it stands in."""
    return any(KINDS.get(one.tag) in _BREAKING for one in element.iterdescendants())


def _has_text(word: etree._Element, parent: etree._Element) -> bool:
    """Whether text stands beside the one child *word* of *parent*."""
    return any(text and not text.isspace() for text in (parent.text, word.tail))
