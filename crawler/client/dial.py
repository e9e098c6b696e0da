"""Coming up with a connection: resolve, ask the address policy, race the addresses, go through a proxy, begin TLS.

The addresses of a host are tried 250 ms apart (RFC 8305, "happy eyeballs"), by ourselves because uvloop's
``create_connection`` takes no such argument.  Behind a proxy the policy judges what can be known here: every address
with ``socks5``, which resolves on this side; with ``http`` and ``socks5h`` literal addresses in any spelling and the
names of this machine.  Other names are the proxy's to resolve, in a network that may not be ours, and asking our
resolver for them would tell it what goes through Tor.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl

from broadsheet.archive.addresses import AddressPolicy, address_in_name
from broadsheet.archive.exchange import FetchError
from broadsheet.crawler.client.connection import Connection, Limits, Peer
from broadsheet.crawler.client.guard import AddressGuard, AddressRefused
from broadsheet.crawler.client.memory import MemoryBudget
from broadsheet.crawler.client.proxy import Proxy, ProxyError
from broadsheet.crawler.client.request import Target
from broadsheet.crawler.client.resolve import Resolved, Resolver, UnknownHost
from broadsheet.crawler.client.tls import tls_context, warc_protocol

STAGGER = 0.25  # seconds between attempts; RFC 8305 recommends it


class DialError(Exception):
    """No connection; ``error`` says of which kind."""

    def __init__(self, error: FetchError, detail: str) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail


class Dialer:
    """Makes connections.  *limits* and *memory* are what they keep to, *proxy* the way through, None for straight."""

    def __init__(
        self, policy: AddressPolicy, limits: Limits, memory: MemoryBudget, *, verify_tls: bool, proxy: Proxy | None
    ) -> None:
        self._guard = AddressGuard(policy)
        self._limits = limits
        self._memory = memory
        self._proxy = proxy
        self._tls = tls_context(verify=verify_tls)
        self._resolver = Resolver()

    async def dial(self, target: Target) -> Connection:
        """A new connection to *target*.

        Raises:
            DialError: there is none to be had.
        """
        loop = asyncio.get_running_loop()
        addresses: list[Resolved] = []
        if self._proxy is None:
            addresses = await self._allowed(target.host, target.port)
            sock = await _race(addresses)
        else:
            sock = await self._through_proxy(self._proxy, target)
        context = self._tls if target.scheme == "https" else None
        try:
            _, connection = await loop.create_connection(
                lambda: Connection(loop, sock, self._limits, self._memory),
                sock=sock,
                ssl=context,
                server_hostname=target.host.rstrip(".") if context else None,
            )
        except ssl.SSLError as error:
            raise DialError(FetchError.TLS, error.reason or str(error)) from error
        except (OSError, ValueError) as error:  # ValueError: a name that cannot be said in TLS
            raise DialError(FetchError.TLS if context else FetchError.CONNECT, str(error)) from error
        connection.peer = self._peer(connection, tuple(one.address[0] for one in addresses))
        return connection

    async def close(self) -> None:
        """Ask nobody any more."""
        await self._resolver.close()

    def _peer(self, connection: Connection, addresses: tuple[str, ...]) -> Peer:
        address = connection.told("peername")
        ip = None if self._proxy is not None or not address else str(address[0]).partition("%")[0]
        tls = connection.told("ssl_object")
        if tls is None:
            return Peer(ip, addresses)
        version, cipher = tls.version(), tls.cipher()
        return Peer(ip, addresses, (warc_protocol(version),) if version else (), cipher[0] if cipher else None)

    async def _through_proxy(self, proxy: Proxy, target: Target) -> socket.socket:
        host = await self._host_for(proxy, target)
        try:
            sock = await _race(await self._resolve(proxy.host, proxy.port))
        except DialError as error:
            raise DialError(FetchError.PROXY, f"{proxy.host}:{proxy.port}: {error.detail}") from error
        try:
            await proxy.open(sock, target, host)
        except (ProxyError, OSError) as error:
            sock.close()
            raise DialError(FetchError.PROXY, f"{proxy.host}:{proxy.port}: {error}") from error
        except BaseException:
            sock.close()
            raise
        return sock

    async def _host_for(self, proxy: Proxy, target: Target) -> str:
        """What the proxy is to connect to: the host, or its address when names are resolved on this side."""
        if proxy.resolves_here:
            return (await self._allowed(target.host, target.port))[0].address[0]
        said = address_in_name(target.host)
        if said is not None:
            self._admit(target.host, target.port, [said])
        return target.host

    async def _allowed(self, host: str, port: int) -> list[Resolved]:
        """The addresses of *host* that may be connected to; the connection must be to one of these very addresses."""
        said = address_in_name(host)
        if said is not None:
            self._admit(host, port, [said])  # nobody needs to be asked what it means
        addresses = await self._resolve(host, port)
        self._admit(host, port, [one.address[0] for one in addresses])
        return addresses

    def _admit(self, host: str, port: int, addresses: list[str]) -> None:
        try:
            self._guard.admit(host, port, addresses)
        except AddressRefused as refusal:
            raise DialError(refusal.error, refusal.detail) from refusal

    async def _resolve(self, host: str, port: int) -> list[Resolved]:
        try:
            return await self._resolver.resolve(host, port)
        except UnknownHost as error:
            raise DialError(FetchError.DNS, str(error)) from error


async def _race(addresses: list[Resolved]) -> socket.socket:
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


def _why(one: Resolved, error: OSError) -> str:
    """asyncio's own text says "Connect call failed" whatever the matter is."""
    return f"{one.address[0]}: {os.strerror(error.errno) if error.errno else error}"


async def _give_up(attempts: list[asyncio.Task[socket.socket]]) -> None:
    for attempt in attempts:
        attempt.cancel()
    for result in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(result, socket.socket):
            result.close()


async def _connect_to(one: Resolved) -> socket.socket:
    try:
        sock = socket.socket(one.family, socket.SOCK_STREAM)
    except OSError as error:
        raise DialError(FetchError.CONNECT, _why(one, error)) from error
    sock.setblocking(False)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(sock, one.address)
    except OSError as error:
        sock.close()
        raise DialError(FetchError.CONNECT, _why(one, error)) from error
    except BaseException:
        sock.close()
        raise
    return sock
