"""How much of all answers under way may be held in memory: over the budget, all but the oldest stop reading.

The oldest always reads on, so there is no deadlock: it ends, gives its bytes up, and the next is the oldest.  What a
connection waits for memory is not held against its server: its time limits stand still.
"""

from __future__ import annotations

from typing import Protocol


class Reader(Protocol):
    """Something that can stop reading for a while."""

    def pause(self) -> None:
        """Stop reading; nothing when it has stopped."""

    def resume(self) -> None:
        """Read on; nothing when it does."""


class MemoryBudget:
    """*limit* is in bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self._readers: dict[Reader, int] = {}  # in the order they came

    def enter(self, reader: Reader) -> None:
        """*reader* begins with an answer."""
        self._readers[reader] = 0
        if self.held > self.limit:
            self._choose()

    def hold(self, reader: Reader, size: int) -> None:
        """*reader* now holds *size* bytes."""
        self.held += size - self._readers[reader]
        self._readers[reader] = size
        if self.held > self.limit:
            self._choose()

    def leave(self, reader: Reader) -> None:
        """*reader* has given up its bytes."""
        was_over = self.held > self.limit
        self.held -= self._readers.pop(reader)
        reader.resume()
        if was_over:
            self._choose()

    def _choose(self) -> None:
        over = self.held > self.limit
        for position, reader in enumerate(self._readers):
            if over and position > 0:
                reader.pause()
            else:
                reader.resume()
