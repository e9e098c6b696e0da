"""The paths of the CDX server, of TimeGates and TimeMaps, and of the document that describes them.

Programs ask here, so an error is JSON in the shape that clients of pywb know: ``{"message": ...}``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from broadsheet.archive.errors import BadInput, BroadsheetError
from broadsheet.archive.replay.headers import wanted_datetime
from broadsheet.serve.access.cdx_forms import pywb_lines, wayback_lines
from broadsheet.serve.access.cdx_query import CdxQuery, Dialect
from broadsheet.serve.access.cdx_search import count_blocks, search, search_with_key
from broadsheet.serve.access.mementos import (
    Memento,
    MementoAddresses,
    as_json,
    asked_url,
    closest,
    link_format,
    link_header,
    mementos_of,
)
from broadsheet.serve.access.openapi import document
from broadsheet.serve.access.parameters import Output
from broadsheet.serve.security import Origins
from broadsheet.serve.served import ServedCollections
from broadsheet.serve.whole_path import WHOLE

_TEXT, _LINES, _JSON = "text/plain; charset=utf-8", "application/x-ndjson", "application/json"
_CHUNK = 64 * 1024  # bytes sent at a time
Answer = Callable[[Request], Response]


def access_routes(served: ServedCollections, origins: Origins) -> list[BaseRoute]:
    """The routes, for the application of our own pages."""
    access = _Access(served, origins)
    paths: dict[str, Answer] = {
        "/openapi.json": access.openapi,
        "/{collection}/cdx": access.pywb_cdx,
        "/{collection}/cdx/search/cdx": access.wayback_cdx,
        f"/{{collection}}/timegate/{{url:{WHOLE}}}": access.timegate,
        f"/{{collection}}/timemap/link/{{url:{WHOLE}}}": access.timemap,
        f"/{{collection}}/timemap/json/{{url:{WHOLE}}}": access.json_timemap,
    }
    return [Route(path, _with_errors(answer)) for path, answer in paths.items()]


def _with_errors(answer: Answer) -> Answer:
    @functools.wraps(answer)
    def answering(request: Request) -> Response:
        try:
            return answer(request)
        except BadInput as error:
            return _fault(400, str(error))
        except BroadsheetError as error:
            return _fault(503, str(error))

    return answering


class _Access:
    def __init__(self, served: ServedCollections, origins: Origins) -> None:
        self._served, self._origins = served, origins

    def openapi(self, request: Request) -> Response:  # noqa: ARG002 - as all
        return _json(document(tuple(self._served.by_name), self._origins))

    def pywb_cdx(self, request: Request) -> Response:
        query = CdxQuery.parse(request.query_params, Dialect.PYWB)
        index = self._served.get(request.path_params["collection"]).captures()
        if query.counts_pages:
            blocks = count_blocks(index, query)
            return _json({"pages": -(-blocks // query.page_size), "pageSize": query.page_size, "blocks": blocks})
        lines = search(index, query)
        first = next(lines, None)
        if first is None:
            return _fault(404, f"No Captures found for: {request.query_params['url']}")
        form = _LINES if query.output is Output.JSON else _TEXT
        return _streamed(pywb_lines(chain([first], lines), query), form)

    def wayback_cdx(self, request: Request) -> Response:
        query = CdxQuery.parse(request.query_params, Dialect.WAYBACK)
        index = self._served.get(request.path_params["collection"]).captures()
        if query.counts_pages:
            return Response(f"{-(-count_blocks(index, query) // query.page_size)}\n", media_type=_TEXT)
        form = _JSON if query.output is Output.JSON else _TEXT
        if not query.gives_resume_key:
            return _streamed(wayback_lines(search(index, query), query), form)
        lines, key = search_with_key(index, query)
        return _streamed(wayback_lines(lines, query, "" if key is None else str(key)), form)

    def timegate(self, request: Request) -> Response:
        url, addresses, mementos = self._mementos(request, parts=2)
        headers = {"Vary": "accept-datetime"}
        if not mementos:
            headers["Link"] = link_header(addresses, url, mementos, None)
            return _fault(404, f"No Captures found for: {url}", headers)
        at = closest(mementos, url, _wanted(request))
        headers |= {"Location": addresses.memento(mementos[at]), "Link": link_header(addresses, url, mementos, at)}
        return Response(status_code=302, headers=headers)

    def timemap(self, request: Request) -> Response:
        url, addresses, mementos = self._mementos(request, parts=3)
        if not mementos:
            return _fault(404, f"No Captures found for: {url}")
        return _streamed(
            (part.encode() for part in link_format(addresses, url, mementos)), "application/link-format; charset=utf-8"
        )

    def json_timemap(self, request: Request) -> Response:
        url, addresses, mementos = self._mementos(request, parts=3)
        return _json(as_json(addresses, url, mementos)) if mementos else _fault(404, f"No Captures found for: {url}")

    def _mementos(self, request: Request, *, parts: int) -> tuple[str, MementoAddresses, list[Memento]]:
        served = self._served.get(request.path_params["collection"])
        url = asked_url(request, parts)
        return url, MementoAddresses(self._origins, served.name), mementos_of(served.captures(), url)


def _wanted(request: Request) -> datetime | None:
    asked = request.headers.get("accept-datetime")
    if asked is None:
        return None
    try:
        return wanted_datetime(asked)
    except ValueError:
        raise BadInput(f"Accept-Datetime: {asked}", "is no date", "Write it as RFC 7089 has it, in GMT.") from None


def _streamed(pieces: Iterable[bytes], media_type: str) -> Response:
    return StreamingResponse(_in_chunks(pieces), media_type=media_type)


def _in_chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _json(value: object) -> Response:
    return Response(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n", media_type=_JSON)


def _fault(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps({"message": message}) + b"\n", status, headers, _JSON)
