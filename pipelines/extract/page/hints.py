"""Hints: the purposes of an element that its class names, ids and roles name, as bits of an integer.

The words are those that templates of news sites and blogs use, in the languages whose words end up in class names.  A
hint is evidence and never a verdict: classes are hashed, generic or wrong on many sites.  Bits, because they are joined
up and down the tree for every element; a bounded cache, because the elements of a site share their classes.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS: tuple[tuple[str, str], ...] = (  # earlier ones win where two begin at the same place
    ("comment", r"comment|disqus|respond|reply|kommentar|discussion|livefyre|reaction"),
    ("newsletter", r"newsletter|subscri|sign-?up|mailing|mailchimp|opt-?in|email-?form|abonn"),
    ("cookie", r"cookie|consent|gdpr|privacy|onetrust|didomi"),
    ("share", r"share|sharing|social|addthis|addtoany|sns|follow|facebook|whatsapp|pinterest|like-?button"),
    ("embed", r"embed|tweet|twitter|instagram|tiktok|oembed"),
    ("related", r"relat(?!iv)|recommend|read-?more|read-?next|see-?also|more-?(?:on|from|stories|news|articles)|also-?(?:read|like)"
                r"|similar|further|suggest|yarpp|taboola|outbrain|mehr-?zum|weitere|lire-?aussi|leia-?mais|up-?next|next-?article"),
    ("popular", r"popular|most-?(?:read|viewed|shared|popular|recent)|trending|top-?(?:stories|news|posts)|latest|recent|meistgelesen"
                r"|hot-?(?:news|topics)|ranking|mest-?lest|mas-?leido|plus-?lus"),
    ("nav", r"nav|menu|breadcrumb|pagina|pager|skip-?(?:link|to)|toolbar|burger|tabs?(?![a-z])"),
    ("author", r"author|byline|by-?line|writer|autor|auteur|contributor|journalist|reporter|skribent|verfasser|vcard"),
    ("biography", r"\bbio(?![a-z])|biograph|about-?(?:the-?)?author|author-?(?:box|info|desc|card|profile|about)|profile"),
    ("caption", r"caption|legende|bildunterschrift|bildtext|cutline|wp-?caption"),
    ("credit", r"credit|copyright|photographer|image-?source|fotograf"),
    ("tags", r"\btags?(?![a-z])|tag-?(?:list|cloud|links)|keyword|topics?(?![a-z])|categor|hashtag|label|taxonom|filed"),
    ("date", r"date|time(?!line)|publish|posted|updated|datum|fecha|pubdate"),
    ("standfirst", r"standfirst|stand-?first|\blead(?![a-z])|lede|\bdek(?![a-z])|deck|intro(?!duc)|sub-?(?:head|title|heading)|summary|excerpt"
                   r"|strapline|chapo|vorspann|teaser-?text|ingress|manchet|sommario|copete|bajada|entradilla"),
    ("headline", r"headline|title(?!s)|heading"),
    ("ad", r"\bads?(?![a-z])|advert|sponsor|adsbygoogle|banner|dfp|gpt|commercial|affiliate|anzeige|werbung|publicid"),
    ("promo", r"promo|teaser|call-?to-?action|\bcta(?![a-z])|donat|support-?us|campaign|widget|product|shop|deal"),
    ("card", r"\bcard|tile|thumb|carousel|slider|grid-?item|listing|feed|river|archive"),
    ("paywall", r"paywall|premium|subscriber|registration|metered|piano|locked"),
    ("sidebar", r"side-?bar|aside|\brail(?![a-z])|right-?col|left-?col|secondary|complement"),
    ("footer", r"foot|colophon|bottom|legal|disclaimer|imprint"),
    ("header", r"header|masthead|\btop-?bar|site-?head|branding|logo"),
    ("figure", r"figure|image|photo|picture|gallery|slideshow|media|video|player|lightbox|foto|bild"),
    ("toc", r"\btoc(?![a-z])|table-?of-?contents|jump-?link|on-?this-?page|inhaltsverzeichnis"),
    ("box", r"info-?box|fact-?box|fact|side-?note|call-?out|pull-?quote|highlight|key-?(?:points|takeaways)|box"),
    ("modal", r"modal|popup|pop-?up|overlay|dialog|tooltip|dropdown|drawer|lightbox|toast|alert|notice"),
    ("hidden", r"hidden|screen-?reader|sr-?only|visually|invisible|display-?none|print-?only|noprint|no-?print"),
    ("form", r"form|input|login|log-?in|search|contact|button|btn"),
    ("meta", r"meta|info(?![a-z]*box)|details|stats|rating|reading-?time|views"),
    ("article", r"article|story|\bpost(?![a-z])|blog|entry|h-?entry|news-?item"),
    ("body", r"article-?(?:body|text|content)|story-?(?:body|text|content)|post-?(?:body|content|text)|entry-?content|article__body"
             r"|body-?(?:copy|text)|articlebody|rich-?text|prose|the-?content|maincontent|markdown|wysiwyg|paragraph|textblock"),
    ("content", r"content|main|\btext|body|page"),
)  # fmt: skip
NAMES = tuple(name for name, _ in _WORDS)
BIT = {name: 1 << number for number, name in enumerate(NAMES)}
_PATTERNS = {BIT[name]: re.compile(pattern).search for name, pattern in _WORDS}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MAX = 240  # characters of class names that are looked at
NOT_BODY = sum(BIT[name] for name in (
    "comment", "newsletter", "cookie", "share", "related", "popular", "nav", "biography", "tags", "ad", "promo", "paywall",
    "sidebar", "footer", "modal", "form",
))  # fmt: skip


def read_hints(names: str) -> int:
    """The bits of a string of class names, ids and roles; 0 for none."""
    bits = 0
    for name in names[:_MAX].split():
        bits |= _hints_of_one(name)
    return bits


hints_of = lru_cache(maxsize=16384)(read_hints)  # for those who do not remember what they have read themselves


_BRANCH = re.compile(r"\|(?![^(]*\))")  # between words, and not within a group
_OPTIONAL = re.compile(r"(.)\?")
_NO_PATTERN = re.compile(r"[^\\()\[\]?]+")
_LETTERS = 3
_Sign = tuple[str, int, bool]  # the beginning of a word, its hint, and whether that is all of the word


def _spellings(word: str) -> list[str]:
    """*word* with each of its optional letters, and without."""
    optional = _OPTIONAL.search(word)
    if optional is None:
        return [word]
    before, after = word[: optional.start()], word[optional.end() :]
    return [one + rest for one in (before + optional[1], before) for rest in _spellings(after)]


def _signs() -> dict[tuple[str, ...], tuple[_Sign, ...]]:
    """The words by their first letters: a pattern is tried only for names that have those."""
    table: dict[tuple[str, ...], tuple[_Sign, ...]] = {}
    for name, pattern in _WORDS:
        for word in _BRANCH.split(pattern):
            for spelling in _spellings(word.removeprefix(r"\b").partition("(")[0]):
                whole = _NO_PATTERN.fullmatch(word.replace("?", "")) is not None
                letters = tuple(spelling[:_LETTERS])
                table[letters] = (*table.get(letters, ()), (spelling, BIT[name], whole))
    return table


_SIGNS = _signs()
_FIRST_LETTERS = frozenset(_SIGNS)
_SHORT = tuple(sign for letters, signs in _SIGNS.items() if len(letters) < _LETTERS for sign in signs)


@lru_cache(maxsize=16384)
def _hints_of_one(name: str) -> int:
    words = (name if name.islower() else _CAMEL.sub("-", name).lower()).replace("_", "-")
    bits = candidates = 0
    for letters in _FIRST_LETTERS.intersection(zip(words, words[1:], words[2:], strict=False)):
        for beginning, bit, whole in _SIGNS[letters]:
            if beginning in words:
                if whole:
                    bits |= bit
                else:
                    candidates |= bit
    for beginning, bit, _ in _SHORT:
        if beginning in words:
            candidates |= bit
    candidates &= ~bits
    while candidates:
        bit = candidates & -candidates
        if _PATTERNS[bit](words):
            bits |= bit
        candidates ^= bit
    return bits


def has(bits: int, *names: str) -> bool:
    """Whether *bits* has one of the hints *names*."""
    return any(bits & BIT[name] for name in names)
