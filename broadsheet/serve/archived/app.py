"""``/COLLECTION/TIMESTAMP/URL``: the capture of URL closest to TIMESTAMP (14 digits, UTC), with scripts off.

Our pages show it in a sandboxed frame, and it may be opened in a tab.  It comes from another origin than our pages, its policy
allows no script at all and nothing that does not come from this origin, and of the captured headers only those that say what
the bytes are go with it: no cookie, no policy, no refresh.  ``allow-same-origin`` in the sandbox is what lets fonts and
style sheets with crossorigin load; without scripts nobody can make use of it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from w3lib.encoding import http_content_type_encoding

from broadsheet.archive.errors import BadInput, BroadsheetError
from broadsheet.archive.replay.headers import wanted_datetime
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayResponse
from broadsheet.archive.url import Resolver
from broadsheet.crawler.requisites.css import decode_css
from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.page.charset import decode_page
from broadsheet.serve.access.mementos import (
    MementoAddresses,
    closest,
    link_header,
    mementos_of,
    timestamp_of,
    written_url,
)
from broadsheet.serve.archived.raw import RAW_TARGET, RawMementos
from broadsheet.serve.archived.rewriting import MAX_REWRITTEN, Prefix, rewritten_css, rewritten_html
from broadsheet.serve.security import Guard, Origins
from broadsheet.serve.served import ServedCollections
from broadsheet.serve.whole_path import WHOLE

_TARGET = re.compile(r"/([^/]+)/(\d{14})/(.+)", re.DOTALL)
# Not Link: a captured one could have a browser connect to the web (rel=preconnect)
_KEPT = frozenset({"content-type", "content-range", "accept-ranges", "memento-datetime", "content-language"})
_MOST = 512  # characters of a header's value
_ANY_TIME = datetime(1980, 1, 1, tzinfo=UTC)


def create_archived_app(served: ServedCollections, origins: Origins) -> Guard:
    """The application that serves archived pages of *served* on ``origins.archived``."""
    app = Starlette(
        routes=[Route(f"/{{rest:{WHOLE}}}", _ArchivedPages(served, origins).answer, methods=["GET", "HEAD"])]
    )
    return Guard(app, port=origins.archived_port, headers=archived_headers(origins), embedded=True)


def archived_headers(origins: Origins) -> dict[str, str]:
    """The headers of archived pages."""
    policy = (
        "default-src 'self' data:; script-src 'none'; object-src 'none'; connect-src 'none'; worker-src 'none'; "
        "style-src 'self' 'unsafe-inline' data:; form-action 'none'; base-uri 'none'; "
        f"frame-ancestors 'self' {origins.own}; sandbox allow-same-origin"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "cross-origin",  # who may embed it is asked in `Guard`
        "X-DNS-Prefetch-Control": "off",
        "Cache-Control": "no-store",
    }


class _ArchivedPages:
    def __init__(self, served: ServedCollections, origins: Origins) -> None:
        self._served, self._origins = served, origins
        self._raw = RawMementos(served, origins)

    def answer(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode("latin-1")
        match = _TARGET.fullmatch(path)
        raw = RAW_TARGET.fullmatch(path)
        if match is None and raw is None:
            return PlainTextResponse("An archived page is at /COLLECTION/TIMESTAMP/URL\n", 404)
        try:
            if raw is not None:
                return self._raw.answer(request, *raw.groups())
            assert match is not None
            return self._page(request, *match.groups())
        except (BadInput, ValueError) as error:
            return PlainTextResponse(f"{error}\n", 404)
        except BroadsheetError as error:
            return PlainTextResponse(f"{error}\n", 503)

    def _page(self, request: Request, name: str, stamp: str, rest: str) -> Response:
        served = self._served.get(name)
        url = written_url(rest, request.scope["query_string"].decode("latin-1"))
        answer = served.replay().answer(_asked(request, url, timestamp_of(stamp)))
        shown = _shown(answer, f"/{name}/{stamp}/", url)
        if (date := shown.headers.get("memento-datetime")) and (mementos := mementos_of(served.captures(), url)):
            at = closest(mementos, url, wanted_datetime(date))
            shown.headers["Link"] = link_header(MementoAddresses(self._origins, name), url, mementos, at)
        return shown


def _asked(request: Request, url: str, moment: datetime) -> ReplayRequest:
    headers = [
        ("Accept-Datetime", format_datetime(moment, usegmt=True)),
        ("Accept", request.headers.get("accept", "*/*")),
    ]
    kept = ("range", "if-range", "sec-fetch-dest")
    headers += [(name, value) for name in kept if (value := request.headers.get(name)) is not None]
    return ReplayRequest(request.method, url, tuple(headers))


def _shown(answer: ReplayResponse, path: str, url: str) -> Response:
    headers = {name: value for name, value in answer.headers if name.lower() in _KEPT and len(value) <= _MOST}
    location = next((value for name, value in answer.headers if name.lower() == "location"), None)
    if location is not None and 300 <= answer.status < 400:
        target = Prefix(path, Resolver(url))(location)
        return Response(status_code=answer.status, headers={**headers, **({"Location": target} if target else {})})
    kind = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
    if answer.end - answer.start <= MAX_REWRITTEN and answer.status != 206 and not answer.bodiless:
        body = answer.payload.slice(answer.start, answer.end)
        if _is(kind, "text/html", "application/xhtml+xml"):
            text = decode_page(PageRecord(url, _ANY_TIME, (("Content-Type", kind),), body)).text
            page = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
            return _rewritten(answer, headers, rewritten_html(page, path, url), "text/html")
        if _is(kind, "text/css"):
            css = rewritten_css(decode_css(body, http_content_type_encoding(kind)), Prefix(path, Resolver(url)))
            return _rewritten(answer, headers, css.encode("utf-8", "replace"), "text/css")
    return StreamingResponse(answer.body(), answer.status, headers)


def _rewritten(answer: ReplayResponse, headers: dict[str, str], text: bytes, media_type: str) -> Response:
    """*text* is in UTF-8 now, whatever the captured header says, and no page may say otherwise."""
    kept = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return Response(text, answer.status, kept, f"{media_type}; charset=utf-8")


def _is(content_type: str, *kinds: str) -> bool:
    return content_type.partition(";")[0].strip().lower() in kinds
