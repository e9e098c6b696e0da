"""The quality of what was read: pages that are suspicious for a reason, each kind with examples one click away."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

_EXAMPLES = 6
_SHORT, _HUGE = 50, 20_000  # words
_SOFT_404 = (
    "not found|404|page (?:no longer|does not) exist|nicht gefunden|introuvable|no encontrad|não encontrad|"
    "не найден|找不到|见つかりません"
)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A kind of suspicious page: what it is, and which rows of ``articles`` it is (SQL)."""

    name: str
    meaning: str
    where: str


KINDS = (
    Suspicion("failed", "the page could not be read", "extraction_status NOT IN ('ok', 'empty')"),
    Suspicion("no article", "no article was found on the page",
              "extraction_status = 'empty' AND page_type IS DISTINCT FROM 'listing'"),
    Suspicion("very short", f"an article of fewer than {_SHORT} words",
              f"page_type = 'article' AND word_count BETWEEN 1 AND {_SHORT - 1}"),
    Suspicion("huge", f"more than {_HUGE:,} words", f"word_count > {_HUGE}"),
    Suspicion("paywalled", "the page says that it is not free, or shows a paywall", "is_paywalled"),
    Suspicion("soft 404", "answered with 200, and its title says that nothing is there",
              f"word_count < 300 AND regexp_matches(lower(coalesce(title, '')), '{_SOFT_404}')"),
    Suspicion("no date", "an article whose date of publication is not known",
              "page_type = 'article' AND date_published IS NULL"),
    Suspicion("no author", "an article that names no author", "page_type = 'article' AND len(authors) = 0"),
    Suspicion("text from data", "the text is not on the page but in its data", "list_contains(quality_flags, 'embedded_text')"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """An article, as an example."""

    id: str
    url: str
    title: str | None
    word_count: int


@dataclass(frozen=True, slots=True)
class SuspicionCount:
    """How many pages are suspicious for a reason, and some of them; ``query`` finds them in SQL."""

    name: str
    meaning: str
    count: int
    query: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class FlagCount:
    """How many articles have a quality flag (docs/schema.md)."""

    name: str
    count: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class QualityView:
    """All kinds, and the quality flags."""

    pages: int
    suspicions: tuple[SuspicionCount, ...]
    flags: tuple[FlagCount, ...]


def quality_page(served: ServedCollection, request: Request) -> View:  # noqa: ARG001 - as all pages
    """All kinds of suspicious pages, counted and with examples by one look at all rows."""
    columns = ", ".join(_counted(one) for one in KINDS)
    (counts,) = served.tables.rows(f"SELECT count(*) AS pages, {columns} FROM articles")  # noqa: S608
    found = tuple(
        SuspicionCount(
            one.name,
            one.meaning,
            counts[one.name],
            f"SELECT url, title FROM articles WHERE {one.where}",  # noqa: S608
            tuple(Example(**row) for row in counts[_examples_of(one)] or ()),
        )
        for one in KINDS
    )
    flags = served.tables.rows(
        "SELECT flag AS name, count(*) AS count FROM (SELECT unnest(quality_flags) AS flag FROM articles) "
        "GROUP BY flag ORDER BY count DESC, flag"
    )
    data = QualityView(counts["pages"], found, tuple(FlagCount(**row) for row in flags))
    return View("quality.html", "Quality", data, place="quality")


def _counted(one: Suspicion) -> str:
    """The columns of SQL that count *one*, and take examples of it: the same ones each time."""
    row = "{'id': id, 'url': url, 'title': title, 'word_count': word_count}"
    examples = f'min_by({row}, hash(id), {_EXAMPLES}) FILTER ({one.where}) AS "{_examples_of(one)}"'
    return f'count(*) FILTER ({one.where}) AS "{one.name}", {examples}'


def _examples_of(one: Suspicion) -> str:
    return f"{one.name}, examples"
