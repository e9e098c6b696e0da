"""Who may ask, and what a page may load: the two walls between our pages, archived pages and the web.

Who asks: a page anywhere can make a browser ask 127.0.0.1, under a name of its own that it points there (DNS rebinding) or from
its own origin.  So the Host header must be ours (RFC 9110, section 7.4), the Origin header, where there is one, too, and
what a browser says of where a request comes from (Sec-Fetch-Site, W3C Fetch Metadata) must be our own pages, unless
somebody follows a link.  ``localhost`` is sent on to 127.0.0.1, so that there is one origin.

What a page may load (Content Security Policy Level 3): our own style sheets and scripts, nothing inline, pictures and frames of
the archived origin, and nothing else.  What archived pages may do: archived.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Origins:
    """The ports that our own pages and archived pages are served on."""

    port: int
    archived_port: int

    @property
    def own(self) -> str:
        """The origin of our own pages."""
        return f"http://{HOST}:{self.port}"

    @property
    def archived(self) -> str:
        """The origin of archived pages."""
        return f"http://{HOST}:{self.archived_port}"


def own_headers(origins: Origins) -> dict[str, str]:
    """The headers of our own pages."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
        f"img-src 'self' {origins.archived}; frame-src {origins.archived}; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-DNS-Prefetch-Control": "off",
    }


class Guard:
    """Lets through to *app* what may ask it, and gives every answer *headers* that the answer does not set itself.

    *port* is that of *app*; *embedded* says whether pages of the other origin may show what it serves.
    """

    def __init__(self, app: ASGIApp, *, port: int, headers: dict[str, str], embedded: bool = False) -> None:
        self._app, self._port, self._headers, self._embedded = app, port, headers, embedded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    answered.setdefault(name, value)
            await send(message)

        host = asked.get("host", "").lower()
        if host == f"localhost:{self._port}" and scope["method"] in ("GET", "HEAD"):
            query = scope["query_string"].decode("latin-1")
            target = f"http://{HOST}:{self._port}{scope['raw_path'].decode('latin-1')}{'?' if query else ''}{query}"
            await RedirectResponse(target, 308)(scope, receive, send_guarded)
        elif host != f"{HOST}:{self._port}":
            await PlainTextResponse("Misdirected request\n", 421)(scope, receive, send_guarded)
        elif not self._may_ask(asked):
            await PlainTextResponse("Pages of other sites may not ask this server\n", 403)(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    def _may_ask(self, asked: Headers) -> bool:
        origin = asked.get("origin")
        if origin is not None and origin != f"http://{HOST}:{self._port}":
            return False
        site = asked.get("sec-fetch-site")
        if site in (None, "none", "same-origin") or (site == "same-site" and self._embedded):
            return True
        return asked.get("sec-fetch-mode") == "navigate" and asked.get("sec-fetch-dest") == "document"
