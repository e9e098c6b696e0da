"""The title of a page: what a reader sees above the text, not what is made for search engines.

Candidates are the headings, JSON-LD, og:title and the title element.  The latter three are witnesses: they carry the site's
name and SEO variants, but a heading that shares words with them is the headline, whatever its level.  Where no heading
agrees with any witness the best witness is taken, without the site's name at its end or beginning.  What no witness has
before (a kicker) or behind (a section) is cut off the heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from broadsheet.pipelines.extract.metadata.jsonld import Linked, plain, string_of
from broadsheet.pipelines.extract.metadata.scan import AWAY, COMMENT, HEADLINE, Mark, Scan, place, text_of

MAX_TITLE = 500
_EQUAL = 0.15  # worth of a witness that says the same as a heading
_MIN_WORDS = 3  # of a title that may be cut out of a longer one
_MAX_TAIL = 3  # words of a section's or a site's name behind a title
_TAIL = re.compile(r"\s*[-–—|ㅣ/]+\s*")
_KICKER = re.compile(r"\s*[:–—|]\s+|\s+-\s+")
_SEPARATOR = re.compile(
    r"\s+(?:[|\-–—·•»«:~/>✓]|::|\|\|)\s+|\s*[|｜»]\s*|(?<=\w)(?:--|——)(?=\w)|_(?=[^\W\d_]+$)"
    r"|(?<=[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef”…])\s*[-–—_ㅣ]+\s*|ㅣ"
)
_WORD = re.compile(r"\w+")
_CJK = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Titles:
    """The title, and what else the page calls itself, without repeats.  ``heading`` is the element of the title."""

    title: str | None
    alternatives: tuple[str, ...]
    heading: Mark | None


def read_title(found: Scan, linked: Linked, site_names: Iterable[str]) -> Titles:
    """Choose the title among the candidates; *site_names* are what the site calls itself."""
    names = {key for name in site_names if (key := _key(name))}
    witnesses = _witnesses(found, linked)
    known = [_words(text) for text in dict.fromkeys(strip_site(text, names) for text in witnesses)]
    heading, title = _heading(found, known, names)
    if title is None:
        title = next(
            (strip_site(text, names) for text in witnesses if _key(strip_site(text, names)) not in names), None
        )
    if title is None and witnesses:
        title = strip_site(witnesses[0], names)
    elif heading is not None and title is not None:
        title = _corrected(title, found, linked, names)
    title = _without_tail(title, witnesses) if title else None
    others = dict.fromkeys(text for text in witnesses if text != title)
    return Titles(title, tuple(others)[:6], heading)


def site_behind(titles: Titles) -> list[str]:
    """What the page's other titles have behind its title: the site's name, if it is told nowhere else."""
    own = _key(titles.title or "")
    others = [key for one in titles.alternatives if (key := _key(one)).startswith(own) and key != own] if own else []
    return [key[len(own) :] for key in others]


def strip_site(text: str, names: set[str]) -> str:
    """*text* without the parts at its ends that are the site's name."""
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
    return any(key == name or (len(key) >= 4 and len(name) >= 4 and (key in name or name in key)) for name in names)


def _witnesses(found: Scan, linked: Linked) -> list[str]:
    """What the page calls itself out of sight, best first; what several say, several times."""
    article = linked.article or {}
    told = (
        string_of(article.get("headline")) or string_of(article.get("name")),
        found.meta("og:title"),
        found.meta("twitter:title"),
        found.meta("parsely-title", "sailthru.title", "dc.title", "citation_title", "title", "headline"),
        found.page_title,
    )
    return [text for raw in told if raw and (text := plain(raw)[:MAX_TITLE])]


def _heading(found: Scan, known: list[set[str]], names: set[str]) -> tuple[Mark | None, str | None]:
    """The heading that is the headline, and its text."""
    best: tuple[float, Mark, str] | None = None
    ones = sum(1 for mark in found.headings if mark.prop == "h1")
    props = [mark for mark in found.props if mark.prop in {"headline", "name headline"} and mark.element.tag != "meta"]
    for mark in [*found.headings[:60], *props[:3]]:
        text = text_of(mark.element, MAX_TITLE)
        words = _words(text)
        if not words:
            continue
        agreement = max((_agreement(words, other) for other in known), default=0.0)
        if agreement < 0.5 and mark.element.tag != "h1":
            continue
        level = {"h1": 1.0, "h2": 0.35, "h3": 0.1}.get(mark.element.tag, 0.5)
        score = level + 2.0 * agreement + _EQUAL * (words in known)
        where = place(mark.element)
        if where & AWAY:
            score -= 0.6 if mark.element.tag == "h1" else 1.5
        if where & COMMENT:
            score -= 1.0
        if mark.says & HEADLINE:
            score += 0.15
        if _key(text) in names:
            score -= 2.0
        enough = agreement >= 0.5 or (mark.element.tag == "h1" and (ones == 1 or not known) and len(words) >= 3)
        enough = enough or (mark.element.tag == "h1" and mark.prop != "h1")
        if enough and score > 0.9 and (best is None or score > best[0] + 1e-9):
            best = (score, mark, text)
    return (best[1], best[2]) if best else (None, None)


def _corrected(title: str, found: Scan, linked: Linked, names: set[str]) -> str:
    """The heading's text, or the witnesses' where they speak against it."""
    told = [strip_site(plain(raw)[:MAX_TITLE], names) for raw in (_headline(linked), found.meta("og:title")) if raw]
    page = strip_site(found.page_title, names)
    keys = [_key(text) for text in told]
    if _key(title) not in keys and (cut := _without_kicker(title, told)) is not None:
        return cut
    if len(told) == 2 and keys[0] == keys[1] != _key(title) and _all_agree(title, told[0], page, found, names):
        return told[0]
    return title


def _without_kicker(title: str, told: list[str]) -> str | None:
    """*title* without the kicker before it: it ends with a title *told* elsewhere."""
    words = _WORD.findall(title.casefold())
    for text in told:
        other = _WORD.findall(text.casefold())
        if _MIN_WORDS <= len(other) < len(words) and words[-len(other) :] == other:
            return text
    return None


def _all_agree(title: str, told: str, page: str, found: Scan, names: set[str]) -> bool:
    """Whether *told*, which JSON-LD and og:title have in common, is the headline and not a variant for search engines.

    It is where the title element says something else, and neither that nor the heading; where twitter:title has it too; and
    where all have the heading with a kicker before it.
    """
    if page and _key(told) != _key(page) != _key(title):
        return True
    twitter = found.meta("twitter:title")
    if not twitter or _key(strip_site(plain(twitter)[:MAX_TITLE], names)) != _key(told):
        return False
    kicked = _KICKER.split(told, maxsplit=1)
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


def _words(text: str) -> set[str]:
    text = text.casefold()
    if _CJK.search(text):
        return {text[n : n + 2] for n in range(len(text) - 1)} | set(text if len(text) < 2 else ())
    return set(_WORD.findall(text))


def _key(text: str) -> str:
    """Letters and digits of *text* alone: how names of sites are compared."""
    return "".join(_WORD.findall(text.casefold()))
