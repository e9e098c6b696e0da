"""How much of all answers is decoded at once: one budget for a whole crawl.

260 kB of gzip may be 256 MB of page, and forty hosts answer at once.  Nearly every answer is small: it is decoded at once and
costs nothing here.  A large one waits until there is room for it and for what reading it takes.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from broadsheet.archive.http_answer import Answer
from broadsheet.crawler.discovery.classify import BodyKind, classify_body
from broadsheet.crawler.discovery.gzip_layers import GZIP
from broadsheet.crawler.reading import MAX_DOCUMENT, MAX_LISTING

SMALL = 1024 * 1024  # bytes of content that count as nothing
BUDGET = 128 * 1024 * 1024  # bytes
_TEXT = 5  # bytes that a byte of content takes while it is read: itself, and its text with up to four bytes a character
_LISTING = 2 * MAX_LISTING  # a file that is unpacked, and its copy without bare ampersands


class DecodingBudget:
    """Gives out room for decoded answers, *limit* bytes in all, first come, first served.  For one event loop."""

    def __init__(self, limit: int = BUDGET) -> None:
        self.limit = limit
        self.held = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def reserve(self, size: int) -> Room:
        """Room for *size* bytes, or for all that there are, when it is free."""
        size = min(size, self.limit)
        if self._waiting or self.held + size > self.limit:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((size, turn))
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._give_back(size)
                raise
        else:
            self.held += size
        return Room(self, size)

    def _give_back(self, size: int) -> None:
        self.held -= size
        while self._waiting and (self._waiting[0][1].done() or self.held + self._waiting[0][0] <= self.limit):
            wanted, turn = self._waiting.popleft()
            if not turn.done():
                self.held += wanted
                turn.set_result(None)


class Room:
    """Room in a budget.  Give it back with `release`."""

    __slots__ = ("_budget", "size")

    def __init__(self, budget: DecodingBudget, size: int) -> None:
        self._budget = budget
        self.size = size

    def shrink(self, size: int) -> None:
        """Keep *size* bytes of it, if it is more."""
        if size < self.size:
            back, self.size = self.size - size, size
            self._budget._give_back(back)

    def release(self) -> None:
        """Give all of it back; nothing when it is given back already."""
        self.shrink(0)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The content of an answer; ``room`` is what it takes in the budget until it is read, None for a small one."""

    content: bytes
    room: Room | None = None

    def release(self) -> None:
        """It is read."""
        if self.room is not None:
            self.room.release()


async def decode_within(budget: DecodingBudget, answer: Answer) -> Decoded:
    """The content of *answer* for whoever reads it, at most 64 MiB; 16 MiB of what is coded and no list of URLs."""
    content = answer.content(SMALL)
    packed = content.startswith(GZIP)
    if len(content) < SMALL and not packed:
        return Decoded(content)
    kind = classify_body(answer.head.get("Content-Type") or "", content)
    listing = packed or kind in (BodyKind.SITEMAP, BodyKind.FEED)
    coded = answer.head.get("Content-Encoding") is not None
    room = await budget.reserve(_LISTING if listing else _TEXT * MAX_DOCUMENT)
    try:
        most = MAX_LISTING if listing or not coded else MAX_DOCUMENT
        content = await asyncio.to_thread(answer.content, most)
    except BaseException:
        room.release()
        raise
    if not packed:
        room.shrink(_TEXT * len(content))
    return Decoded(content, room)
