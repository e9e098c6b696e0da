"""The link graph between sites: which site's articles link to which, inside the collection and out of it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

_MOST_PAIRS = 300
_IN_MATRIX = 12


@dataclass(frozen=True, slots=True)
class SitePair:
    """How many articles of ``source`` link to ``target`` (registered domains), and by how many links; ``inside``: articles
    of the target are in the collection."""

    source: str
    target: str
    articles: int
    links: int
    inside: bool


@dataclass(frozen=True, slots=True)
class LinkGraph:
    """The pairs with most links; the matrix has a row a source and a column a target, both in the order of ``sites``."""

    pairs: tuple[SitePair, ...]
    sites: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]


def graph_page(served: ServedCollection, request: Request) -> View:
    """Links between sites; ``where=text`` those in the text of articles alone."""
    in_text = request.query_params.get("where") == "text"
    only = "AND role IN ('body', 'heading', 'quote', 'list', 'table')" if in_text else ""
    rows = served.tables.rows(
        f"""WITH pages AS (SELECT id, coalesce(url_host_registered_domain, url_host_name) AS source FROM articles),
        targets AS (SELECT id, target_host_registered_domain AS target, count(*) AS links FROM links
            WHERE target IS NOT NULL {only} GROUP BY ALL)
        SELECT source, target, count(*) AS articles, sum(links)::BIGINT AS links, target IN (SELECT source FROM pages) AS inside
        FROM targets JOIN pages USING (id) WHERE target <> source
        GROUP BY ALL ORDER BY articles DESC, source, target LIMIT {_MOST_PAIRS}"""  # noqa: S608
    )
    pairs = tuple(SitePair(**row) for row in rows)
    data = LinkGraph(pairs, *_matrix(pairs))
    return View("graph.html", "Link graph", data, place="graph", shown={"in_text": in_text})


def _matrix(pairs: tuple[SitePair, ...]) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    weights: dict[str, int] = {}
    for pair in pairs:
        if pair.inside:
            for site in (pair.source, pair.target):
                weights[site] = weights.get(site, 0) + pair.articles
    sites = tuple(sorted(weights, key=lambda site: (-weights[site], site))[:_IN_MATRIX])
    known = {(pair.source, pair.target): pair.articles for pair in pairs}
    return sites, tuple(tuple(known.get((source, target), 0) for target in sites) for source in sites)
