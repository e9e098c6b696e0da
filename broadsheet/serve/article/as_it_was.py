"""The page as it was, scripts off, in a frame, with the text that was read from it beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from starlette.requests import Request

from broadsheet.serve.article.frame import article_view, rows_of
from broadsheet.serve.article.reader import ReaderView, read
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View


@dataclass(frozen=True, slots=True)
class PageAsItWas:
    """The text, and the command that replays the page with its scripts; ``made_by_scripts``: scripts off, it may look empty;
    ``opened``: its full replay was just opened."""

    reading: ReaderView
    replay: str
    made_by_scripts: bool
    opened: bool = False


def as_it_was_page(served: ServedCollection, request: Request) -> View:
    """The archived page in a frame."""
    rows = rows_of(served, request)
    article = rows.article
    reading = read(served, article, rows.segments(), rows.images())
    moment = article.fetch_time
    at = "" if moment is None else f" --at {moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    command = f"broadsheet replay {served.collection.directory} '{article.url}'{at}"
    data = PageAsItWas(
        reading, command, "embedded_text" in article.quality_flags, request.query_params.get("replay") == "open"
    )
    return article_view("page.html", reading.head, "page", data)
