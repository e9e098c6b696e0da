"""A URL of a crawl as its state knows it.

A URL is named by its fingerprint (crawler/discovery/urls.py), which any machine derives alike: no number that one process
counts names anything.  ``order`` is the place in the order of discovery; the store gives it when it writes, and it decides
which of two URLs of one priority goes first, no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from broadsheet.archive.exchange import is_embedded

# More than any priority (crawler/bounds/priority.py): a URL that failed goes behind all that were not tried yet.
RETRY_PENALTY = 1_000_000_000_000


class State(IntEnum):
    """Where a URL stands.  Within a crawl states only move forward: (known ->) queued -> done | failed | refused | left out.

    That a URL is leased is no state: it is known to the process that asks for it, so that a kill voids all leases at once.
    """

    QUEUED = 0
    DONE = 1  # an answer is in the archive
    FAILED = 2  # tried as often as allowed, no good answer
    REFUSED = 3  # not asked: robots.txt forbids it, or a private address
    KNOWN = 4  # asked in an earlier crawl, not yet or not at all in this update (crawler/state/updates.py)
    LEFT_OUT = 5  # not asked: the same page is known, or its like brought nothing new (crawler/bounds)


class Lane(IntEnum):
    """What a URL is asked for as; each host has a queue for either."""

    PAGE = 0
    REQUISITE = 1  # part of a page


@dataclass(frozen=True, slots=True)
class FoundUrl:
    """A URL that is to be queued.

    ``host`` is host:port as in the URL, in lower case; of two URLs the one with the higher ``priority`` goes first.
    ``hops`` are Heritrix's letters from the seed, e.g. "LLR".  ``order`` is where this process expects it, ``lane`` where it
    waits.
    """

    fingerprint: bytes
    url: str
    host: str
    priority: int
    hops: str
    order: int = 0
    lane: Lane = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Asked on every step of the way.
        object.__setattr__(self, "lane", Lane.REQUISITE if is_embedded(self.hops) else Lane.PAGE)


@dataclass(frozen=True, slots=True)
class UrlRecord:
    """What the state knows of a URL.  ``via`` is the URL whose answer named it, None for a seed; ``tries`` are those of
    this crawl; ``error`` says why it failed, was refused or left out; ``variant_of`` is the page of which it is another
    spelling."""

    fingerprint: bytes
    url: str
    host: str
    state: State
    lane: Lane
    priority: int
    tries: int
    order: int
    hops: str
    via: str | None
    error: str | None
    variant_of: str | None = None
