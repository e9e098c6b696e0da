"""One pass over the tree that gathers every candidate for the metadata: meta and link elements, JSON-LD, headings,
times, and elements whose class, id, itemprop or rel says author, date, tag or breadcrumb.

The readers of single fields (title, authors, dates ...) choose among the candidates and never walk the tree again; they
ask for an element's text and its ancestors, and both are bounded.  One scan is cheaper than an XPath query for each field.
Classes recur over the pages of a site, so their meanings are cached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice, pairwise

from lxml import etree

from broadsheet.pipelines.extract.metadata.jsonld import MAX_JSON, parse_json

MAX_ELEMENTS = 60_000  # looked at; a page has 1,000 on average
MAX_MARKS = 80  # candidates kept of one kind
MAX_DEPTH = 60  # ancestors asked about
_ATTRIBUTE = 240  # characters of an attribute that are read
_META = 20_000  # characters of a meta element's content that are kept

AUTHOR, DATE, AWAY, TAGS, CRUMBS, BIO, MODIFIED, LEAD, HEADLINE, LIVE, PAYWALL, COMMENT = (1 << n for n in range(12))

# What the words of classes begin with or hold; "_" stands for a border (any of - _ and the word's ends).
_SAYS: tuple[tuple[int, str], ...] = (
    (AUTHOR, """author autor byline by_line writer written auteur verfasser redakteur journalist contributor skribent reporter
             columnist forfatter creator signature redattore autore kirjoittaja toimittaja post_by postedby posted_by byname
             source_name _by_ kolumnist tekij _firma_ _vcard_ _submitted_"""),
    (DATE, """date _time _datum datum fecha timestamp publish publicat publicad posted pubtime _dato_ created erschienen
              veroeffentlich meta_info metainfo entry_meta post_meta postmeta article_meta dateline _time_ pub_time"""),
    (AWAY, """comment related sidebar side_bar footer recommend most_read mostread most_popular popular trending
    newsletter promo
              teaser widget read_more readmore read_next see_also more_from recirc carousel slider ticker latest similar
              breaking advert sponsor banner menu navi disqus reply also_like up_next next_post prev recent modal popup
              toplist search"""),
    (TAGS, "_tag_ _tags_ keyword _topic_ _topics_ schlagw tag_list tags_list"),
    (CRUMBS, "breadcrumb bread_crumb"),
    (BIO, "bio_ _bio biograph about_author about_the_author author_box author_card author_desc author_info_box author_profile portrait"),
    (MODIFIED, "updat modif aktualis lastmod last_edit actualiz"),
    (LEAD, "avatar photo image picture _img_ social share follow"),
    (HEADLINE, "title headline heading _h1 ueberschrift titel titulo titre titolo"),
    (LIVE, "live_blog liveblog liveticker live_ticker live_post live_feed"),
    (PAYWALL, "paywall pay_wall piano_ subscriber_only subscribers_only premium_content plus_content is_locked"),
    (COMMENT, "comment disqus reply respond komment"),
)  # fmt: skip
_STEMS: tuple[tuple[str, int], ...] = tuple((stem, bit) for bit, stems in _SAYS for stem in stems.split())
_BY_LETTERS: dict[tuple[str, ...], list[tuple[str, int]]] = {}  # by the first three
for _stem, _bit in _STEMS:
    _BY_LETTERS.setdefault(tuple(_stem[:3]), []).append((_stem, _bit))
_FIRST_LETTERS = frozenset(_BY_LETTERS)
_SKIP = frozenset(
    """br img source style path svg g use rect circle polygon line symbol defs option select input button iframe noscript
    form hr picture video audio track canvas template object embed param textarea colgroup col tbody thead
    tr""".split()  # noqa: SIM905 - a table of words
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3}
_TITLED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})  # their ids are made of their texts
_UNSEEN = frozenset({"script", "style", "noscript", "template", "rt", "rp", "button"})
_SPACE_AFTER = frozenset(
    {"br", "p", "div", "li", "h1", "h2", "h3", "h4", "section", "ul", "ol", "td", "tr", "dd", "dt", "summary"}
)


@dataclass(frozen=True, slots=True, eq=False)
class MarkedElement:
    """An element that may hold a value: where it stands in the order of elements, and what its attributes say."""

    element: etree._Element
    order: int
    says: int
    prop: str = ""


@dataclass(slots=True)
class Scan:
    """All candidates of one page, in page order."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)  # rel, href, title
    json_ld: list[str] = field(default_factory=list)
    page_title: str = ""
    headings: list[MarkedElement] = field(default_factory=list)
    authors: list[MarkedElement] = field(default_factory=list)
    dates: list[MarkedElement] = field(default_factory=list)
    changes: list[MarkedElement] = field(default_factory=list)  # what says modified, and not date
    times: list[MarkedElement] = field(default_factory=list)
    props: list[MarkedElement] = field(default_factory=list)
    tag_links: list[MarkedElement] = field(default_factory=list)
    crumbs: list[MarkedElement] = field(default_factory=list)
    license_links: list[str] = field(default_factory=list)
    paywall: bool = False
    live_posts: int = 0
    linked_headings: int = 0
    lang: str | None = None

    def meta(self, *names: str) -> str | None:
        """The first non-empty content of the first of *names* that the page has."""
        return next((value for name in names for value in self.metas.get(name, ()) if value), None)


@lru_cache(maxsize=16384)
def says(attribute: str) -> int:
    """The meaning of a class, id or itemprop, as bits."""
    bits = 0
    for word in attribute.split():
        bits |= _word_says(word)
    return bits


@lru_cache(maxsize=32768)
def _word_says(word: str) -> int:
    """The meaning of one word of a class, as bits.  Words recur from site to site, whole classes only within one."""
    if len(word) < 2 or ":" in word or "[" in word:  # the latter two: modifiers of utility classes
        return 0
    text = f"_{word.lower().replace('-', '_')}_"
    bits = 0
    for letters in _FIRST_LETTERS.intersection(zip(text, text[1:], text[2:], strict=False)):
        for stem, bit in _BY_LETTERS[letters]:
            if stem in text:
                bits |= bit
    return bits


def scan(root: etree._Element) -> Scan:
    """The candidates in the tree of *root*."""
    found = Scan(lang=(root.get("lang") or root.get("xml:lang") or "")[:40].strip() or None)
    for order, element in enumerate(islice(root.iter(etree.Element), MAX_ELEMENTS), 1):
        tag = element.tag
        if tag in _SKIP:
            continue
        if (special := _SPECIAL.get(tag)) is not None:
            special(found, element, order)
            if tag in _HEAD:
                continue
        names = element.keys()  # a question for a list of few names costs a fifth of one for an attribute
        if not names:
            continue
        get = element.get
        bits = says(name[:_ATTRIBUTE]) if "class" in names and (name := get("class")) else 0
        if "id" in names and tag not in _TITLED and (name := get("id")):
            bits |= says(name[:_ATTRIBUTE])
        prop = get("itemprop") if "itemprop" in names else None
        if not prop and "property" in names:
            prop = get("property")
        if prop or bits:
            _mark(found, element, order, bits, prop)
    return found


def _mark(found: Scan, element: etree._Element, order: int, bits: int, prop: str | None) -> None:
    if prop:
        prop = prop[:80].lower().rsplit(":", 1)[-1]
        if len(found.props) < 4 * MAX_MARKS:
            found.props.append(MarkedElement(element, order, bits, prop))
    if bits & AUTHOR and len(found.authors) < MAX_MARKS:
        found.authors.append(MarkedElement(element, order, bits))
    if bits & DATE and len(found.dates) < MAX_MARKS:
        found.dates.append(MarkedElement(element, order, bits))
    elif bits & MODIFIED and not bits & AWAY and len(found.changes) < MAX_MARKS:
        found.changes.append(MarkedElement(element, order, bits))
    if bits & CRUMBS and len(found.crumbs) < 6:
        found.crumbs.append(MarkedElement(element, order, bits))
    if bits & TAGS and not bits & AWAY and len(found.tag_links) < MAX_MARKS:
        found.tag_links.append(MarkedElement(element, order, bits))
    if bits & PAYWALL:
        found.paywall = True
    if bits & LIVE:
        found.live_posts += 1


def _meta(found: Scan, element: etree._Element, _: int) -> None:
    content = element.get("content")
    if content is None:
        content = element.get("value")
    if not content or len(found.metas) > 400:
        return
    content = content[:_META].strip()
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        if key := element.get(attribute):
            key = key[:80].strip().lower()
            if key == "parsely-page":
                _parsely(found, content)
                return
            values = found.metas.setdefault(key, [])
            if len(values) < 60:
                values.append(content)
            return


def _parsely(found: Scan, content: str) -> None:
    """What Parse.ly's element states as an object of JSON, as the elements that came after it name it."""
    stated = parse_json(content)
    for key, name in (("pub_date", "pub-date"), ("author", "author"), ("authors", "author"), ("title", "title")):
        value = stated.get(key) if isinstance(stated, dict) else None
        for one in value[:20] if isinstance(value, list) else [value]:
            if isinstance(one, str) and one.strip():
                found.metas.setdefault(f"parsely-{name}", []).append(one.strip())


def _link(found: Scan, element: etree._Element, _: int) -> None:
    rel, href = element.get("rel"), element.get("href")
    if rel and href and len(found.links) < 300 and len(href) < 4000:
        found.links.append((rel[:_ATTRIBUTE].lower(), href.strip(), (element.get("title") or "")[:_ATTRIBUTE]))


def _script(found: Scan, element: etree._Element, _: int) -> None:
    kind = element.get("type")
    if kind and "ld+json" in kind[:60].lower() and len(found.json_ld) < 40:
        text = element.text
        if text and len(text) <= MAX_JSON:
            found.json_ld.append(text)


def _title(found: Scan, element: etree._Element, _: int) -> None:
    if not found.page_title:
        found.page_title = text_of(element, 600)


def _heading(found: Scan, element: etree._Element, order: int) -> None:
    if len(found.headings) < 2 * MAX_MARKS:
        found.headings.append(
            MarkedElement(element, order, says((element.get("class") or "")[:_ATTRIBUTE]), element.tag)
        )
    if element.tag != "h1":
        parent = element.getparent()
        if (parent is not None and parent.tag == "a") or any(child.tag == "a" for child in islice(element, 3)):
            found.linked_headings += 1


def _time(found: Scan, element: etree._Element, order: int) -> None:
    if len(found.times) < MAX_MARKS:
        found.times.append(MarkedElement(element, order, says((element.get("class") or "")[:_ATTRIBUTE])))


_AUTHOR_FOLDERS = frozenset(
    """author authors autor autores autoren autorin auteur auteurs autore autori writer writers people person profile profiles
    contributor contributors by staff team redaktion journalist journalists profil bio columnist columnists kolumnisten
    skribent forfatter reporter reporters redaktor member members""".split()  # noqa: SIM905 - a table of words
)


def names_author(href: str) -> bool:
    """Whether *href* is that of an author's page: something below a folder of authors, or a handle of the site ("/@ann")."""
    if href.startswith("/@"):
        return True
    steps = href[:400].lower().split("/")
    return not _AUTHOR_FOLDERS.isdisjoint(steps[1:-1]) and any(
        step in _AUTHOR_FOLDERS and below and below[0] not in "?#" for step, below in pairwise(steps[1:])
    )


def _anchor(found: Scan, element: etree._Element, order: int) -> None:
    rel = element.get("rel")
    href = element.get("href")
    if rel:
        rel = rel[:_ATTRIBUTE].lower()
        if "author" in rel and len(found.authors) < MAX_MARKS:
            found.authors.append(MarkedElement(element, order, AUTHOR, "rel"))
            return
        if "tag" in rel.split() and len(found.tag_links) < MAX_MARKS:
            found.tag_links.append(MarkedElement(element, order, TAGS, "rel"))
        if "license" in rel and href and len(found.license_links) < 8:
            found.license_links.insert(0, href[:2000].strip())
    if href:
        if "creativecommons.org/" in href and len(found.license_links) < 8:
            found.license_links.append(href[:2000].strip())
        if names_author(href) and len(found.authors) < MAX_MARKS:
            found.authors.append(MarkedElement(element, order, AUTHOR, "path"))


_SPECIAL = {
    "meta": _meta,
    "link": _link,
    "script": _script,
    "title": _title,
    "h1": _heading,
    "h2": _heading,
    "h3": _heading,
    "time": _time,
    "relative-time": _time,  # GitHub's time elements, which others use too
    "time-ago": _time,
    "local-time": _time,
    "a": _anchor,
}
_HEAD = frozenset({"meta", "link", "script", "title"})


def text_of(element: etree._Element, limit: int = 400) -> str:
    """The visible text in *element*, white space normalised, read no further than about *limit* characters."""
    if not len(element):
        return " ".join((element.text or "")[: 4 * limit].replace("\xad", "").split())[:limit]
    parts: list[str] = []
    size = 0
    hidden = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        unseen = node.tag in _UNSEEN
        if event == "start":
            hidden += unseen
            piece = node.text if not hidden else None
        else:
            hidden -= unseen
            piece = node.tail if not hidden and node is not element else None
            if node.tag in _SPACE_AFTER:
                parts.append(" \n ")
        if piece:
            parts.append(piece[: 4 * limit])
            size += len(piece)
        if size > 4 * limit or len(parts) > 8 * limit:
            break
    return " ".join("".join(parts).replace("\xad", "").split())[:limit]


def lines_of(element: etree._Element, limit: int = 400) -> list[str]:
    """The pieces of text in *element*, one for each text node: what stands in separate elements stays apart."""
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        text = " ".join(str(piece[: 4 * limit]).split())
        if text:
            pieces.append(text)
            size += len(text)
        if size > limit or len(pieces) > 60:
            break
    return pieces


def spine_of(element: etree._Element | None) -> frozenset[etree._Element]:
    """The ancestors of *element*, the headline: their classes are about the whole page ("has-sidebar")."""
    return frozenset() if element is None else frozenset(element.iterancestors())


def place(element: etree._Element, spine: frozenset[etree._Element] = frozenset(), *, itself: bool = False) -> int:
    """What the ancestors of *element* up to the *spine*, and *itself*, say, as bits; aside, footer and nav count as away."""
    bits = 0
    around = chain((element,), element.iterancestors()) if itself else element.iterancestors()
    for above, _ in zip(around, range(MAX_DEPTH), strict=False):
        if above.tag == "body" or above in spine:
            break
        if above.tag in _AWAY_TAGS:
            bits |= AWAY
        if name := above.get("class"):
            bits |= says(name[:_ATTRIBUTE])
        if name := above.get("id"):
            bits |= says(name[:_ATTRIBUTE])
    return bits


_AWAY_TAGS = frozenset({"aside", "footer", "nav"})
