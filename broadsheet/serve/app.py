"""Which path is which page.

Each page has two addresses, its own and the same with ``.json``.  Pages are plain functions that read files and SQLite, so
Starlette runs them on its threads.  What a page cannot read is an error page in the user's words, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from broadsheet.archive.capture import UNDATED
from broadsheet.archive.errors import BadInput, BroadsheetError
from broadsheet.serve.access.routes import access_routes
from broadsheet.serve.across_page import across_page
from broadsheet.serve.article.as_it_was import as_it_was_page
from broadsheet.serve.article.blocks import blocks_page
from broadsheet.serve.article.exchange import exchange_page
from broadsheet.serve.article.frame import head_of, rows_of
from broadsheet.serve.article.reader import reader_page
from broadsheet.serve.article.related import duplicates_page, links_page
from broadsheet.serve.article.statements import cite_page, statements_page
from broadsheet.serve.article.versions import versions_page
from broadsheet.serve.checks_page import checks_page
from broadsheet.serve.control import ControlToken, NotAllowed, control_answer
from broadsheet.serve.error_page import error_page
from broadsheet.serve.export import FORMS, export_of
from broadsheet.serve.full_replay import FullReplays
from broadsheet.serve.graph_page import graph_page
from broadsheet.serve.home_page import home_page
from broadsheet.serve.images_page import images_page
from broadsheet.serve.monitor_page import monitor_events, monitor_page
from broadsheet.serve.navigation import PLACES
from broadsheet.serve.overview_page import overview_page
from broadsheet.serve.quality_page import quality_page
from broadsheet.serve.search_page import search_page
from broadsheet.serve.security import Guard, Origins, own_headers
from broadsheet.serve.served import ServedCollection, ServedCollections
from broadsheet.serve.sites_page import site_page, sites_page
from broadsheet.serve.terms_page import terms_page
from broadsheet.serve.view import View, answer

Page = Callable[[ServedCollection, Request], View]
PAGES: dict[str, Page] = {  # behind /COLLECTION/
    "search": search_page,
    "terms": terms_page,
    "sites": sites_page,
    "sites/{site}": site_page,
    "images": images_page,
    "graph": graph_page,
    "quality": quality_page,
    "checks": checks_page,
    "monitor": monitor_page,
    "overview": overview_page,
    "article/{name}": reader_page,
    "article/{name}/blocks": blocks_page,
    "article/{name}/page": as_it_was_page,
    "article/{name}/exchange": exchange_page,
    "article/{name}/versions": versions_page,
    "article/{name}/duplicates": duplicates_page,
    "article/{name}/links": links_page,
    "article/{name}/statements": statements_page,
    "article/{name}/cite": cite_page,
}


def create_app(
    served: ServedCollections,
    origins: Origins,
    replays: FullReplays | None = None,
    token: ControlToken | None = None,
) -> Guard:
    """The application that serves *served* on ``origins.own``, and opens *replays*; whoever knows *token* may control a crawl,
    None: nobody."""
    pages = _Pages(served, origins, replays or FullReplays())
    routes: list[BaseRoute] = [
        Mount("/static", StaticFiles(directory=str(static_folder()))),
        Route("/", pages.home),
        Route("/index.json", pages.home_json),
        Route("/search", pages.across),
        Route("/search.json", pages.across_json),
        *access_routes(served, origins),
        Route("/{collection}/monitor/events", pages.monitor_events),
        Route("/{collection}/article/{name}/replay", pages.open_replay, methods=["POST"]),
        Route("/{collection}/monitor/control", pages.control, methods=["POST"]),
        Route("/{collection}", pages.to_front),
        Route("/{collection}/", pages.front),
    ]
    for form in FORMS:
        routes.append(Route(f"/{{collection}}/export.{form}", pages.download(export_of(form))))
    for path, page in PAGES.items():
        routes.append(Route(f"/{{collection}}/{path}.json", pages.of(page, as_json=True)))
        routes.append(Route(f"/{{collection}}/{path}", pages.of(page, as_json=False)))
    errors = {HTTPException: pages.no_such_page, BroadsheetError: pages.cannot_read, Exception: pages.own_fault}
    app = Starlette(routes=routes, exception_handlers=errors)  # type: ignore[arg-type]
    app.router.redirect_slashes = False
    app.state.token = token
    return Guard(app, port=origins.port, headers=own_headers(origins))


def static_folder() -> Path:
    """Our style sheet and scripts, and in ``vendor`` those of others with their licences."""
    return Path(str(files("broadsheet.serve"))) / "static"


class _Pages:
    """The pages as Starlette calls them."""

    def __init__(self, served: ServedCollections, origins: Origins, replays: FullReplays) -> None:
        self._served, self._origins, self._replays = served, origins, replays

    def home(self, request: Request) -> Response:
        return self._answer(request, home_page(self._served), as_json=False)

    def home_json(self, request: Request) -> Response:
        return self._answer(request, home_page(self._served), as_json=True)

    def across(self, request: Request) -> Response:
        return self._answer(request, across_page(self._served, request), as_json=False)

    def across_json(self, request: Request) -> Response:
        return self._answer(request, across_page(self._served, request), as_json=True)

    def to_front(self, request: Request) -> Response:
        return RedirectResponse(self._collection(request).path, 308)

    def front(self, request: Request) -> Response:
        return RedirectResponse(f"{self._collection(request).path}{PLACES[0].path}", 307)

    async def monitor_events(self, request: Request) -> Response:
        return monitor_events(self._collection(request), request)

    async def control(self, request: Request) -> Response:
        try:
            return await control_answer(self._collection(request), request, request.app.state.token)
        except BadInput as error:
            status = 403 if isinstance(error, NotAllowed) else 400
            return self._answer(request, error_page(status, error.thing, error.cause, error.remedy), as_json=False)

    def open_replay(self, request: Request) -> Response:
        served = self._collection(request)
        article = rows_of(served, request).article
        self._replays.open(served, article.url, article.fetch_time or UNDATED)
        return RedirectResponse(f"{head_of(served, article).path}/page?replay=open", 303)

    def of(self, page: Page, *, as_json: bool) -> Callable[[Request], Response]:
        def serve(request: Request) -> Response:
            collection = self._collection(request)
            return self._answer(request, page(collection, request), as_json=as_json, collection=collection)

        return serve

    def download(self, make: Callable[[ServedCollection, Request], Response]) -> Callable[[Request], Response]:
        return lambda request: make(self._collection(request), request)

    def no_such_page(self, request: Request, error: HTTPException) -> Response:
        view = error_page(error.status_code, error.detail, "", "Check the address, or begin at the start page.")
        return self._answer(request, view, as_json=request.url.path.endswith(".json"))

    def cannot_read(self, request: Request, error: BroadsheetError) -> Response:
        status = 404 if isinstance(error, BadInput) else 503
        view = error_page(status, error.thing, error.cause, error.remedy)
        return self._answer(request, view, as_json=request.url.path.endswith(".json"))

    def own_fault(self, request: Request, error: Exception) -> Response:
        """What nobody foresaw: uvicorn writes the traceback to the terminal."""
        view = error_page(
            500, "This page failed", f"{type(error).__name__}", "The terminal has the traceback. Please report it."
        )
        return self._answer(request, view, as_json=request.url.path.endswith(".json"))

    def _collection(self, request: Request) -> ServedCollection:
        return self._served.get(request.path_params["collection"])

    def _answer(
        self, request: Request, view: View, *, as_json: bool, collection: ServedCollection | None = None
    ) -> Response:
        return answer(
            request,
            view,
            as_json=as_json,
            collection=collection,
            collections=tuple(self._served.by_name),
            places=PLACES,
            archived=self._origins.archived,
        )
