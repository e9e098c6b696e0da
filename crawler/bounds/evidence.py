"""What a crawl has learnt of a site: which rules of spelling hold there, and which shapes of URLs bring new articles.

Values that the crawl's state keeps (crawler/state): they are durable with the answers that they were learnt from, and their
number is bounded for each site.
"""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.crawler.bounds.family import is_usual

MAX_RULES = 500  # of a site
MAX_SHAPES = 500  # of a site
_PROOFS = 2  # that a rule needs which is not usual


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often two spellings of a site's pages, which differ by ``rule``, were the same page, and how often not.

    ``example`` are two such URLs, with a space between.
    """

    site: str
    rule: str
    agreed: int = 0
    differed: int = 0
    example: str = ""

    @property
    def holds(self) -> bool:
        """Whether URLs that differ by it need not be asked."""
        return not self.differed and self.agreed >= (1 if is_usual(self.rule) else _PROOFS)

    @property
    def refuted(self) -> bool:
        """Whether URLs that differ by it are different pages."""
        return self.differed > 0


@dataclass(frozen=True, slots=True)
class ShapeCount:
    """What the URLs of one shape have brought.

    Of those ``asked``, ``articles`` were an article themselves, ``fruitful`` were, or brought a new one; ``since`` counts how
    many have not since the last that did.
    ``cost`` is what the others cost (`broadsheet.crawler.bounds.yields`).  ``left_out`` were not asked for it.
    """

    site: str
    shape: str
    asked: int = 0
    articles: int = 0
    fruitful: int = 0
    since: int = 0
    cost: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class LeftOutCount:
    """How many URLs a ``rule`` has left out, which are not kept one by one, and the first of them."""

    rule: str
    count: int
    samples: tuple[str, ...]
