"""A requisite, and how those of one document are gathered: each URL once, in order, no more than a page may have."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.archive.url import Resolver
from broadsheet.crawler.discovery.unfetchable import Unfetchable
from broadsheet.crawler.requisites.kind import Kind

MAX_REQUISITES = 5_000  # of one document
_MAX_URL = 16_384  # characters


@dataclass(frozen=True, slots=True)
class Requisite:
    """A URL that the document at ``via`` needs.  ``technique`` says how it is embedded, e.g. ``img/@srcset``."""

    url: str
    kind: Kind
    via: str
    technique: str


class Gathering:
    """Gathers the requisites of the document at *via*, whose URLs *resolver* resolves.

    *unfetchable* takes what HTTP cannot fetch.
    """

    def __init__(
        self,
        via: str,
        resolver: Resolver | None = None,
        limit: int = MAX_REQUISITES,
        unfetchable: Unfetchable | None = None,
    ) -> None:
        self.via = via
        self.resolver = resolver or Resolver(via)
        self._limit = limit
        self._unfetchable = unfetchable
        self._found: dict[str, Requisite] = {}

    @property
    def full(self) -> bool:
        """Whether there are as many as may be."""
        return len(self._found) >= self._limit

    @property
    def found(self) -> tuple[Requisite, ...]:
        """What was gathered."""
        return tuple(self._found.values())

    def add(self, reference: str | None, kind: Kind, technique: str) -> None:
        """Keep what *reference* points to; a fragment of the document itself, data: and the like are none."""
        if not reference or len(reference) > _MAX_URL or self.full:
            return
        reference = reference.strip()
        if reference[:1] in ("", "#") or reference[:5].lower() == "data:":
            return
        url = self.resolver.resolve(reference)
        if url is None:
            if self._unfetchable is not None:
                self._unfetchable.see(reference)
        elif url not in self._found:
            self._found[url] = Requisite(url, kind, self.via, technique)
