"""What all pages of an article have: its head, and the tabs between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from broadsheet.archive.capture import UNDATED
from broadsheet.pipelines.dataset.records import ArticleRow
from broadsheet.serve.addresses import article_name
from broadsheet.serve.article.rows import ArticleRows
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of an article: *path* behind its address, "" for the first."""

    path: str
    label: str


TABS = (
    Tab("", "Read"),
    Tab("blocks", "What was stripped"),
    Tab("page", "Page as it was"),
    Tab("exchange", "Exchange"),
    Tab("versions", "Versions"),
    Tab("duplicates", "Duplicates"),
    Tab("links", "Links"),
    Tab("statements", "Structured data"),
    Tab("cite", "Cite"),
)


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """The article in a few words; ``archived`` is the path of its page on the archived origin."""

    id: str
    path: str
    url: str
    title: str
    language: str | None
    fetched: datetime | None
    archived: str


def rows_of(served: ServedCollection, request: Request) -> ArticleRows:
    """The rows of the article that *request* names.

    Raises:
        BadInput: there is none.
    """
    return ArticleRows(served, request.path_params["name"])


def head_of(served: ServedCollection, article: ArticleRow) -> ArticleHead:
    """The head of *article*."""
    return ArticleHead(
        article.id,
        f"{served.path}article/{article_name(article.id)}",
        article.url,
        article.title or article.url,
        article.language,
        article.fetch_time,
        archived_path(served, article.fetch_time, article.url),
    )


def archived_path(served: ServedCollection, moment: datetime | None, url: str) -> str:
    """Where the capture of *url* at *moment* is on the archived origin; of one without a date, the first moment of all."""
    at = (moment or UNDATED).astimezone(UTC)
    return f"{served.path}{at.year:04d}{at:%m%d%H%M%S}/{url}"


def article_view(template: str, head: ArticleHead, tab: str, data: Any, **shown: Any) -> View:
    """The page *tab* of an article."""
    label = next(one.label for one in TABS if one.path == tab)
    title = head.title if not tab else f"{label}: {head.title}"
    return View(
        f"article/{template}", title, data, place="search", shown={"head": head, "tabs": TABS, "tab": tab, **shown}
    )
