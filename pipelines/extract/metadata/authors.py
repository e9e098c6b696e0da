"""The authors of a page, as a clean list of persons and organisations, and the byline as printed.

Evidence in order of trust: JSON-LD author nodes; meta elements; itemprop; bylines near the headline (links to author pages
are whole names, other text is read by `names`).  JSON-LD and meta often name no more than the site or a login where the page
prints a person: such a claim yields to a byline that names persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.extraction import Person
from broadsheet.pipelines.extract.metadata.byline_cut import joins
from broadsheet.pipelines.extract.metadata.date_place import is_of_others
from broadsheet.pipelines.extract.metadata.jsonld import Linked, string_of, types_of
from broadsheet.pipelines.extract.metadata.names import has_lead_in, lead_in_cut, names_in, plausible
from broadsheet.pipelines.extract.metadata.scan import (
    AUTHOR,
    AWAY,
    BIO,
    COMMENT,
    LEAD,
    MarkedElement,
    Scan,
    lines_of,
    names_author,
    place,
    says,
    spine_of,
    text_of,
)
from broadsheet.pipelines.extract.metadata.signatures import signed_by
from broadsheet.pipelines.extract.metadata.title import Titles
from broadsheet.pipelines.extract.page.page import Page

_MAX_ADDRESS = 2000  # characters of an author's URL
MAX_TITLE = 500  # characters of the headline that are compared
_METAS = (
    "author", "article:author_name", "parsely-author", "sailthru.author", "byl", "og:article:author", "article:author",
    "dc.creator", "dc:creator", "dcterms.creator", "citation_author", "cxenseparse:author", "og:author", "creator",
    "dcsext.author", "article_author", "shareaholic:article_author_name", "authors", "cse_author", "author_name",
    "twitter:misc:written by", "vr:author", "bt:author", "rbauthors",
)  # fmt: skip
_WRITTEN = ("written by", "by", "author", "authors", "geschrieben von", "verfasst von", "von", "autor", "écrit par", "par", "publié par",
            "escrito por", "por", "scritto da", "door", "geschreven door", "av", "skrevet av", "skriven av", "af", "автор",
            "написано автором", "napisane przez", "autor:", "yazan", "作者", "auteur", "di", "verfasst von:", "forfatter",
            "författare", "kirjoittaja", "escrito por:", "penulis", "ditulis oleh", "執筆者")  # fmt: skip


_AUTHOR_PROPS = frozenset({"author", "name author", "author name", "creator", "byline", "rel"})
_GOOGLE = frozenset({"google+", "googleplus", "google"})  # what rel=author stood on, once, and is no name
_ANY_NAME = "Ann"
_NOWHERE = -2.0  # score of a byline far from the headline, in an element that holds other articles or a sidebar


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors, and the text they were read from when it stands in the page."""

    authors: tuple[Person, ...] = ()
    raw: str | None = None


@dataclass(slots=True)
class _Claim:
    """The authors that one source names: JSON-LD, meta elements, or a byline of the page."""

    people: dict[str, Person]
    raw: str | None = None
    sure: bool = True  # False: the byline stands far from the headline, and no "By" introduces it

    def fits(self, site_keys: set[str]) -> bool:
        """Whether somebody other than the site itself is named."""
        return any(_key(person.name) not in site_keys for person in self.people.values())


def read_authors(found: Scan, linked: Linked, page: Page, site_names: Iterable[str], titles: Titles) -> Byline:
    """Choose among what the *page* says of its authors."""
    url, title = page.url, titles.heading
    publisher = string_of(linked.follow((linked.article or {}).get("publisher")))
    labels = (urlsplit(url).hostname or "").split(".") if url else []
    site_keys = {key for name in (*site_names, publisher or "", *labels) if (key := _key(name))}
    stated, printed = [_from_json_ld(linked), _from_metas(found)], _from_page(found, title)
    claims = [*stated, printed]
    named = [claim for claim in claims if claim.people and (claim.sure or not any(one.people for one in stated))]
    best = next((claim for claim in named if claim.fits(site_keys)), None)
    if best is None:  # nobody is named, or the site alone
        headline = text_of(title.element, MAX_TITLE) if title else titles.title
        names, line = signed_by(page.blocks, headline, spine_of(title.element if title else None))
        if names or not named:
            return Byline(tuple(Person(name) for name in names), line)
        best = named[0]
    return Byline(
        tuple(Person(one.name, _address(page.resolver, one.url)) for one in best.people.values()), printed.raw
    )


def _add(claim: _Claim, names: Iterable[str], url: str | None = None) -> None:
    names = list(names)
    for name in names:
        claim.people.setdefault(_key(name), Person(name, url if len(names) == 1 else None))


def _from_json_ld(linked: Linked) -> _Claim:
    claim = _Claim({})
    if linked.article is None:
        return claim
    for key in ("author", "creator"):
        value = linked.article.get(key)
        for item in (value if isinstance(value, list) else [value])[:30]:
            item = linked.follow(item)
            if isinstance(item, dict):
                kinds = types_of(item)
                target = item.get("url") or item.get("sameAs")
                given = item.get("name") or _given_name(item)
                for name in (given if isinstance(given, list) else [given])[:30]:
                    if text := string_of(name):
                        whole = bool(kinds & {"organization", "newsmediaorganization"})
                        _add(claim, names_in(text, organisation=whole), target if isinstance(target, str) else None)
            elif isinstance(item, str) and (text := string_of(item)):
                _add(claim, names_in(text))
        if claim.people:
            break
    return claim


def _given_name(item: dict[str, object]) -> str | None:
    """The name of a person that schema.org's givenName and familyName state."""
    parts = [string_of(item.get(key)) for key in ("givenName", "additionalName", "familyName")]
    return " ".join(filter(None, parts)) or None


def _from_metas(found: Scan) -> _Claim:
    claim = _Claim({})
    for n in range(1, 4):
        label = (found.meta(f"twitter:label{n}") or "").casefold().strip()
        if label in _WRITTEN and (value := found.meta(f"twitter:data{n}")):
            _add(claim, names_in(value))
    for key in _METAS:
        if claim.people:
            break
        for value in found.metas.get(key, ())[:30]:
            if not value.startswith(("http:", "https:", "//", "/", "www.")):
                _add(claim, names_in(value))
    return claim


def _from_page(found: Scan, title: MarkedElement | None) -> _Claim:
    """The best byline in the page: nearest after the headline, not in comments, lists of other articles or biographies."""
    anchor = title.order if title else None
    props = [mark for mark in found.props if mark.prop in _AUTHOR_PROPS]
    spine = spine_of(title.element if title else None)
    placed = [(mark, where) for mark in (*props, *found.authors) if not (where := place(mark.element, spine)) & COMMENT]
    scored = [(_score(mark, where, anchor), mark) for mark, where in placed if not mark.says & COMMENT]
    for score, mark in sorted(scored, key=lambda pair: (-pair[0], pair[1].order)):
        claim = _claim(mark)
        if not claim.people:
            continue
        if is_of_others(mark.element, spine):
            continue
        introduced = has_lead_in(claim.raw or "") or mark.prop in _AUTHOR_PROPS
        if score > _NOWHERE or introduced or "author" in (mark.element.get("class") or "")[:240].lower():
            claim.sure = score >= 0 or introduced
            return claim
    return _Claim({})


def _score(mark: MarkedElement, where: int, anchor: int | None) -> float:
    score = 0.0
    score -= 3.0 * bool((where | mark.says) & AWAY)
    score -= 1.0 * bool((where | mark.says) & BIO)
    score -= 0.5 * bool((where | mark.says) & LEAD)
    score += {"rel": 0.8, "path": 0.5}.get(mark.prop, 0.9 if mark.prop else 0.6)
    if anchor is not None:
        distance = mark.order - anchor
        score += 1.5 if 0 < distance < 60 else 0.8 if -25 < distance <= 0 else 0.0
    return score


def _claim(mark: MarkedElement) -> _Claim:
    element = mark.element
    claim = _Claim({})
    if element.tag == "meta" or (mark.prop and element.get("content")):
        _add(claim, names_in(element.get("content") or ""))
        return claim
    if element.tag == "a":
        claim.raw = text_of(element, 200)
        if claim.raw.replace(" ", "").casefold() in _GOOGLE:
            return claim
        _add(claim, _names_of(element), element.get("href"))
        return claim
    text = text_of(element, 400)
    if not text and mark.prop and (inner := element.find("meta[@itemprop='name']")) is not None:
        _add(claim, names_in(inner.get("content") or ""))
    if not text or len(text) > 300:
        return claim
    claim.raw = text
    links = [link for link in list(element.iter("a"))[:30] if _is_author_link(link)]
    for link in links:
        name = lead_in_cut(text_of(link, 120)).strip()
        if plausible(name):
            _add(claim, names_in(name), link.get("href"))
    if claim.people:
        return claim
    if has_lead_in(text) or len(text) <= 80:
        _add(claim, _names_of(element))
    return claim


def _names_of(element: etree._Element) -> tuple[str, ...]:
    """The names in a byline: those of the first of its pieces of text that has any, and of pieces that are joined to it.

    Text in an element of its own after the name is the person's role."""
    lines = lines_of(element, 400)
    kept: list[str] = []
    for at, line in enumerate(lines):
        if kept and not joins(kept[-1], line):
            break
        if kept or (names_in(line) and not _is_no_name(line, lines[at + 1 :])):
            kept.append(line)
    return names_in(" ".join(kept))


def _is_no_name(line: str, after: list[str]) -> bool:
    """Whether *line* is the word before a name ("di"), the outlet before "by", or the initials of the name after it (shown in
    place of a portrait)."""
    if not after:
        return False
    if lead_in_cut(f"{line} {_ANY_NAME}") == _ANY_NAME:
        return True
    return (line.isupper() and line == "".join(word[0] for word in after[0].split())) or (
        line.islower() and " " not in line and has_lead_in(after[0])
    )


def _is_author_link(link: etree._Element) -> bool:
    rel = link.get("rel") or ""
    return (
        "author" in rel or names_author(link.get("href") or "") or bool(says((link.get("class") or "")[:240]) & AUTHOR)
    )


def _address(resolver: Resolver, target: str | None) -> str | None:
    return resolver.target(target) if target and len(target) <= _MAX_ADDRESS else None


def _key(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
