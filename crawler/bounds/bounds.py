"""What a crawl asks now, late, or not at all: asked for each page when its turn comes, told of each page that ended.

Two questions, and what was learnt of the site decides both:

    is it a page that is known under another spelling?     family.py, evidence.py (rules), sameness.py
    has what looks like it brought new articles?           form.py, novelty.py, emptiness.py, yields.py

All of it happens when a URL's turn comes, never when it is found: by then its plainer spelling is known, if there is one.
What is in doubt is asked for, late.  What is left out stays in the crawl's state with its reason, and can be taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.archive.exchange import Exchange, Outlink
from broadsheet.archive.http_answer import Answer
from broadsheet.crawler.bounds import priority
from broadsheet.crawler.bounds.emptiness import Emptiness
from broadsheet.crawler.bounds.evidence import RuleCount, ShapeCount
from broadsheet.crawler.bounds.family import Member, member, site_of
from broadsheet.crawler.bounds.form import UrlForm, form_of, shape_of
from broadsheet.crawler.bounds.novelty import LONG, MAX_CONTENT, Novelty
from broadsheet.crawler.bounds.rules import SiteRules
from broadsheet.crawler.bounds.yields import DOUBTFUL, FRUITLESS, ShapeTurn, Yields
from broadsheet.crawler.discovery.bare_pages import USUAL_FEEDS
from broadsheet.crawler.discovery.urls import host_of
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.state.changes import Learnt
from broadsheet.crawler.state.store import CrawlStore, FamilyPage
from broadsheet.crawler.state.url import FoundUrl, Lane

NO_YIELD = "no new articles"
NO_GUESS = "no feed is looked for here"
VARIANT = "variant: "
_MANY = 20_000  # families, and pages of theirs, that are remembered beside the state
_MOST_KEYS = 200_000  # of families in memory
_SURE = 8  # fruitful answers of a shape, after which one in so many is looked into


@dataclass(frozen=True, slots=True)
class Test:
    """A page that is asked for to see whether it is the same as ``primary``, from which it differs by ``rules``."""

    member: Member
    primary: FamilyPage
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class AskNow:
    """The URL is to be asked for.  Until it has ended, what waits for ``tokens`` waits."""

    tokens: frozenset[object] = frozenset()


@dataclass(frozen=True, slots=True)
class AskLater:
    """The URL goes back into the queue with this priority."""

    priority: int


@dataclass(frozen=True, slots=True)
class Await:
    """The URL is to be judged again when the visit that holds this token has ended."""

    token: object


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """The URL is not asked for: why, and which page stands for it."""

    error: str
    variant_of: bytes | None = None
    learnt: Learnt | None = None


Judgement = AskNow | AskLater | Await | LeaveOut


class Bounds:
    """The bounds of one crawl, whose state is *store*.

    *patience* as in `Yields`; *variants*: they are asked for, too.  URLs with an order below *known_before* are those of an
    earlier crawl, which an update asks again: what they bring says nothing.
    """

    def __init__(self, store: CrawlStore, *, patience: int, variants: bool = False, known_before: int = 0) -> None:
        self._store = store
        self._known_before = known_before
        self._variants = variants
        self._rules = SiteRules(store.rule_counts)
        self._yields = Yields(store.shape_counts, patience)
        self._novelty = Novelty()
        self._emptiness = Emptiness()
        self._families: dict[int, FamilyPage] = {}  # that the state may not show yet
        # The keys of all families, which spares most pages a question; None: the state alone knows them all.
        self._keys: set[int] | None = set() if store.next_order() == 1 else None
        self._asked: dict[int, int] = {}  # members of a family that were asked for
        self._under_way: dict[object, bytes] = {}
        self._tests: dict[bytes, Test] = {}
        self._shapes: dict[bytes, object] = {}  # of visits under way
        self._first: dict[bytes, Member] = {}  # visits under way that are the first of their families
        self._flying: dict[object, int] = {}  # how many of a shape are
        self._listed: set[str] = set()  # sites whose sitemaps name pages, or that answer with pages where a feed may be
        self._named_feeds: set[str] = set()  # guessed, and named by a sitemap or a feed since

    def judge(self, visit: Visit) -> Judgement:
        """What is to become of *visit* to a page, now that it has its turn."""
        if visit.priority >= priority.SEED or visit.tries:
            return self._ask(visit, frozenset())
        one = self.member(visit.url)
        if visit.source and (visit.priority == priority.GUESSED or "feed" not in one.ways):
            return self._by_sources(visit, (one.site, "source"))
        if one.key in self._under_way and not self._variants:
            return Await(one.key)
        primary = self._primary(one.key)
        if primary is not None and primary.fingerprint != visit.fingerprint and not self._variants:
            return self._by_family(visit, one, primary)
        judgement = self._by_shape(visit, one)
        if primary is None and isinstance(judgement, AskNow):
            self._first[visit.fingerprint] = one
        return judgement

    def member(self, url: str) -> Member:
        """*url* in its family, as far as is known now."""
        site = site_of(host_of(url))
        return member(url, lambda rule: self._rules.refuted(site, rule))

    def test_of(self, visit: Visit) -> Test | None:
        """What *visit*, which was given out, is to show; None: it is asked for its own sake."""
        return self._tests.get(visit.fingerprint)

    def left(self, visit: Visit) -> list[object]:
        """*visit* has ended: the tokens that nobody holds any more."""
        self._tests.pop(visit.fingerprint, None)
        self._first.pop(visit.fingerprint, None)
        free = [token for token, holder in self._under_way.items() if holder == visit.fingerprint]
        for token in free:
            del self._under_way[token]
        if visit.fingerprint in self._shapes:
            token = self._shapes.pop(visit.fingerprint)
            free.append(token)  # each of a shape lets on what waits for it
            self._flying[token] -= 1
            if not self._flying[token]:
                del self._flying[token]
        return free

    # -- what is known already

    def _by_family(self, visit: Visit, one: Member, primary: FamilyPage) -> Judgement:
        rules = one.differs_from(self.member(primary.url))
        open_rules = frozenset(rule for rule in rules if not self._rules.holds(one.site, rule))
        if not open_rules or open_rules == {"login"}:
            return LeaveOut(VARIANT + ", ".join(sorted(rules)), primary.fingerprint)
        if self._asked.get(one.key, 1) >= 2:  # this page has shown enough: let others show the rest
            if all(self._rules.count(one.site, rule).agreed for rule in open_rules):
                return LeaveOut(VARIANT + ", ".join(sorted(rules)), primary.fingerprint)
            if visit.priority >= priority.VARIANT:
                return AskLater(priority.LAST + priority.BAND - 1)
        for rule in open_rules:
            if (one.site, rule) in self._under_way:
                return Await((one.site, rule))
        judgement = self._by_shape(visit, one)
        if isinstance(judgement, AskNow):
            self._tests[visit.fingerprint] = Test(one, primary, open_rules)
            return self._ask(visit, frozenset((one.site, rule) for rule in open_rules) | {one.key})
        return judgement

    def _by_sources(self, visit: Visit, token: tuple[str, str]) -> Judgement:
        """A sitemap or a list is asked; a feed that nothing announces when they have not named any page, one after another."""
        if visit.priority == priority.GUESSED:
            if token in self._under_way:
                return Await(token)
            if token[0] in self._listed and visit.url not in self._named_feeds:
                return LeaveOut(NO_GUESS)
        return self._ask(visit, frozenset((token,)))

    def _by_shape(self, visit: Visit, one: Member) -> Judgement:
        if visit.order < self._known_before or visit.hops.endswith("R") or self._is_certain(visit):
            return self._ask(visit, {one.key})
        shape = shape_of(visit.url)
        is_last = visit.priority < priority.VARIANT
        token = (one.site, "shape", shape)
        flying = self._flying.get(token, 0)
        if flying and self._yields.is_unsure(one.site, shape, flying):
            return Await(token)
        found_on = None if visit.via is None or visit.hops == "L" else shape_of(visit.via)
        match self._yields.turn(one.site, shape, found_on=found_on, is_last=is_last):
            case ShapeTurn.LAST:
                return AskLater(priority.LAST + priority.BAND - 1 - self._yields.place(one.site, shape))
            case ShapeTurn.NEVER:
                return LeaveOut(NO_YIELD, learnt=Learnt(shapes=(self._yields.left_out(one.site, shape),)))
        self._flying[token] = flying + 1
        self._shapes[visit.fingerprint] = token
        return self._ask(visit, {one.key, token})

    def _ask(self, visit: Visit, tokens: frozenset[object] | set[object]) -> AskNow:
        for token in tokens:
            self._under_way[token] = visit.fingerprint
        return AskNow(frozenset(tokens))

    def _primary(self, key: int) -> FamilyPage | None:
        if self._keys is not None and key not in self._keys:
            return None
        return self._families.get(key) or self._store.family(key)

    @staticmethod
    def _is_certain(visit: Visit) -> bool:
        """Whether it is an article for all that is known: a sitemap or a feed names it, or it has a date and a name."""
        path = visit.hops.rstrip("R")
        if path.endswith("L") and path[:-1].rstrip("R").endswith("I"):
            return True
        return "?" not in visit.url and form_of(visit.url) is UrlForm.DATED_ARTICLE

    # -- what is learnt

    def ended(
        self,
        visit: Visit,
        exchange: Exchange,
        links: Sequence[Outlink],
        found: Sequence[FoundUrl],
        same: bool | None = None,
    ) -> tuple[Learnt | None, bytes | None]:
        """What the answer to *visit* teaches, and the page that it is a variant of.

        *found* are the new URLs among its *links*; *same* says how a `Test` came out.
        """
        if visit.requisite or exchange.status is None or exchange.answer is None:
            return None, None
        is_page = exchange.answer.is_page and not visit.source
        if visit.source:
            self._note_source(visit, exchange.answer, links)
        test = self._tests.get(visit.fingerprint)
        rules: tuple[RuleCount, ...] = ()
        if test is not None:
            if same is None:
                same = self._same_without_page(test, exchange.status, links, found)
            if same is not None:
                rules = self._rules.seen(test.member.site, test.rules, visit.url, test.primary.url, agreed=same)
            self._asked[test.member.key] = self._asked.get(test.member.key, 1) + 1
        first = self._first.get(visit.fingerprint)
        one = first or self.member(visit.url)
        copied = test is not None and bool(same)
        shape = shape_of(visit.url)
        cost, is_article = (FRUITLESS, False) if copied else self._cost(visit, one.site, shape, exchange, found)
        if is_article:
            self._note_named_by(visit, one.site)
        shapes: tuple[ShapeCount, ...] = ()
        if cost is not None:
            shapes = (self._yields.ended(one.site, shape, cost, is_article=is_article),)
        family = self._registered(visit, one, is_first=first is not None) if is_page and not copied else None
        variant_of = test.primary.fingerprint if test is not None and copied else None
        learnt = Learnt(rules, shapes, family) if rules or shapes or family is not None else None
        return learnt, variant_of

    def _note_source(self, visit: Visit, answer: Answer, links: Sequence[Outlink]) -> None:
        listed = [link for link in links if link.context.startswith("sitemap:")]
        if any(link.hop == "L" for link in listed) or (visit.priority == priority.GUESSED and answer.is_page):
            self._listed.add(site_of(visit.host))
        self._named_feeds.update(link.url for link in listed if link.hop == "I" and link.url.endswith(USUAL_FEEDS))

    def _registered(self, visit: Visit, one: Member, *, is_first: bool) -> int | None:
        """The key under which the page of *visit* stands for its family; None: another does."""
        if not is_first and self._primary(one.key) is not None:
            return None
        if len(self._families) > _MANY:
            self._families.clear()
            self._asked.clear()
        self._families[one.key] = FamilyPage(visit.fingerprint, visit.url)
        if self._keys is not None:
            self._keys.add(one.key)
            if len(self._keys) > _MOST_KEYS:
                self._keys = None
        return one.key

    def written(self, key: int) -> None:
        """The state shows the family *key* by now, with the place of its page."""
        self._families.pop(key, None)

    def _same_without_page(
        self, test: Test, status: int, links: Sequence[Outlink], found: Sequence[FoundUrl]
    ) -> bool | None:
        """How *test* came out, where the answer is no page: it leads back, it is not there, or it names nothing new."""
        if 300 <= status < 400:
            targets = [self.member(link.url) for link in links if link.hop == "R"]
            if not targets or targets[0].login:
                return None
            return targets[0].key == test.member.key
        if 400 <= status < 500 and status not in (401, 403, 408, 429):
            return True if test.rules <= _NO_PAGES_OF_THEIR_OWN else None
        if status == 200 and "feed" in test.rules:
            return not found
        return None

    def _cost(
        self, visit: Visit, site: str, own: str, exchange: Exchange, found: Sequence[FoundUrl]
    ) -> tuple[int | None, bool]:
        """What the answer to *visit*, whose URL has the shape *own*, costs, and whether it is an article: nothing where it is
        or brought one; None: it does not count."""
        answer, status = exchange.answer, exchange.status
        assert answer is not None
        assert status is not None
        if visit.source or not visit.hops or visit.order < self._known_before:
            return None, False
        new = [url for url in found if url.lane is Lane.PAGE]
        if not answer.is_page:
            if 300 <= status < 400:
                return None if new else FRUITLESS, False
            if status == 200:
                return 0 if any(priority.is_article(url.priority) for url in new) else DOUBTFUL, False
            return FRUITLESS if 400 <= status < 500 else None, False
        if self._is_certain(visit):
            return 0, True
        count = self._yields.count_of(site, own)
        if count.articles >= _SURE and not count.since and count.asked % _SURE:
            return 0, True
        content = answer.content(MAX_CONTENT)
        weight = self._novelty.weigh(site, visit.url, content)
        if weight.is_new:
            return 0, True
        is_long = weight.length >= LONG and not weight.is_copy
        feeds_itself = visit.via is not None and self._feeds_itself(visit.via, visit.url, own)
        if is_long and not feeds_itself:
            return 0, True
        emptiness = self._emptiness.weigh(site, visit.url, visit.via, content)
        self._yields.weigh(site, own, emptiness)
        if emptiness == 0:
            self._note_named_by(visit, site)
        if not self._yields.is_hollow(site, own) and any(self._is_promising(site, url, own) for url in new):
            return 0, False
        return DOUBTFUL if is_long and not emptiness else FRUITLESS, False

    def _note_named_by(self, visit: Visit, site: str) -> None:
        """What named *visit* is worth its request: there is something to read there."""
        if visit.via is not None:
            self._yields.weigh(site, shape_of(visit.via), 0)

    def _is_promising(self, site: str, url: FoundUrl, found_on: str) -> bool:
        """Whether *url*, new on a page of the shape *found_on*, is an article by all that is known."""
        if url.priority >= priority.DATED:
            return priority.is_article(url.priority)
        shape = shape_of(url.url)
        if shape == found_on:
            return False
        count = self._yields.count_of(site, shape)
        if count.asked >= 3:
            return 3 * count.articles > count.asked
        return priority.is_article(url.priority) and self._yields.hope(site)

    @staticmethod
    def _feeds_itself(via: str, url: str, own: str) -> bool:
        """Whether *url* was found on a page of its shape, *own*, and not on one of a higher number: those end at nought."""
        if shape_of(via) != own:
            return False
        mine, its = priority.numbers_in(url), priority.numbers_in(via)
        return not (mine and its and mine < its)


# fmt: off
_NO_PAGES_OF_THEIR_OWN = frozenset((
    "slash", "index", "http", "www", "mobile", "case", "double slash", "order", "amp", "print", "share", "feed",
    "comment page", "trackback", "embed", "session",
))
# fmt: on


def variant_rules(error: str | None) -> tuple[str, ...]:
    """The rules in the *error* of a URL that was left out as a variant; none of another."""
    return tuple(error.removeprefix(VARIANT).split(", ")) if error and error.startswith(VARIANT) else ()
