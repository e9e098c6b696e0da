"""Names to addresses: the operating system's resolver behind a small cache, so that a crawl of one site asks once a minute.

Questions for the same name are asked once, and an answer that comes too late for who asked is kept for the next.
The families of the addresses take turns (RFC 8305, section 4), so that broken IPv6 costs one attempt.
"""

from __future__ import annotations

import asyncio
import socket
from collections import OrderedDict
from dataclasses import dataclass
from itertools import chain, zip_longest

DNS_SECONDS = 60.0  # how long an answer of the resolver is used
DNS_ENTRIES = 10_000


class UnknownHost(Exception):
    """The name does not resolve."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """An address of a host, as the operating system takes it."""

    family: int
    address: tuple[str, int]


class Resolver:
    """Resolves in the running event loop."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, int], tuple[float, list[Resolved]]] = OrderedDict()
        self._asked: dict[tuple[str, int], asyncio.Task[list[Resolved]]] = {}

    async def resolve(self, host: str, port: int) -> list[Resolved]:
        """The addresses of *host*, best first, never none.

        Raises:
            UnknownHost: it has none.
        """
        loop = asyncio.get_running_loop()
        key = (host, port)
        known = self._known.get(key)
        if known is not None and known[0] > loop.time():
            return known[1]
        question = self._asked.get(key)
        if question is None:
            question = self._asked[key] = loop.create_task(self._ask(host, port))
            question.add_done_callback(lambda done: self._answered(key, done))
        return await asyncio.shield(question)

    async def close(self) -> None:
        """Wait for no answer any more."""
        questions = list(self._asked.values())
        for question in questions:
            question.cancel()
        await asyncio.gather(*questions, return_exceptions=True)

    async def _ask(self, host: str, port: int) -> list[Resolved]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise UnknownHost(str(error)) from error
        families: dict[int, list[Resolved]] = {}
        for family, _, _, _, address in found:
            families.setdefault(family, []).append(Resolved(family, (str(address[0]), int(address[1]))))
        mixed = [one for one in chain.from_iterable(zip_longest(*families.values())) if one is not None]
        if not mixed:
            raise UnknownHost("the name has no address")
        return mixed

    def _answered(self, key: tuple[str, int], question: asyncio.Task[list[Resolved]]) -> None:
        del self._asked[key]
        if question.cancelled() or question.exception() is not None:
            return  # who asked was told; nobody else needs to know
        self._known[key] = (asyncio.get_running_loop().time() + DNS_SECONDS, question.result())
        self._known.move_to_end(key)
        if len(self._known) > DNS_ENTRIES:
            self._known.popitem(last=False)
