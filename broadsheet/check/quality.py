"""What a check finds: the fate of each thing that a page needs, and the page as a browser showed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from broadsheet.crawler.requisites.kind import Kind


class Fate(StrEnum):
    """What became of a URL that a page needs."""

    CAPTURED = "captured"
    FUZZY = "fuzzy"  # shown with the capture of a query that differs in a cache-buster
    GONE = "gone"  # the server's own last word was a 4xx: the live page lacked it, too
    FAILED = "failed"  # no answer, a fault of the server, or a record that cannot be read
    NEVER_ASKED = "never asked"
    LEFT_OUT = "left out"  # by choice: options of the crawl, robots.txt, the guard of private addresses


MISSING = frozenset({Fate.FAILED, Fate.NEVER_ASKED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A fate, and why."""

    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckedRequisite:
    """Something that a page needs.  ``via`` names it: the page, or a style sheet, script or frame of it."""

    url: str
    kind: Kind
    technique: str
    via: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """A request of the browser's that the archive had no answer to, and what the books say of it."""

    url: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BrowserView:
    """A page in the browser.  ``broken`` counts pictures that were asked for and could not be shown; ``error`` says why the
    browser could not look at all."""

    seconds: float = 0.0
    requests: int = 0
    missed: tuple[Missed, ...] = ()
    images: int = 0
    broken: int = 0
    script_errors: tuple[str, ...] = ()
    screenshot: Path | None = None
    error: str | None = None

    @property
    def missing(self) -> tuple[Missed, ...]:
        """What should have been captured and was not."""
        return tuple(one for one in self.missed if one.fate in MISSING)


@dataclass(frozen=True, slots=True)
class PageQuality:
    """One page.  ``fault`` says why it could not be read itself; ``needs`` counts by kind and fate; ``lacking`` are those
    that were not captured."""

    url: str
    needs: Mapping[tuple[Kind, Fate], int]
    lacking: tuple[CheckedRequisite, ...] = ()
    fault: str | None = None
    look: BrowserView | None = None

    def count(self, *fates: Fate) -> int:
        """Its needs that met one of *fates*."""
        return sum(count for (_, fate), count in self.needs.items() if fate in fates)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing, in the browser neither."""
        return (
            self.fault is None
            and not self.count(*MISSING)
            and not (self.look and (self.look.missing or self.look.error))
        )


@dataclass(frozen=True, slots=True)
class Quality:
    """What a check found.  ``of`` is the number of pages there are."""

    pages: tuple[PageQuality, ...]
    of: int

    def counts(self) -> Counter[tuple[Kind, Fate]]:
        """Needs of all pages by kind and fate; what several pages need counts for each."""
        total: Counter[tuple[Kind, Fate]] = Counter()
        for page in self.pages:
            total.update(page.needs)
        return total

    def missing_urls(self) -> list[tuple[str, str, int]]:
        """What is missing, named by a page or asked for by the browser: URL, why, on how many pages; the most needed first."""
        found: dict[str, tuple[str, set[str]]] = {}
        for page in self.pages:
            named = [(need.url, need.reason or str(need.fate)) for need in page.lacking if need.fate in MISSING]
            asked = [(one.url, one.reason or str(one.fate)) for one in page.look.missing] if page.look else []
            for url, reason in (*named, *asked):
                found.setdefault(url, (reason, set()))[1].add(page.url)
        rows = [(url, reason, len(pages)) for url, (reason, pages) in found.items()]
        return sorted(rows, key=lambda row: (-row[2], row[0]))

    @property
    def missing_share(self) -> float:
        """The share, 0 to 1, of what the pages need or a browser asked for, less what was left out, that is missing.
        A page that could not be read is missing itself."""
        missing = sum(page.count(*MISSING) + (page.fault is not None) for page in self.pages)
        wanted = sum(page.count(*Fate) - page.count(Fate.LEFT_OUT) + 1 for page in self.pages)
        return missing / wanted if wanted else 0.0

    @property
    def missing_in_browser(self) -> float:
        """The share of the browser's requests that should have been captured and were not; 1 for a page it could not open."""
        looks = [page.look for page in self.pages if page.look is not None]
        missing = sum(len(look.missing) + (look.error is not None) for look in looks)
        asked = sum(look.requests + (look.error is not None) for look in looks)
        return missing / asked if asked else 0.0


def tally(needs: Iterable[CheckedRequisite]) -> Counter[tuple[Kind, Fate]]:
    """*needs*, counted."""
    return Counter((need.kind, need.fate) for need in needs)
