"""Scrapy's download handler of a project: fetches with the capture client, keeps the exchange, answers like Scrapy's own."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, ResponseDataLossError, StopDownload
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.python.failure import Failure

from broadsheet.archive.addresses import AddressPolicy
from broadsheet.archive.exchange import Exchange, FetchError
from broadsheet.archive.warc.record import capture_of
from broadsheet.crawler.client.client import CaptureClient, ClientOptions
from broadsheet.crawler.scrapy_project.changes import RequestFetched
from broadsheet.crawler.scrapy_project.extension import ArchiveExtension
from broadsheet.crawler.scrapy_project.provenance import provenance_of
from broadsheet.crawler.scrapy_project.record import RECORD, REQUEST_ID
from broadsheet.crawler.scrapy_project.settings import PROJECT_HANDLERS
from broadsheet.crawler.scrapy_project.wire import capture_request, proxy_of, raise_error, response_of

logger = logging.getLogger(__name__)

_NO_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class _StartHosts(AddressPolicy):
    """Takes private places (host:port) of start Requests for named: the user's own code names them."""

    started: set[str] = field(default_factory=set)

    def is_named(self, host: str, port: int | None = None) -> bool:
        """See `AddressPolicy.is_named`."""
        name = host.lower().rstrip(".")
        place = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
        return place in self.started or AddressPolicy.is_named(self, host, port)


class ProjectDownloadHandler(BaseDownloadHandler):
    """Takes http and https, and hands on to the project's own handler what that is for."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._extension = ArchiveExtension.of(crawler)
        ours = self._extension.settings
        self._policy = _StartHosts(ours.allow_private, ours.allow_hosts, started=self._extension.start_places)
        self._clients: dict[ClientOptions, CaptureClient] = {}
        self._max_size = settings.getint("DOWNLOAD_MAXSIZE")
        self._fail_on_dataloss = settings.getbool("DOWNLOAD_FAIL_ON_DATALOSS")
        self._verify_tls = settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._proxy_encoding = settings.get("HTTPPROXY_AUTH_ENCODING")
        self._handlers: dict[str, tuple[str, Any]] = {
            scheme: (str(path), build_from_crawler(load_object(path), crawler))
            for scheme, path in settings.getdict(PROJECT_HANDLERS).items()
        }
        self._said_private: set[str] = set()

    async def download_request(self, request: Request) -> Response:
        """Fetch *request* and keep the exchange.

        Raises:
            Exception: those of `scrapy.exceptions` that Scrapy's own handlers raise.
        """
        kept = await self._answered_before(request)
        if kept is not None:
            return self._unless_stopped(kept, request)
        own = self._handlers.get(urlsplit(request.url).scheme)
        keys = self._extension.settings.handler_meta
        if own is not None and (not keys or any(request.meta.get(key) for key in keys)):
            return await self._handed_on(request, *own)
        exchange = await self._fetched(request)
        self._warn_of_private(exchange)
        raise_error(exchange)
        answer = exchange.answer
        if answer is None:
            raise DownloadFailedError(f"{request.url}: the answer is not HTTP")
        flags = self._flags(exchange, request)
        response = response_of(answer.head, answer.payload, request, ip=exchange.ip, flags=flags)
        limit = request.meta.get("download_maxsize", self._max_size)
        if limit and len(response.body) > limit:
            raise DownloadCancelledError(f"{request.url}: {len(response.body)} bytes, more than {limit}")
        return self._unless_stopped(response, request)

    async def close(self) -> None:
        """Hang up."""
        for client in self._clients.values():
            await client.close()
        for _, handler in self._handlers.values():
            await handler.close()

    async def _answered_before(self, request: Request) -> Response | None:
        """The answer to *request* that a run before this one has kept, and whose callback it did not live to see."""
        place = self._extension.answered.pop(request.meta.get(REQUEST_ID, ""), None)
        if place is None:
            return None
        found = await asyncio.to_thread(self._extension.archive.answer_at, *place)
        if found is None or found.record.url != request.url.partition("#")[0]:
            return None
        request.meta[RECORD] = capture_of(found.record, place[0])
        return response_of(found.head, found.payload(), request, ip=found.record.get("WARC-IP-Address"))

    async def _fetched(self, request: Request) -> Exchange:
        """The exchange for *request*, which is in the WARC."""
        try:
            sent = capture_request(request)
        except ValueError as error:
            raise DownloadFailedError(f"{request.url}: {error}") from error
        began = time.monotonic()
        exchange = await self._client(request).fetch(sent)
        request.meta["download_latency"] = time.monotonic() - began
        await self._keep(exchange, request)
        return exchange

    async def _keep(self, exchange: Exchange, request: Request, handler: str = "") -> None:
        spider = self.crawler.spider
        assert spider is not None
        request_id = str(request.meta.get(REQUEST_ID, ""))
        answered = request_id and exchange.answered and exchange.error is None
        change = RequestFetched(spider.name, request_id) if answered else None
        archive = self._extension.archive
        request.meta[RECORD] = await archive.keep(exchange, provenance_of(request, spider, handler), change)
        if archive.failure is not None:
            raise DownloadCancelledError(f"{request.url}: the archive cannot be written: {archive.failure}")

    def _client(self, request: Request) -> CaptureClient:
        """The client for *request*: one for all that have the same proxy and limits."""
        timeout = float(request.meta.get("download_timeout") or self._timeout)
        options = ClientOptions(
            timeout=timeout,
            connect_timeout=timeout,
            idle=timeout,
            max_size=int(request.meta.get("download_maxsize", self._max_size)) or sys.maxsize,
            proxy=proxy_of(request, self._proxy_encoding),
            verify_tls=self._verify_tls,
        )
        if options not in self._clients:
            self._clients[options] = CaptureClient(options, self._policy)
        return self._clients[options]

    def _flags(self, exchange: Exchange, request: Request) -> list[str]:
        if exchange.error is None:
            return []
        if request.meta.get("download_fail_on_dataloss", self._fail_on_dataloss):
            raise ResponseDataLossError(f"{request.url}: {exchange.error_detail}")
        return ["dataloss"]

    def _unless_stopped(self, response: Response, request: Request) -> Response:
        """Tell who listens to headers_received and bytes_received, when all is here; what they stop is cut as if in time."""
        told: list[tuple[Any, dict[str, Any], bytes]] = [
            (signals.headers_received, {"headers": response.headers, "body_length": len(response.body)}, b""),
            (signals.bytes_received, {"data": response.body}, response.body),
        ]
        for signal, arguments, body in told:
            results = self.crawler.signals.send_catch_log(
                signal, request=request, spider=self.crawler.spider, dont_log=StopDownload, **arguments
            )
            for _, result in results:
                if isinstance(result, Failure) and isinstance(result.value, StopDownload):
                    stopped = response.replace(body=body, flags=[*response.flags, "download_stopped"])
                    if result.value.fail:
                        result.value.response = stopped
                        raise result.value
                    return stopped
        return response

    async def _handed_on(self, request: Request, name: str, handler: Any) -> Response:
        """What the project's own *handler* brings, kept as what it is: a resource, no bytes of the wire."""
        started, began = datetime.now(UTC), time.monotonic()
        response: Response = await handler.download_request(request)
        media_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
        exchange = Exchange(
            request.url,
            started,
            time.monotonic() - began,
            response=response.body,
            status=response.status,
            resource=media_type or _NO_TYPE,
        )
        await self._keep(exchange, request, name)
        return response

    def _warn_of_private(self, exchange: Exchange) -> None:
        if exchange.error is not FetchError.REFUSED_ADDRESS:
            return
        parts = urlsplit(exchange.url)
        host = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
        if host not in self._said_private:
            self._said_private.add(host)
            logger.error(
                "%s lies at a private address that no start Request names: not asked."
                ' Put it into BROADSHEET_ALLOW_HOSTS = ["%s"], or set BROADSHEET_ALLOW_PRIVATE = True.',
                host,
                host,
            )
