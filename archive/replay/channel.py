"""A byte channel to the browser: the connection itself, or TLS within it, ended here.

TLS runs over memory buffers (`ssl.MemoryBIO`), not over asyncio's own: what comes first in a tunnel tells whether it
is TLS at all (a ws:// connection is not), and asyncio cannot look at bytes and then begin TLS with them.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Protocol

_READ = 65536


class Channel(Protocol):
    """Bytes both ways.  `read` gives b"" at the end; all may raise OSError."""

    async def read(self) -> bytes:
        """Some bytes."""

    async def write(self, data: bytes) -> None:
        """Send *data*; waits while the other side is slow."""


class PlainChannel:
    """The connection itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        """Some bytes; b"" at the end."""
        return await self._reader.read(_READ)

    async def write(self, data: bytes) -> None:
        """Send *data*."""
        self._writer.write(data)
        await self._writer.drain()


class PrefixedChannel:
    """A channel of which *first* was read already."""

    def __init__(self, inner: Channel, first: bytes) -> None:
        self._inner, self._first = inner, first

    async def read(self) -> bytes:
        """Some bytes; b"" at the end."""
        if self._first:
            first, self._first = self._first, b""
            return first
        return await self._inner.read()

    async def write(self, data: bytes) -> None:
        """Send *data*."""
        await self._inner.write(data)


class TlsChannel:
    """TLS over *inner*, as the server.  Make it with `accept`."""

    def __init__(self, inner: Channel, context: ssl.SSLContext) -> None:
        self._inner = inner
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)

    @classmethod
    async def accept(cls, inner: Channel, context: ssl.SSLContext) -> TlsChannel:
        """Shake hands.

        Raises:
            OSError: the client does not trust us, or does not speak TLS (ssl.SSLError is an OSError).
        """
        channel = cls(inner, context)
        while True:
            try:
                channel._tls.do_handshake()
            except ssl.SSLWantReadError:
                await channel._flush()
                if not await channel._fill():
                    raise ConnectionResetError("closed during the TLS handshake") from None
            except ssl.SSLError:
                await channel._flush()  # the alert that says why
                raise
            else:
                await channel._flush()
                return channel

    async def read(self) -> bytes:
        """Some bytes; b"" at the end."""
        while True:
            try:
                data = self._tls.read(_READ)
            except ssl.SSLWantReadError:
                await self._flush()
                if not await self._fill():
                    return b""
            except ssl.SSLZeroReturnError:
                return b""
            else:
                await self._flush()
                return data

    async def write(self, data: bytes) -> None:
        """Send *data*."""
        if data:
            self._tls.write(data)
        await self._flush()

    async def _fill(self) -> bool:
        data = await self._inner.read()
        if data:
            self._in.write(data)
        return bool(data)

    async def _flush(self) -> None:
        if data := self._out.read():
            await self._inner.write(data)
