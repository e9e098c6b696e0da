"""A query and chosen facets -> hits, counts of facets, a histogram over months.

SQLite says which articles have the words and how well (FTS5, bm25); everything else is arithmetic over arrays
(`columns`): each node of the query's tree gives a mask over all articles.  Words alone, joined by AND and OR, are asked
of FTS5 as one expression, so the usual query is one question.
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass, field

import numpy as np

from broadsheet.pipelines.search.columns import (
    FACETS,
    Codes,
    Floats,
    Ints,
    Mask,
    SearchColumns,
    generation_of,
    load_columns,
)
from broadsheet.pipelines.search.hits import Hit, hits_of
from broadsheet.pipelines.search.index import SearchIndex
from broadsheet.pipelines.search.query_language import (
    AllOf,
    AnyOf,
    DateTerm,
    FacetTerm,
    Phrase,
    Query,
    Without,
    parse_query,
    phrases_of,
)
from broadsheet.pipelines.search.words import phrase_tokens, words_of

SORTS = ("relevance", "newest", "oldest")
PAGE_HITS = 20
_MOST_RANKED = 8_000  # hits of words that are so common that their order by them says nothing
_WEIGHTS = "10.0, 4.0, 1.0, 2.0, 3.0"  # of title, standfirst, body, captions, authors
_LOOKED_AT = 60  # of the best hits: is a title what was typed?
LISTING_WEIGHT = 0.4  # what the score of a list of articles is worth beside that of an article


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked for: a query as typed, chosen values by facet, months ``2026-03`` (inclusive), an order, and which page.

    ``folded``: of versions, copies and near-duplicates the first alone is shown; ``like`` the number of an article whose group
    alone is shown; ``size`` is how many hits a page has.
    """

    text: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: str | None = None
    until: str | None = None
    sort: str = "relevance"
    page: int = 1
    folded: bool = True
    like: int | None = None
    size: int = PAGE_HITS


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a facet, and how many of the articles found have it."""

    value: str
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A month, ``2026-03``, and how many of the articles found are of it."""

    month: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``found`` articles, in ``groups`` of duplicates; ``hits`` of the page.  Counts of a facet heed all choices but its own,
    the histogram all but that of months; ``undated`` have no date."""

    found: int
    groups: int
    articles: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    months: tuple[MonthCount, ...]
    undated: int


class Searcher:
    """Searches *index*.  For several threads; what an update adds is found at once."""

    def __init__(self, index: SearchIndex) -> None:
        self.index = index
        self._columns: SearchColumns | None = None
        self._lock = threading.Lock()

    def columns(self, db: sqlite3.Connection) -> SearchColumns:
        """The columns of all articles, as the index has them now."""
        with self._lock:
            if self._columns is None or self._columns.generation != generation_of(db):
                self._columns = load_columns(db)
            return self._columns

    def search(self, request: SearchRequest, *, most_values: int = 12) -> SearchResult:
        """The page of hits that *request* asks for, with at most *most_values* of each facet.

        Raises:
            BadInput: the query takes too long.
            BrokenEnvironment: the index cannot be read.
        """
        with self.index.reading() as db:
            columns = self.columns(db)
            query = parse_query(request.text)
            found, scores = _Evaluation(db, columns).of(query)
            selection = _Selection(columns, request, found)
            mask = selection.all()
            order = _ordered(columns, mask, scores, request.sort)
            shown, others = _folded(columns, order) if request.folded and request.like is None else (order, None)
            if request.sort == SORTS[0]:
                shown, others = _exact_first(db, columns, query, shown, others)
            here = slice((max(1, request.page) - 1) * request.size, max(1, request.page) * request.size)
            places = shown[here]
            counts = None if others is None else others[here]
            return SearchResult(
                found=int(mask.sum()),
                groups=len(shown),
                articles=len(columns),
                hits=hits_of(db, columns, places, counts, scores, phrases_of(query)),
                facets={facet: selection.counts(facet, most_values) for facet in FACETS},
                months=selection.months(),
                undated=int((columns.months[mask] < 0).sum()),
            )

    def is_empty(self) -> bool:
        """Whether the index holds nothing.

        Raises:
            BrokenEnvironment: it cannot be read.
        """
        with self.index.reading() as db:
            return db.execute("SELECT 1 FROM files LIMIT 1").fetchone() is None

    def ids(self, request: SearchRequest) -> list[str]:
        """The ids of all articles that *request* finds, in its order, folded if it says so.

        Raises:
            BadInput, BrokenEnvironment: as `search`.
        """
        with self.index.reading() as db:
            columns = self.columns(db)
            found, scores = _Evaluation(db, columns).of(parse_query(request.text))
            order = _ordered(columns, _Selection(columns, request, found).all(), scores, request.sort)
            shown = _folded(columns, order)[0] if request.folded and request.like is None else order
            known = dict(db.execute("SELECT number, id FROM hits").fetchall())
            return [known[number] for number in columns.numbers[shown].tolist() if number in known]

    def mask(self, text: str) -> tuple[SearchColumns, Mask]:
        """The articles that the query *text* finds.

        Raises:
            BadInput, BrokenEnvironment: as `search`.
        """
        with self.index.reading() as db:
            columns = self.columns(db)
            return columns, _Evaluation(db, columns).of(parse_query(text))[0]


class _Evaluation:
    """A query's tree, node by node, as a mask over all articles and their scores."""

    def __init__(self, db: sqlite3.Connection, columns: SearchColumns) -> None:
        self._db, self._columns = db, columns
        self.scores = np.zeros(len(columns), np.float64)

    def of(self, query: Query | None) -> tuple[Mask, Floats]:
        mask = np.ones(len(self._columns), np.bool_) if query is None else self._mask(query)
        return mask, self.scores

    def _mask(self, query: Query) -> Mask:
        expression = _expression(query)
        if expression is not None:
            return self._words(expression)
        match query:
            case AllOf(parts) | AnyOf(parts):
                kind = type(query)
                words = tuple(part for part in parts if _expression(part) is not None)
                masks = [self._mask(part) for part in parts if part not in words]
                if words:
                    masks.append(self._mask(words[0] if len(words) == 1 else kind(words)))
                join = np.logical_and if kind is AllOf else np.logical_or
                return np.asarray(join.reduce(masks), np.bool_)
            case Without(part):
                kept = self.scores.copy()
                mask = self._mask(part)
                self.scores = kept  # what is not wanted speaks for nothing
                return ~mask
            case FacetTerm(facet, value):
                return self._columns.having(facet, {value}, fold=True)
            case DateTerm(first, last):
                days = self._columns.published.astype("datetime64[s]").astype("datetime64[D]")
                after = np.datetime64(first, "D") if first != "0001" else np.datetime64("0001-01-01")
                before = np.datetime64(last) + 1  # of its own unit
                return np.asarray((days >= after) & (days < before.astype("datetime64[D]")), np.bool_)
            case _:
                raise AssertionError(query)

    def _words(self, expression: str) -> Mask:
        mask = np.zeros(len(self._columns), np.bool_)
        numbers = self._numbers(expression)
        mask[self._columns.at(numbers)] = True
        # bm25 costs twenty times as much as finding: words so common say nothing, but where they are in the title
        self._rank(expression if len(numbers) <= _MOST_RANKED else f"{{title}} : ({expression})")
        return mask

    def _rank(self, expression: str) -> None:
        """Raise the scores of the articles with the words."""
        sql = f"SELECT rowid, bm25(words, {_WEIGHTS}) FROM words WHERE words MATCH ? LIMIT ?"  # noqa: S608
        rows = self._db.execute(sql, (expression, _MOST_RANKED)).fetchall()
        if not rows:
            return
        found = np.array(rows, np.float64)
        numbers = found[:, 0].astype(np.int64)
        inside = numbers < len(self._columns.positions)
        places = self._columns.positions[numbers[inside]]
        there = places >= 0
        self.scores[places[there]] -= found[inside, 1][there]  # FTS5 gives the better the lower

    def _numbers(self, expression: str) -> Ints:
        """The articles with the words, as one text: a row for each would take five times as long."""
        sql = "SELECT group_concat(number) FROM (SELECT rowid AS number FROM words WHERE words MATCH ?)"
        text = self._db.execute(sql, (expression,)).fetchone()[0]
        return np.fromstring(text, np.int64, sep=",") if text else np.zeros(0, np.int64)


def _expression(query: Query) -> str | None:
    """*query* in the words of FTS5; None where it is more than words."""
    match query:
        case Phrase(words, column, prefix):
            tokens, alone = phrase_tokens(list(words))
            quoted = f'"{" ".join(tokens)}"{" *" if prefix or alone else ""}'
            return quoted if column is None else f"{{{column}}} : {quoted}"
        case AllOf(parts) | AnyOf(parts):
            expressions = [_expression(part) for part in parts]
            known = [one for one in expressions if one is not None]
            joint = " AND " if isinstance(query, AllOf) else " OR "
            return f"({joint.join(known)})" if len(known) == len(parts) else None
        case _:
            return None


class _Selection:
    """The articles found, narrowed by what was chosen."""

    def __init__(self, columns: SearchColumns, request: SearchRequest, found: Mask) -> None:
        self._columns, self._request, self._found = columns, request, found
        self._masks = {facet: columns.having(facet, set(values)) for facet, values in request.chosen.items() if values}
        if request.since or request.until:
            self._masks["month"] = _between(columns, request.since, request.until)
        if request.like is not None:
            self._masks["like"] = _group_of(columns, request.like)

    def all(self, but: str = "") -> Mask:
        """Those that all choices keep, but those of the facet *but*."""
        mask = self._found
        for facet, chosen in self._masks.items():
            if facet != but:
                mask = mask & chosen
        return mask

    def counts(self, facet: str, most: int) -> tuple[FacetCount, ...]:
        """The most frequent values of *facet*, and those that are chosen."""
        column = self._columns.facets[facet]
        if not column.values:
            return ()
        counts = column.counts(self.all(but=facet))
        chosen = set(self._request.chosen.get(facet, ()))
        most_frequent = np.argsort(-counts, kind="stable")[:most]
        listed = [
            FacetCount(column.values[code], int(counts[code]), column.values[code] in chosen)
            for code in most_frequent
            if counts[code]
        ]
        known = {one.value for one in listed}
        rest = [code for code, value in enumerate(column.values) if value in chosen - known] if chosen - known else []
        return (*listed, *(FacetCount(column.values[code], int(counts[code]), chosen=True) for code in rest))

    def months(self) -> tuple[MonthCount, ...]:
        """A count for each month from the first to the last, those without articles, too."""
        months = self._columns.months[self.all(but="month")]
        return month_counts(months[months >= 0])


def month_counts(months: Codes) -> tuple[MonthCount, ...]:
    """How often each of *months* (from year 0) stands, from the first to the last; those between them, too."""
    if not len(months):
        return ()
    first = int(months.min())
    counts = np.bincount(months - first)
    return tuple(MonthCount(month_name(first + number), int(count)) for number, count in enumerate(counts))


def month_name(month: int) -> str:
    """``2026-03`` of a month counted from year 0."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def month_number(name: str | None) -> int | None:
    """The month that ``2026-03`` or ``2026`` names, counted from year 0; None for no month."""
    year, _, month = (name or "").partition("-")
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        return None
    if not month:
        return int(year) * 12
    if not (month.isascii() and month.isdecimal() and 1 <= int(month[:2]) <= 12):
        return None
    return int(year) * 12 + int(month[:2]) - 1


def _between(columns: SearchColumns, since: str | None, until: str | None) -> Mask:
    first, last = month_number(since), month_number(until)
    if last is not None and until is not None and "-" not in until:
        last += 11
    mask = columns.months >= (0 if first is None else first)
    return mask if last is None else mask & (columns.months <= last)


def _group_of(columns: SearchColumns, number: int) -> Mask:
    known = 0 <= number < len(columns.positions) and columns.positions[number] >= 0
    if not known:
        return np.zeros(len(columns), np.bool_)
    return np.asarray(columns.groups == columns.groups[columns.positions[number]], np.bool_)


def _ordered(columns: SearchColumns, mask: Mask, scores: Floats, sort: str) -> Ints:
    """The places of the articles under *mask*, in their order."""
    places = np.flatnonzero(mask)
    published = columns.published[places]
    if sort == "oldest":
        known = columns.months[places] >= 0
        return places[np.lexsort((published, ~known))]
    if sort == "newest" or not scores.any():
        return places[np.lexsort((-columns.fetched[places], -published))]
    lists = columns.having("type", {"listing"})[places]
    weighed = scores[places] * np.where(lists, LISTING_WEIGHT, 1.0)
    return places[np.lexsort((-published, -weighed))]


def _folded(columns: SearchColumns, order: Ints) -> tuple[Ints, Ints]:
    """The first of each group, in the same order, and how many more there are."""
    groups = columns.groups[order]
    _, first, counts = np.unique(groups, return_index=True, return_counts=True)
    in_order = np.argsort(first, kind="stable")
    return order[first[in_order]], counts[in_order] - 1


def _exact_first(
    db: sqlite3.Connection, columns: SearchColumns, query: Query | None, shown: Ints, others: Ints | None
) -> tuple[Ints, Ints | None]:
    """*shown* with those first whose titles are what was typed: bm25 does not prefer them to longer titles."""
    typed = [word for phrase in phrases_of(query) for word in phrase.words]
    best = shown[:_LOOKED_AT]
    if not typed or not len(best):
        return shown, others
    numbers = columns.numbers[best].tolist()
    question = f"SELECT number, title FROM hits WHERE number IN ({','.join('?' * len(numbers))})"  # noqa: S608
    titles = dict(db.execute(question, numbers).fetchall())
    exact = np.array([words_of(titles.get(number) or "") == typed for number in numbers])
    order = np.concatenate([np.flatnonzero(exact), np.flatnonzero(~exact), np.arange(len(best), len(shown))])
    return shown[order], None if others is None else others[order]
