"""What a person types -> a tree.  Whatever is typed means something: what is no query is read as words.

    harbour lighthouse          both words
    "old lighthouse"            the words side by side
    storm OR tempest            either;  | is OR, & and AND are what a space is
    storm NOT winter, -winter   without
    light*                      words that begin so
    title:harbour               in a field: title, standfirst, text, caption, author
    site:gazette.example        by a facet: site, section, language, type, status, rights, tag
    date:2026-03                published then: a year, month or day; date:2026-01..2026-03
    (a OR b) c                  groups

AND binds closer than OR.  Operators are in capitals, as in Lucene and in SolrWayback, so that "and" is a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.pipelines.search.words import words_of

MAX_QUERY = 2_000  # characters; what comes after is not read
MAX_TERMS = 64
_MAX_DEPTH = 24

TEXT_FIELDS = {
    "title": "title",
    "standfirst": "standfirst",
    "text": "body",
    "body": "body",
    "caption": "captions",
    "captions": "captions",
    "author": "authors",
    "authors": "authors",
    "by": "authors",
}
FACET_FIELDS = {
    "site": "site",
    "host": "site",
    "section": "section",
    "language": "language",
    "lang": "language",
    "type": "type",
    "status": "status",
    "rights": "rights",
    "tag": "tag",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side, folded; one word is a phrase, too.  ``field`` is a column of the index, None for all."""

    words: tuple[str, ...]
    field: str | None = None
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class FacetTerm:
    """Articles with that value of a facet, in any case."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class DateTerm:
    """Articles published from the beginning of ``first`` to the end of ``last``: ``2026``, ``2026-03``, ``2026-03-09``."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Articles that all of ``parts`` find."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Articles that one of ``parts`` finds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Articles that ``part`` does not find."""

    part: Query


Query = Phrase | FacetTerm | DateTerm | AllOf | AnyOf | Without

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\))
      | (?P<or>OR(?=[\s()]|$)|\|+) | (?P<and>AND(?=[\s()]|$)|&+) | (?P<not>NOT(?=[\s(]|$)|[-!](?=\S))
      | (?:(?P<field>[A-Za-z]{2,12}):)?(?:"(?P<quoted>[^"]*)"? | (?P<bare>[^\s()"|&]+))
    )""",
    re.VERBOSE,
)
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def parse_query(text: str) -> Query | None:
    """The query *text*; None for one that asks for nothing."""
    whole = text[:MAX_QUERY].encode("utf-8", "replace").decode()  # half a character is none
    return _Parser(whole).parse()


def phrases_of(query: Query | None) -> list[Phrase]:
    """The phrases that what *query* finds has: those that are not under a NOT."""
    match query:
        case Phrase():
            return [query]
        case AllOf(parts) | AnyOf(parts):
            return [phrase for part in parts for phrase in phrases_of(part)]
        case _:
            return []


class _Parser:
    """Recursive descent over the tokens; every rule takes what it can and gives None for nothing."""

    def __init__(self, text: str) -> None:
        self._tokens = [match for match in _TOKEN.finditer(text) if match.lastgroup is not None]
        self._at = 0
        self._terms = 0

    def parse(self) -> Query | None:
        parts = []
        while self._at < len(self._tokens):
            if (part := self._any_of(0)) is not None:
                parts.append(part)
            if self._kind() == "close":  # one too many
                self._at += 1
        return _joined(AllOf, parts)

    def _kind(self) -> str | None:
        if self._at >= len(self._tokens):
            return None
        match = self._tokens[self._at]
        return next((name for name in ("open", "close", "or", "and", "not") if match[name] is not None), "term")

    def _any_of(self, depth: int) -> Query | None:
        parts = [self._all_of(depth)]
        while self._kind() == "or":
            self._at += 1
            parts.append(self._all_of(depth))
        return _joined(AnyOf, [part for part in parts if part is not None])

    def _all_of(self, depth: int) -> Query | None:
        parts = []
        while (kind := self._kind()) not in (None, "or", "close"):
            if kind == "and":
                self._at += 1
            elif (part := self._one(depth)) is not None:
                parts.append(part)
        return _joined(AllOf, parts)

    def _one(self, depth: int) -> Query | None:
        kind = self._kind()
        if kind == "not":
            self._at += 1
            part = self._one(depth + 1) if self._kind() in ("term", "open") else None
            return None if part is None else Without(part)
        if kind == "open":
            self._at += 1
            if depth >= _MAX_DEPTH:
                return None
            part = self._any_of(depth + 1)
            if self._kind() == "close":
                self._at += 1
            return part
        match = self._tokens[self._at]
        self._at += 1
        if self._terms >= MAX_TERMS:
            return None
        self._terms += 1
        return _term(match["field"], match["quoted"], match["bare"])


def _term(field: str | None, quoted: str | None, bare: str | None) -> Query | None:
    value = quoted if quoted is not None else bare or ""
    name = (field or "").lower()
    if name == "date" and (dates := _dates(value)) is not None:
        return dates
    if name in FACET_FIELDS:
        return FacetTerm(FACET_FIELDS[name], " ".join(value.split())) if value.strip() else None
    prefix = quoted is None and len(value) > 1 and value.endswith("*")
    if field is not None and name not in TEXT_FIELDS:  # no field of ours: "12:30", "http://..."
        value = f"{field}:{value}"
    words = tuple(words_of(value))
    return Phrase(words, TEXT_FIELDS.get(name), prefix) if words else None


def _dates(value: str) -> DateTerm | None:
    first, between, last = value.partition("..")
    known = [one for one in (first, last) if one]
    if not known or not all(_DATE.fullmatch(one) for one in known):
        return None
    return DateTerm(first or "0001", last or "9999") if between else DateTerm(first, first)


def _joined(kind: type[AllOf] | type[AnyOf], parts: list[Query]) -> Query | None:
    if len(parts) > 1:
        return kind(tuple(parts))
    return parts[0] if parts else None
