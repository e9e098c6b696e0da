"""What is handed to the capture log: an exchange, why it happened, and what it changes in somebody else's tables.

The log journals the exchange's records itself.  What an exchange means beyond them (a URL that is done, URLs that were
found, a cookie) comes along as a `Change`, a value that the log hands on to a `Journal` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from broadsheet.archive.capture import Capture
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.revisit import Original

NOWHERE = Provenance()  # of a submission that has no exchange, or one that came from no link


class Change:
    """A change of state as a frozen value, which says nothing of how it is stored.

    Applied twice it leaves what it leaves when it is applied once: it may be told again after a failure.
    """

    __slots__ = ()


class Journal(Protocol):
    """Takes changes into the transaction that journals the records of their exchanges."""

    def transaction(self) -> AbstractContextManager[None]:
        """All that is applied within, and what the catalogue of the same journal is told within, or nothing of it."""
        ...

    def apply(self, change: Change, capture: Capture | None) -> None:
        """Make *change*.  *capture* is where its exchange lies, None when it came without one."""
        ...


@dataclass(frozen=True, slots=True)
class Submission:
    """One thing to make durable: an exchange with why it happened, a change, or both.

    ``unmodified`` is the capture that the request asked about with a condition.  ``dedupe``: the payload need not be
    stored again if the collection has it.  ``on_written`` is called in the writer's thread with the exchange's own record; with
    None when there is none, or it is lost to a failure.
    """

    change: Change | None
    exchange: Exchange | None = None
    provenance: Provenance = NOWHERE
    on_written: Callable[[Capture | None], object] | None = None
    unmodified: Original | None = None
    dedupe: bool = True

    @property
    def size(self) -> int:
        """Bytes of memory that it holds, roughly."""
        return 0 if self.exchange is None else len(self.exchange.response) + len(self.exchange.request)
