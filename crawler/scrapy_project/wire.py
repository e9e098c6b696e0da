"""Between Scrapy and the wire: a Request as what is sent, an Exchange as the Response or the error that Scrapy knows."""

from __future__ import annotations

import ipaddress
from base64 import b64decode
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from broadsheet.archive.exchange import Exchange, FetchError
from broadsheet.archive.http import ResponseHead
from broadsheet.crawler.client.request import CaptureRequest

# Of the connection, not of the answer (RFC 9110, 7.6.1): Scrapy's own handlers leave them out.
_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailers", "transfer-encoding", "upgrade"}
)
_ERRORS: dict[FetchError, type[Exception]] = {
    FetchError.DNS: CannotResolveHostError,
    FetchError.CONNECT: DownloadConnectionRefusedError,
    FetchError.TIMEOUT: DownloadTimeoutError,
    FetchError.TOO_LARGE: DownloadCancelledError,
    FetchError.INVALID_URL: UnsupportedURLSchemeError,
    FetchError.REFUSED_ADDRESS: IgnoreRequest,
}


def capture_request(request: Request) -> CaptureRequest:
    """*request* as it is sent: method, body and header fields as they are.

    Raises:
        ValueError: it cannot be sent as it is.
    """
    fields = tuple(
        (name, value)
        for name, values in request.headers.items()
        for value in values
        if name.lower() != b"proxy-authorization"
    )
    return CaptureRequest(request.url.partition("#")[0], request.method, fields, request.body)


def proxy_of(request: Request, encoding: str) -> str | None:
    """The URL of the proxy that *request* is to go through, with the name and password that its header has."""
    proxy = request.meta.get("proxy")
    if not proxy:
        return None
    proxy = str(proxy) if "://" in str(proxy) else f"http://{proxy}"
    header = request.headers.get(b"Proxy-Authorization")
    if header is None:
        return proxy
    scheme, _, token = header.partition(b" ")
    if scheme.lower() != b"basic":
        raise DownloadFailedError(f"{request.url}: Proxy-Authorization other than Basic is not supported")
    user, _, password = b64decode(token).decode(encoding).partition(":")
    parts = urlsplit(proxy)
    return parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc}").geturl()


def raise_error(exchange: Exchange) -> None:
    """Raise what Scrapy's handlers raise for an exchange without a whole answer; nothing for one that has it."""
    if exchange.error is None or (exchange.error is FetchError.DISCONNECT and exchange.answer is not None):
        return
    detail = f": {exchange.error_detail}" if exchange.error_detail else ""
    raise _ERRORS.get(exchange.error, DownloadFailedError)(f"{exchange.url}: {exchange.error}{detail}")


def response_of(
    head: ResponseHead, payload: bytes, request: Request, *, ip: str | None = None, flags: Sequence[str] = ()
) -> Response:
    """The Response that Scrapy's middlewares expect: without transfer coding, its content coding still on."""
    headers = Headers()
    for name, value in head.headers:
        if name.lower() not in _CONNECTION:
            headers.appendlist(name, value.encode("latin-1"))
    kind = responsetypes.from_args(headers=headers, url=request.url, body=payload)
    response: Response = kind(
        request.url,
        status=head.status,
        headers=headers,
        body=payload,
        flags=list(flags),
        request=request,
        ip_address=None if ip is None else ipaddress.ip_address(ip.partition("%")[0]),
        protocol=head.version,
    )
    return response
