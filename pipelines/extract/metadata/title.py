"""The title of a page: what a reader sees above the text, not what is made for search engines.

Candidates are the headings of the page, and the titles stated in its metadata: JSON-LD, og:title, the title element. Stated
titles carry the site's name and variants for search engines, but a heading that shares words with one of them is the
headline, whatever its level. Where no heading does, the best stated title is taken, without the site's name at its beginning
or end. A kicker before the headline, or a section after it, that no stated title has is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from broadsheet.pipelines.extract.metadata.heading import (
    heading_text,
    is_hidden,
    is_minor,
    leads_home,
    without_parts,
)
from broadsheet.pipelines.extract.metadata.jsonld import Linked, plain, string_of
from broadsheet.pipelines.extract.metadata.scan import AWAY, COMMENT, HEADLINE, MarkedElement, Scan, place, text_of

MAX_TITLE = 500
_EQUAL = 0.15  # what it adds to a heading's score that a stated title has the same words
_FEW, _MANY = 2, 6  # words of a heading that is a name in a long title, and of such a title
_ASKED = 60  # headings
_MIN_WORDS = 3  # of a title that may be cut out of a longer one
_MAX_KICKER = 4  # words before a title
_AROUND = " -–—|:·•/"  # what parts a title from a kicker
_MAX_TAIL = 3  # words of a section's or a site's name behind a title
_TAIL = re.compile(r"\s*[-–—|ㅣ/]+\s*")
_KICKER = re.compile(r"\s*[:–—|]\s+|\s+-\s+")
_SEPARATOR = re.compile(
    r"\s+(?:[|\-–—·•»«:~/>✓]|::|\|\|)\s+|\s*[|｜»：]\s*|(?<=\w)(?:--|——)(?=\w)|_(?=[^\W\d_]+$)"
    r"|(?<=[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef”…])\s*[-–—_ㅣ]+\s*|ㅣ"
)
_WORD = re.compile(r"\w+")
_SITE_WORD = re.compile(r"[\u4e00-\u9fff]{1,6}(?:网|網|在线|日报|日報)")  # 人民网, the name of a Chinese site
_CJK = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Titles:
    """The title, and what else the page calls itself, without repeats.  ``heading`` is the element of the title."""

    title: str | None
    alternatives: tuple[str, ...]
    heading: MarkedElement | None


def read_title(found: Scan, linked: Linked, site_names: Iterable[str]) -> Titles:
    """Choose the title among the candidates; *site_names* are what the site calls itself."""
    names = {key for name in site_names if (key := _key(name))}
    headings = _headings(found)
    names |= _named_by_heading(found.page_title, [text for _, text in headings])
    stated = _stated_titles(found, linked)
    stated_words = [_words(text) for text in dict.fromkeys(strip_site(text, names) for text in stated)]
    heading, title = _heading(headings, stated, stated_words, names)
    if title is None:
        texts = (strip_site(_without_sections(text, names), names) for text in stated)
        title = next((text for text in texts if _key(text) not in names), None)
    if title is None and stated:
        title = strip_site(stated[0], names)
    elif heading is not None and title is not None:
        title = _without_parts(heading.element, title, stated)
        title = _corrected(title, found, linked, names)
    title = _without_tail(title, stated) if title else None
    others = dict.fromkeys(text for text in stated if text != title)
    return Titles(title, tuple(others)[:6], heading)


def _headings(found: Scan) -> list[tuple[MarkedElement, str]]:
    """The headings of the page, and what it marks as its headline, with their texts."""
    props = [mark for mark in found.props if mark.prop in {"headline", "name headline"} and mark.element.tag != "meta"]
    return [(mark, text_of(mark.element, MAX_TITLE)) for mark in (*found.headings[:_ASKED], *props[:3])]


def _named_by_heading(page_title: str, headings: list[str]) -> set[str]:
    """The name of the site where the title element is one heading, a separator and another heading: the latter, but the
    first where a colon stands between them and it is the shorter ("Bay Notes: A headline of a post")."""
    keys = {_key(text) for text in headings if len(text) <= len(page_title)}
    for before, after in _halves(page_title):
        if before in keys and after in keys:
            return {after}
    before, colon, after = page_title.partition(": ")
    pair = _key(before), _key(after)
    return {pair[0]} if colon and len(before) < len(after) and keys.issuperset(pair) else set()


def _halves(text: str) -> list[tuple[str, str]]:
    """The keys of what stands before and behind each separator of *text*, the last first."""
    return [(_key(text[: cut.start()]), _key(text[cut.end() :])) for cut in reversed(list(_SEPARATOR.finditer(text)))]


def site_behind(titles: Titles) -> list[str]:
    """What the page's other titles have behind its title: the site's name, if it stands nowhere else."""
    own = _key(titles.title or "")
    others = [key for one in titles.alternatives if (key := _key(one)).startswith(own) and key != own] if own else []
    return [key[len(own) :] for key in others]


def strip_site(text: str, names: set[str]) -> str:
    """*text* without the parts at its ends that are the site's name."""
    head, colon, rest = text.partition(": ")
    if colon and rest and _key(head) in names:
        text = rest
    while True:
        cuts = list(_SEPARATOR.finditer(text))
        if not cuts:
            return text
        tail, head = text[cuts[-1].end() :], text[: cuts[0].start()]
        if _is_site(tail, names):
            text = text[: cuts[-1].start()].strip()
        elif _is_site(head, names):
            text = text[cuts[0].end() :].strip()
        else:
            return text


def _is_site(part: str, names: set[str]) -> bool:
    key = _key(part)
    if not key:
        return True
    if _SITE_WORD.fullmatch(part.strip()):
        return True
    return any(key == name or (len(key) >= 4 and len(name) >= 4 and (key in name or name in key)) for name in names)


def _without_sections(text: str, names: set[str]) -> str:
    """A stated title *text* without what it has behind two equal separators, or before them if it begins with the site's
    name: the sections of the site ("A headline | News | Bay Courier")."""
    cuts = list(_SEPARATOR.finditer(text))
    if len(cuts) < 2 or len({cut[0].strip() for cut in cuts}) > 1:
        return text
    title = text[: cuts[0].start()]
    others = [text[one.end() : other.start()] for one, other in pairwise(cuts)] + [text[cuts[-1].end() :]]
    if _is_site(title, names):
        title, others = others[-1], [title, *others[:-1]]
    sections = all(len(_words(one)) < len(_words(title)) and len(one.split()) <= _MAX_TAIL for one in others)
    if not sections or len(_words(title)) < _MIN_WORDS or _is_site(title, names):
        return text
    return title


def _stated_titles(found: Scan, linked: Linked) -> list[str]:
    """The titles in the page's metadata, best first; one that stands in several places is there several times."""
    article = linked.article or {}
    values = (
        string_of(article.get("headline")) or string_of(article.get("name")),
        found.meta("og:title"),
        found.meta("twitter:title"),
        found.meta("parsely-title", "sailthru.title", "dc.title", "citation_title", "title", "headline"),
        found.page_title,
    )
    return [text for raw in values if raw and (text := plain(raw)[:MAX_TITLE])]


def _heading(
    headings: list[tuple[MarkedElement, str]], stated: list[str], stated_words: list[set[str]], names: set[str]
) -> tuple[MarkedElement | None, str | None]:
    """The heading that is the headline, and its text."""
    best: tuple[float, MarkedElement, str] | None = None
    ones = sum(1 for mark, _ in headings if mark.prop == "h1")
    for mark, whole in headings:
        words = _words(whole)
        agreement = max((_agreement(words, other) for other in stated_words), default=0.0) if words else 0.0
        if not words or (agreement < 0.5 and mark.element.tag != "h1") or leads_home(mark.element):
            continue
        text = heading_text(mark.element, whole)
        if text != whole:
            words = _words(text)
            agreement = max((_agreement(words, other) for other in stated_words), default=0.0) if words else 0.0
        if len(words) <= _FEW:
            agreement = min(agreement, _agreement_of_name(text, words, stated, stated_words))
        if not words or (agreement < 0.5 and mark.element.tag != "h1"):
            continue
        if words not in stated_words and (is_minor(text) or (agreement < 0.5 and is_hidden(mark.element))):
            continue
        level = {"h1": 1.0, "h2": 0.35, "h3": 0.1}.get(mark.element.tag, 0.5)
        score = level + 2.0 * agreement + _EQUAL * (words in stated_words)
        where = place(mark.element)
        if where & AWAY:
            score -= 0.6 if mark.element.tag == "h1" else 1.5
        if where & COMMENT:
            score -= 1.0
        if mark.says & HEADLINE:
            score += 0.15
        if _key(text) in names:
            score -= 2.0
        enough = agreement >= 0.5 or (mark.element.tag == "h1" and (ones == 1 or not stated_words) and len(words) >= 3)
        enough = enough or (mark.element.tag == "h1" and mark.prop != "h1")
        if enough and score > 0.9 and (best is None or score > best[0] + 1e-9):
            best = (score, mark, text)
    return (best[1], best[2]) if best else (None, None)


def _without_parts(heading: etree._Element, title: str, stated: list[str]) -> str:
    """*title* without elements at the ends of its *heading*, where a *stated* title is what remains."""
    keys = {_key(text) for text in stated}
    if not len(heading) or _key(title) in keys:
        return title
    keys |= {half for text in stated for pair in _halves(text) for half in pair}
    if _key(title) in keys:
        return title
    parts = (rest.strip(_AROUND) for rest in without_parts(heading, title))
    return next((rest for rest in parts if len(_words(rest)) > 1 and _key(rest) in keys), title)


def _corrected(title: str, found: Scan, linked: Linked, names: set[str]) -> str:
    """The heading's text; the title in JSON-LD and og:title where they show that the heading has a kicker or is another."""
    stated = [strip_site(plain(raw)[:MAX_TITLE], names) for raw in (_headline(linked), found.meta("og:title")) if raw]
    page = strip_site(found.page_title, names)
    keys = [_key(text) for text in stated]
    if _key(title) not in keys and (cut := _without_kicker(title, stated)) is not None:
        return cut
    if len(stated) == 2 and keys[0] == keys[1] != _key(title) and _all_agree(title, stated[0], page, found, names):
        return stated[0]
    return title


def _without_kicker(title: str, stated: list[str]) -> str | None:
    """*title* without the kicker before it: it ends with a title *stated* in metadata."""
    words = _WORD.findall(title.casefold())
    shown = _KICKER.split(title, maxsplit=1)
    for text in stated:
        kicked = _KICKER.split(text, maxsplit=1)
        if len(shown) == len(kicked) == 2 and _key(shown[1]) == _key(kicked[1]) and len(_words(shown[1])) >= _MIN_WORDS:
            longest = max(len(one[0].split()) for one in (shown, kicked))
            if longest <= _MAX_KICKER:  # each has a kicker of its own
                return shown[1]
        other = _WORD.findall(text.casefold())
        if _MIN_WORDS <= len(other) < len(words) and words[-len(other) :] == other:
            return text
    return None


def _all_agree(title: str, stated: str, page: str, found: Scan, names: set[str]) -> bool:
    """Whether *stated*, the title of both JSON-LD and og:title, is the headline and not a variant for search engines.

    It is the headline where the title element is neither the stated title nor the heading; and, if twitter:title has it too,
    where the title element is the heading, or where the stated title is the heading after a kicker.
    """
    if page and _key(stated) != _key(page) != _key(title):
        return True
    twitter = found.meta("twitter:title")
    if not twitter or _key(strip_site(plain(twitter)[:MAX_TITLE], names)) != _key(stated):
        return False
    kicked = _KICKER.split(stated, maxsplit=1)
    return _key(page) == _key(title) or (len(kicked) == 2 and _key(kicked[1]) == _key(title))


def _without_tail(title: str, texts: Iterable[str]) -> str:
    """*title* without a section or a site behind it, where one of *texts* is the same without."""
    for text in texts:
        if len(text) < len(title) and title.startswith(text) and len(_words(text)) >= _MIN_WORDS:
            tail = _TAIL.match(title, len(text))
            if tail is not None and len(title[tail.end() :].split()) <= _MAX_TAIL:
                return text
    return title


def _headline(linked: Linked) -> str | None:
    return string_of((linked.article or {}).get("headline"))


def _agreement(words: set[str], other: set[str]) -> float:
    """How much of the smaller of two sets of words is in the other, less when one is far smaller."""
    if not other:
        return 0.0
    shared = len(words & other)
    return 0.5 * shared / min(len(words), len(other)) + 0.5 * 2 * shared / (len(words) + len(other))


def _agreement_of_name(text: str, words: set[str], stated: list[str], stated_words: list[set[str]]) -> float:
    """The agreement of a heading of few words: with a long title only if that begins with it, not if it holds the name."""
    if any(_key(title).startswith(_key(text)) for title in stated):
        return 1.0
    return max((_agreement(words, other) for other in stated_words if len(other) <= _MANY), default=0.0)


def _words(text: str) -> set[str]:
    text = text.casefold()
    if _CJK.search(text):
        return {text[n : n + 2] for n in range(len(text) - 1)} | set(text if len(text) < 2 else ())
    return set(_WORD.findall(text))


def _key(text: str) -> str:
    """Letters and digits of *text* alone: how names of sites are compared."""
    return "".join(_WORD.findall(text.casefold()))
