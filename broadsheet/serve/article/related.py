"""What an article is beside others: duplicates, links to and from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from broadsheet.archive.errors import BadInput
from broadsheet.archive.surt import surt
from broadsheet.pipelines.dataset.records import LinkRow
from broadsheet.pipelines.search.hits import Hit
from broadsheet.pipelines.search.searcher import SearchRequest
from broadsheet.serve.article.frame import ArticleHead, archived_path, article_view, head_of, rows_of
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.tables import listed
from broadsheet.serve.view import View

_MOST_LINKS = 500
_MOST_INCOMING = 200


@dataclass(frozen=True, slots=True)
class DuplicateLabel:
    """What `broadsheet dedupe` says of an article of the group."""

    id: str
    relation: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Other articles of its group: versions, copies, near-duplicates; ``labels`` by dedupe, where it ran."""

    head: ArticleHead
    indexed: bool
    found: int
    hits: tuple[Hit, ...]
    labels: tuple[DuplicateLabel, ...]


@dataclass(frozen=True, slots=True)
class OutgoingLink:
    """A link of the page; ``name`` is set when it leads to an article of this collection, ``captured`` to any capture."""

    target_url: str
    anchor_text: str | None
    role: str
    rel: str | None
    segment: int | None
    captured: str | None


@dataclass(frozen=True, slots=True)
class IncomingLink:
    """A link from another article."""

    id: str
    url: str
    title: str | None
    anchor_text: str | None
    role: str


@dataclass(frozen=True, slots=True)
class Links:
    """Links from the page, those in the text first, and links to it; ``fault`` says why the latter are not known."""

    head: ArticleHead
    outgoing: tuple[OutgoingLink, ...]
    outgoing_count: int
    incoming: tuple[IncomingLink, ...]
    fault: str | None


def duplicates_page(served: ServedCollection, request: Request) -> View:
    """The other articles of its group."""
    rows = rows_of(served, request)
    head = head_of(served, rows.article)
    if rows.number is None:
        data = Duplicates(head, False, 0, (), ())
    else:
        result = served.searcher.search(SearchRequest(like=rows.number, sort="newest"))
        hits = tuple(hit for hit in result.hits if hit.id != rows.article.id)
        data = Duplicates(
            head, True, result.found - 1, hits, _labels(served, [rows.article.id, *(one.id for one in hits)])
        )
    return article_view("duplicates.html", data.head, "duplicates", data)


def _labels(served: ServedCollection, ids: Sequence[str]) -> tuple[DuplicateLabel, ...]:
    sql = f"SELECT id, relation, score FROM signatures WHERE id IN ({listed(ids)})"  # noqa: S608 - quoted
    try:
        return tuple(DuplicateLabel(**row) for row in served.tables.rows(sql))
    except BadInput:  # never labelled
        return ()


def links_page(served: ServedCollection, request: Request) -> View:
    """Links out and in."""
    rows = rows_of(served, request)
    own = rows.links()
    own.sort(key=lambda one: (one.role not in ("body", "list", "quote", "heading", "table"), one.ordinal))
    outgoing = tuple(_outgoing(served, one, rows.article.fetch_time) for one in own[:_MOST_LINKS])
    fault = None
    incoming: tuple[IncomingLink, ...] = ()
    try:
        incoming = _incoming(served, {rows.article.url, rows.article.url_canonical or rows.article.url})
    except BadInput as error:  # the table was not made
        fault = str(error)
    data = Links(head_of(served, rows.article), outgoing, len(own), incoming, fault)
    return article_view("links.html", data.head, "links", data)


def _outgoing(served: ServedCollection, link: LinkRow, moment: datetime | None) -> OutgoingLink:
    captured = any(one.line.status == 200 for one in served.captures().lookup(surt(link.target_url)))
    path = archived_path(served, moment, link.target_url) if captured else None
    return OutgoingLink(link.target_url, link.anchor_text, link.role, link.rel, link.segment_ordinal, path)


def _incoming(served: ServedCollection, urls: set[str]) -> tuple[IncomingLink, ...]:
    sql = f"""SELECT a.id, a.url, a.title, any_value(l.anchor_text) AS anchor_text, any_value(l.role) AS role
        FROM links l JOIN articles a ON a.id = l.id WHERE l.target_url IN ({listed(sorted(urls))})
        AND a.url NOT IN ({listed(sorted(urls))}) GROUP BY ALL ORDER BY a.title, a.id LIMIT {_MOST_INCOMING}"""  # noqa: S608
    return tuple(IncomingLink(**row) for row in served.tables.rows(sql))
