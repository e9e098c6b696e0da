"""Whether two answers of one site are the same page: by what they say of themselves, or by what they say.

*canonical* counts where the page that it names answers and says the same of itself.  Else the text outside links is compared
by its blocks, and the links by their paths: a list's next page may have the words of the first.  Under the same title a short
page may say in a few words that it is shown in another language or currency: there the bytes of text count, too.  A page for
print or for telephones is the same page when it has the same headline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from zlib import crc32

from broadsheet.crawler.bounds.family import Member, without_session
from broadsheet.crawler.bounds.form import split_url
from broadsheet.crawler.discovery.links import scanned_links
from broadsheet.crawler.discovery.scan import scan_page
from broadsheet.crawler.discovery.urls import dedupe_key

MAX_CONTENT = 1024 * 1024  # bytes of a page that are compared
_OTHER_FORM = frozenset(("amp", "print", "mobile", "comment page", "share", "parameter amp", "parameter print"))
_SAME = 0.8  # share of blocks, and of links, that two copies have in common: dates, boxes and counters change
_SAME_TEXT = 0.9  # share of the bytes of text, under the same title and headline
_TAGS = re.compile(
    rb"<(script|style|a|noscript|svg)\b.*?</\1\s*>"
    rb"|<(/?(?:p|div|li|h\d|td|br|article|section|main|ul|body)\b)[^>]*>|<[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_HEADLINE = re.compile(rb"<h1\b[^>]*>(.*?)</h1\s*>", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(rb"<title\b[^>]*>(.*?)</title\s*>", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(rb"<[^>]*>")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What of a page is compared.  ``headline`` is the first h1, or the title; ``blocks`` are the checksums of its blocks of
    text, with their bytes; ``links`` are pairs of path and query."""

    url: str
    canonical: str | None
    headline: bytes
    title: bytes
    blocks: Mapping[int, int]
    links: Set[tuple[str, str]]


def page_facts(url: str, content: bytes, content_type: str) -> PageFacts:
    """What the page *content* at *url* says."""
    content = content[:MAX_CONTENT]
    read = scanned_links(scan_page(content, url, content_type))
    title = _TITLE.search(content)
    first = _HEADLINE.search(content) or title
    text = _TAGS.sub(lambda match: b"\n" if match[2] else b" ", content)
    blocks = {crc32(plain := b" ".join(line.split())): len(plain) for line in text.split(b"\n") if line.strip()}
    links = set()
    for link in read.outlinks:
        if link.hop == "L":
            _, path, query = split_url(dedupe_key(link.url))
            links.add((without_session(path), query))
    return PageFacts(url, read.canonical, _words_of(first), _words_of(title), blocks, links)


def is_same(sample: PageFacts, primary: PageFacts, rules: Set[str], of: Callable[[str], Member]) -> bool:
    """Whether *sample*, which differs from *primary* by *rules*, is the same page.  *of* puts a URL into its family."""
    family = of(primary.url).key
    if sample.canonical is not None and _is(sample.canonical, primary.url):
        return primary.canonical is None or _is(primary.canonical, primary.url)
    if sample.canonical is not None and primary.canonical is not None:
        both = of(sample.canonical), of(primary.canonical)
        if both[0].key != both[1].key:
            return False  # each says that it is a page of its own
        if both[0].key == family and _is(sample.canonical, primary.canonical):
            return True
    if rules & _OTHER_FORM and sample.headline and sample.headline == primary.headline:
        return True
    return _has_same_text(sample, primary) and _alike(
        _targets(sample, primary, rules), _targets(primary, sample, rules)
    )


def _is(one: str, other: str) -> bool:
    return dedupe_key(one) == dedupe_key(other)


def _words_of(element: re.Match[bytes] | None) -> bytes:
    return b"" if element is None else b" ".join(_MARKUP.sub(b" ", element[1]).split())


def _has_same_text(one: PageFacts, other: PageFacts) -> bool:
    if _alike(one.blocks.keys(), other.blocks.keys()):
        return True
    if not one.title or (one.title, one.headline) != (other.title, other.headline):
        return False
    all_bytes = sum({**one.blocks, **other.blocks}.values())
    return sum(one.blocks[block] for block in one.blocks.keys() & other.blocks.keys()) >= _SAME_TEXT * all_bytes


def _alike(one: Set[object], other: Set[object]) -> bool:
    return not (one or other) or len(one & other) >= _SAME * len(one | other)


def _targets(page: PageFacts, other: PageFacts, rules: Set[str]) -> Set[object]:
    """Where the links of *page* lead, without the parameters that *rules* speak of."""
    names = {rule.removeprefix("parameter ").partition(" at ")[0] for rule in rules if rule.startswith("parameter ")}
    names |= {pair.partition("=")[0].lower() for facts in (page, other) for pair in split_url(facts.url)[2].split("&")}
    kept = set()
    for path, query in page.links:
        pairs = [pair for pair in query.split("&") if pair and pair.partition("=")[0].lower() not in names]
        kept.add((path.rstrip("/"), "&".join(sorted(pairs))))
    return kept
