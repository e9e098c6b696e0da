"""Which payloads a collection has whole, so that none is stored twice.

The journal knows, by its index on payload digests: what earlier crawls stored, what this one stored, and what was picked
up from a torn file, since all of them enter the catalogue in one way.  Only what is in the WARC and not yet journalled, half a
second's exchanges at most, is kept in memory, and a table of bits that says of most new payloads that they are new: asking
the journal each time was 5 % of a crawl's CPU.  An original lies before its revisits in the archive, so whatever a
power cut takes of a file, no revisit outlives its original.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.warc.revisit import Original

_BITS = 26  # of a hash: a table of 8 MB; of 10 million payloads it lets one new one in seven through to the journal


class Originals:
    """Finds the response record that has a payload of at least *minimum* bytes.

    `open`, `find`, `add` and `close` belong to the thread that writes the WARC, `journalled` to the one that commits.
    """

    def __init__(self, journal: Path, minimum: int) -> None:
        self._journal = journal
        self._minimum = max(minimum, 1)  # an empty payload is no payload
        self._catalogue: Catalogue | None = None
        self._lock = threading.Lock()
        self._written: dict[str, Original] = {}
        self._met = bytearray(1 << (_BITS - 3))

    def open(self) -> None:
        """Learn what the journal knows."""
        self._catalogue = Catalogue.open(self._journal, read_only=True)
        for digest in self._catalogue.payloads():
            self._meet(digest)

    def find(self, digest: str, size: int, until: datetime) -> Original | None:
        """The first response that has the payload with this *digest* and *size* in bytes; None for a new one.

        One that was begun after *until* is none: of two that overlap, the one that came in first may be the later one, and
        a capture cannot be the same as one that was not made yet.
        """
        if size < self._minimum or not self._is_met(digest):
            return None
        original = self._written.get(digest) or self._stored(digest)  # in this order: who leaves memory is stored
        return original if original is not None and original.date <= until else None

    def _meet(self, digest: str) -> None:
        place = hash(digest) & ((1 << _BITS) - 1)
        self._met[place >> 3] |= 1 << (place & 7)

    def _is_met(self, digest: str) -> bool:
        place = hash(digest) & ((1 << _BITS) - 1)
        return bool(self._met[place >> 3] & 1 << (place & 7))

    def _stored(self, digest: str) -> Original | None:
        assert self._catalogue is not None
        found = self._catalogue.payload(digest, own=True, most=1)
        return original_of(found[0]) if found else None

    def add(self, answer: Capture) -> None:
        """Remember *answer*, which is in the WARC."""
        if answer.record_type == "response" and answer.truncated is None and answer.payload_digest is not None:
            self._meet(answer.payload_digest)
            with self._lock:
                self._written.setdefault(answer.payload_digest, original_of(answer))

    def journalled(self, answers: Iterable[Capture | None]) -> None:
        """Forget what the journal shows by now."""
        with self._lock:
            for answer in answers:
                if answer is not None and answer.record_type == "response" and answer.payload_digest is not None:
                    self._written.pop(answer.payload_digest, None)

    def close(self) -> None:
        """Let the journal go."""
        if self._catalogue is not None:
            self._catalogue.close()


def original_of(response: Capture) -> Original:
    """*response* as what a revisit refers to."""
    return Original(response.record_id, response.url or "", response.date, response.payload_digest)
