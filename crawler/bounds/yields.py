"""Which shapes of URLs are worth asking: what brings new articles is asked on, what brings none is put last, then left out.

A URL is judged by its shape (form.py).  After `PATIENCE` answers in a row without a new article the rest of its shape goes
behind all else of the site, the shapes in turn.  Only there URLs are given up, and only when the site has shown elsewhere what
its articles are: what has cost nothing but requests may cost as many as the site has given articles, and a few to begin with.
So an endless calendar ends, and a short list that had a bad beginning is read to its end.  A site with few articles is judged
by how many of its answers say nothing of their own (emptiness.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from broadsheet.crawler.bounds.evidence import MAX_SHAPES, ShapeCount

PATIENCE = 4  # answers of one shape without a new article
FRUITLESS, DOUBTFUL = 4, 1  # what an answer costs that brought nothing, and one of which it is not clear
_TO_BEGIN_WITH = 14 * FRUITLESS
_FOR_EACH_ARTICLE = 2  # of the four that a fruitless answer costs
_SURE = 8  # fruitful answers, after which a shape is asked as fast as its host allows
_DOUBTS = 16  # answers of a shape to one that brought something, if it is not clear what they bring
_LATE_SHAPES = 6
_HOPES = 15
_PROVEN = 5  # fruitful answers of a shape: these are articles
_MOSTLY = 2  # empty answers of a shape to one that is not
_HOLLOW = 400  # of what answers weigh that say nothing of their own (emptiness.py): after that, they are a trap
_HOLLOW_BESIDE_ARTICLES = (
    100  # the same, where the site has shown what its articles are, perhaps under URLs of the same shape
)
_REST = "(all others)"


class ShapeTurn(Enum):
    """What is to become of a URL."""

    NOW = "now"
    LAST = "last"
    NEVER = "never"


@dataclass(slots=True)
class SiteYields:
    """What the shapes of one site have brought, in memory."""

    shapes: dict[str, ShapeCount] = field(default_factory=dict)
    fruitful: int = 0
    articles: int = 0
    cost: int = 0
    hopes: int = 0  # answers that counted for what they named, of which nothing was known
    deferred: dict[str, int] = field(default_factory=dict)
    late_shapes: int = 0  # that were met first when all was spent
    emptiness: int = 0  # what the answers weigh that say nothing of their own
    empty: Counter[str] = field(default_factory=Counter)  # how many of a shape do not
    telling: Counter[str] = field(default_factory=Counter)  # and how many do

    def take(self, count: ShapeCount) -> None:
        """Put *count* in place of what was known of its shape."""
        before = self.shapes.get(count.shape)
        self.shapes[count.shape] = count
        self.fruitful += count.fruitful - (before.fruitful if before else 0)
        self.articles += count.articles - (before.articles if before else 0)
        self.cost += count.cost - (before.cost if before else 0)

    @property
    def allowance(self) -> int:
        """What may still be spent on what brings nothing."""
        return _TO_BEGIN_WITH + _FOR_EACH_ARTICLE * self.articles - self.cost

    def is_hollow(self, shape: str | None) -> bool:
        """Whether the site has shown enough that says nothing, and *shape* is mostly a part of that."""
        if shape is None or self.emptiness < (_HOLLOW if self.articles < _PROVEN else _HOLLOW_BESIDE_ARTICLES):
            return False
        count = self.shapes.get(shape)
        return self.empty[shape] > _MOSTLY * (self.telling[shape] + (count.articles if count else 0))


class Yields:
    """The shapes of all sites.  *load* gives what the crawl's state has of a site; *patience* 0: nothing is put last."""

    def __init__(self, load: Callable[[str], Iterable[ShapeCount]], patience: int = PATIENCE) -> None:
        self._load = load
        self._patience = patience
        self._sites: dict[str, SiteYields] = {}

    def turn(self, site: str, shape: str, *, found_on: str | None, is_last: bool) -> ShapeTurn:
        """What is to become of a URL of *shape*, which a page of the shape *found_on* named (None: a seed did); *is_last*: it
        was put last already."""
        if not self._patience:
            return ShapeTurn.NOW
        known = self._of(site)
        count = known.shapes.get(self._name(known, shape)) or ShapeCount(site, shape)
        hollow = known.is_hollow(count.shape if count.asked else found_on)
        spent = hollow or (known.allowance <= 0 and self._is_proven_without(known, count))
        if not count.asked:
            named = None if found_on is None else known.shapes.get(found_on)
            if found_on is None or (named is not None and named.fruitful and not hollow):
                return ShapeTurn.NOW
            known.late_shapes += spent
            return (
                ShapeTurn.NOW if known.late_shapes <= _LATE_SHAPES else ShapeTurn.NEVER if is_last else ShapeTurn.LAST
            )
        doubted = count.asked >= _DOUBTS * (1 + count.fruitful)
        if count.since < self._patience and not (spent and doubted):
            return (
                ShapeTurn.LAST if spent and not count.fruitful and count.asked >= 2 and not is_last else ShapeTurn.NOW
            )
        if not is_last:
            return ShapeTurn.LAST
        return ShapeTurn.NEVER if spent else ShapeTurn.NOW

    def is_unsure(self, site: str, shape: str, flying: int) -> bool:
        """Whether what *flying* visits to URLs of *shape* bring decides about the next one."""
        if not self._patience:
            return False
        count = self.count_of(site, shape)
        return count.fruitful < _SURE and count.since + flying >= self._patience

    def hope(self, site: str) -> bool:
        """Whether an answer may count for naming what looks like an article, of a shape that nothing is known of."""
        known = self._of(site)
        known.hopes += 1
        return known.hopes <= _HOPES + known.articles

    def place(self, site: str, shape: str) -> int:
        """A number for the next URL of *shape* that is put last, so that the shapes come in turn."""
        known = self._of(site)
        known.deferred[shape] = number = known.deferred.get(shape, 0) + 1
        return number

    def count_of(self, site: str, shape: str) -> ShapeCount:
        """What is known of *shape*."""
        known = self._of(site)
        name = self._name(known, shape)
        return known.shapes.get(name) or ShapeCount(site, name)

    def ended(self, site: str, shape: str, cost: int, *, is_article: bool = False) -> ShapeCount:
        """Count an answer that was an article or brought a new one (*cost* 0), or cost something; what is known now."""
        before = self.count_of(site, shape)
        after = ShapeCount(  # of each page: `replace` takes four times as long
            site,
            before.shape,
            before.asked + 1,
            before.articles + is_article,
            before.fruitful + (cost == 0),
            0 if cost == 0 else before.since + (cost == FRUITLESS),
            before.cost + cost,
            before.left_out,
        )
        self._of(site).take(after)
        return after

    def weigh(self, site: str, shape: str, emptiness: int | None) -> None:
        """Count an answer that brought nothing by its *emptiness* (`Emptiness.weigh`).

        Known in this run alone: the next one weighs anew.
        """
        known = self._of(site)
        name = self._name(known, shape)
        if emptiness is None:
            return
        known.emptiness += emptiness
        (known.empty if emptiness else known.telling)[name] += 1

    def is_hollow(self, site: str, shape: str) -> bool:
        """Whether answers like those of *shape* were shown to say and to bring nothing."""
        known = self._of(site)
        return known.is_hollow(self._name(known, shape))

    def left_out(self, site: str, shape: str) -> ShapeCount:
        """Count a URL that was given up."""
        before = self.count_of(site, shape)
        after = replace(before, left_out=before.left_out + 1)
        self._of(site).take(after)
        return after

    def _is_proven_without(self, known: SiteYields, count: ShapeCount) -> bool:
        """Whether the site has given articles of other shapes than that of *count*."""
        return known.fruitful - count.fruitful >= _PROVEN

    def _name(self, known: SiteYields, shape: str) -> str:
        return shape if shape in known.shapes or len(known.shapes) < MAX_SHAPES else _REST

    def _of(self, site: str) -> SiteYields:
        known = self._sites.get(site)
        if known is None:
            known = self._sites[site] = SiteYields()
            for count in self._load(site):
                known.take(count)
        return known
