"""Coming up with a connection: resolve, ask the address policy, race the addresses, go through a proxy, begin TLS.

The addresses of a host are tried 250 ms apart, the families in turn (RFC 8305, "happy eyeballs"), by ourselves because
uvloop's ``create_connection`` takes no such argument.  TLS offers HTTP/1.1 only: HTTP/2 frames have no agreed form in a
WARC.  Certificates are not verified unless asked: a site with a broken certificate is still to be archived.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import OrderedDict
from dataclasses import dataclass
from itertools import chain, zip_longest

from archive.exchange import FetchError
from crawler.client.addresses import AddressPolicy
from crawler.client.connection import Connection, Peer
from crawler.client.proxy import Proxy, ProxyError, Resolver
from crawler.client.request import Target

STAGGER = 0.25  # seconds between attempts; RFC 8305 recommends it
DNS_SECONDS = 60.0  # how long an answer of the resolver is used
DNS_ENTRIES = 10_000


class DialError(Exception):
    """No connection; ``error`` says of which kind."""

    def __init__(self, error: FetchError, detail: str) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Resolved:
    """An address of a host, as the operating system takes it."""

    family: int
    address: tuple[str, int]


class Dialer:
    """Makes connections.  *max_size* is the limit of an answer in bytes, *proxy* the way through, None for straight."""

    def __init__(self, policy: AddressPolicy, *, max_size: int, verify_tls: bool = False, proxy: Proxy | None) -> None:
        self._policy = policy
        self._max_size = max_size
        self._proxy = proxy
        self._tls = tls_context(verify=verify_tls)
        self._dns: OrderedDict[tuple[str, int], tuple[float, list[Resolved]]] = OrderedDict()

    async def dial(self, target: Target) -> Connection:
        """A new connection to *target*.

        Raises:
            DialError: there is none to be had.
        """
        loop = asyncio.get_running_loop()
        if self._proxy is None:
            sock = await self._connect(target.host, target.port)
        else:
            sock = await self._through_proxy(self._proxy, target)
        context = self._tls if target.scheme == "https" else None
        try:
            _, connection = await loop.create_connection(
                lambda: Connection(loop, self._max_size),
                sock=sock,
                ssl=context,
                server_hostname=target.host if context else None,
            )
        except ssl.SSLError as error:
            raise DialError(FetchError.TLS, error.reason or str(error)) from error
        except OSError as error:
            raise DialError(FetchError.TLS if context else FetchError.CONNECT, str(error)) from error
        connection.peer = self._peer(connection)
        return connection

    def _peer(self, connection: Connection) -> Peer:
        address = connection.told("peername")
        ip = None if self._proxy is not None or not address else str(address[0]).partition("%")[0]
        tls = connection.told("ssl_object")
        if tls is None:
            return Peer(ip)
        version = (tls.version() or "").replace("TLSv", "tls/").lower()
        cipher = tls.cipher()
        return Peer(ip, (version,) if version else (), cipher[0] if cipher else None)

    async def _through_proxy(self, proxy: Proxy, target: Target) -> socket.socket:
        if target.host in {"localhost"} or _is_literal(target.host):
            self._guard(target.host, [target.host if _is_literal(target.host) else "127.0.0.1"])
        try:
            sock = await self._race(await self._resolve(proxy.host, proxy.port))
            await proxy.open(sock, target, self._remote_or_local(proxy))
        except DialError as error:
            if error.error is FetchError.REFUSED_ADDRESS:
                raise
            raise DialError(FetchError.PROXY, f"{proxy.host}:{proxy.port}: {error.detail}") from error
        except (ProxyError, OSError) as error:
            raise DialError(FetchError.PROXY, f"{proxy.host}:{proxy.port}: {error}") from error
        return sock

    def _remote_or_local(self, proxy: Proxy) -> Resolver | None:
        """socks5:// resolves here, and so can guard; socks5h:// and HTTP proxies resolve on their side."""
        if proxy.scheme != "socks5":
            return None

        async def resolve(host: str, port: int) -> str:
            addresses = await self._resolve(host, port)
            self._guard(host, [one.address[0] for one in addresses])
            return addresses[0].address[0]

        return resolve

    async def _connect(self, host: str, port: int) -> socket.socket:
        addresses = await self._resolve(host, port)
        allowed = [one for one in addresses if self._policy.allows(host, one.address[0])]
        if not allowed:
            self._guard(host, [one.address[0] for one in addresses])
        return await self._race(allowed)

    def _guard(self, host: str, addresses: list[str]) -> None:
        for address in addresses:
            if not self._policy.allows(host, address):
                raise DialError(FetchError.REFUSED_ADDRESS, f"{host} is at {address}, which is not a public address")

    async def _resolve(self, host: str, port: int) -> list[Resolved]:
        loop = asyncio.get_running_loop()
        known = self._dns.get((host, port))
        if known is not None and known[0] > loop.time():
            return known[1]
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise DialError(FetchError.DNS, str(error)) from error
        families: dict[int, list[Resolved]] = {}
        for family, _, _, _, address in found:
            families.setdefault(family, []).append(Resolved(family, (str(address[0]), int(address[1]))))
        mixed = [one for one in chain.from_iterable(zip_longest(*families.values())) if one is not None]
        self._dns[host, port] = (loop.time() + DNS_SECONDS, mixed)
        if len(self._dns) > DNS_ENTRIES:
            self._dns.popitem(last=False)
        return mixed

    async def _race(self, addresses: list[Resolved]) -> socket.socket:
        """The first of *addresses* that answers; the others are given up."""
        if len(addresses) == 1:
            return await _connect_to(addresses[0])
        attempts: list[asyncio.Task[socket.socket]] = []
        won: asyncio.Task[socket.socket] | None = None
        failure: BaseException | None = None
        try:
            for one in addresses:
                attempts.append(asyncio.create_task(_connect_to(one)))
                patience = None if one is addresses[-1] else STAGGER
                while waiting := [attempt for attempt in attempts if not attempt.done()]:
                    done, _ = await asyncio.wait(waiting, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                    won = next((attempt for attempt in done if attempt.exception() is None), None)
                    if won is not None:
                        return won.result()
                    failure = next((attempt.exception() for attempt in done), failure)
                    if patience is not None:
                        break  # it failed, or it is slow: the next address gets its chance
        finally:
            await _give_up([attempt for attempt in attempts if attempt is not won])
        raise failure or DialError(FetchError.CONNECT, "no address answers")


async def _give_up(attempts: list[asyncio.Task[socket.socket]]) -> None:
    for attempt in attempts:
        attempt.cancel()
    for result in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(result, socket.socket):
            result.close()


async def _connect_to(one: Resolved) -> socket.socket:
    sock = socket.socket(one.family, socket.SOCK_STREAM)
    sock.setblocking(False)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(sock, one.address)
    except OSError as error:
        sock.close()
        raise DialError(FetchError.CONNECT, f"{one.address[0]}: {error.strerror or error}") from error
    except BaseException:
        sock.close()
        raise
    return sock


def _is_literal(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def tls_context(*, verify: bool) -> ssl.SSLContext:
    """HTTP/1.1 over TLS; *verify* the server's certificate, or take any, of any age."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # what an old server still speaks is worth having
    return context
