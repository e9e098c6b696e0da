"""The bounds of a crawl, page by page: what is asked now, late, after another, or not at all, and what answers teach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from small_warcs import answered

from broadsheet.archive.exchange import Exchange, Outlink
from broadsheet.crawler.bounds import priority
from broadsheet.crawler.bounds.bounds import (
    NO_GUESS,
    NO_YIELD,
    VARIANT,
    AskLater,
    AskNow,
    Await,
    Bounds,
    LeaveOut,
    variant_rules,
)
from broadsheet.crawler.bounds.priority import priority_of
from broadsheet.crawler.discovery.urls import dedupe_key, fingerprint, host_of
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.state.memory import MemoryStore
from broadsheet.crawler.state.url import FoundUrl

SITE = "http://a.example"
TEXT = "".join(f"<p>Sentence {n} of a story that is long enough to be read by many people here.</p>" for n in range(40))
STORY = f"<html><title>Story</title><h1>Story</h1>{TEXT}</html>"
EMPTY = "<html><title>Nothing</title><p>Nothing to see.</p></html>"


def visit(target: str, hops: str = "LL", *, via: str | None = "/", order: int = 9, **more: Any) -> Visit:
    url = SITE + target
    rank = more.pop("priority", priority_of(url, hops))
    return Visit(
        fingerprint(dedupe_key(url)), url, host_of(url), rank, hops, None if via is None else SITE + via, order, **more
    )  # fmt: skip


def bounds(**more: Any) -> Bounds:
    return Bounds(MemoryStore(), **{"patience": 10, **more})


def end(
    bounds: Bounds, one: Visit, body: str = STORY, *, same: bool | None = None, status: int = 200, kind: str = "text/html",
    links: Sequence[Outlink] = (), found: Sequence[FoundUrl] = (),
) -> tuple[Any, bytes | None]:  # fmt: skip
    """The answer to *one*, and that it has ended."""
    learnt = bounds.ended(one, answered(one.url, body, status=status, kind=kind), links, found, same)
    bounds.left(one)
    return learnt


def asked(bounds: Bounds, one: Visit) -> AskNow:
    judgement = bounds.judge(one)
    assert isinstance(judgement, AskNow)
    return judgement


def test_what_the_user_named_and_what_is_tried_again_is_asked_without_a_question() -> None:
    known = bounds()
    asked(known, first := visit("/story/"))
    end(known, first)
    again = visit("/story/?print=1", tries=1)
    assert bounds().judge(visit("/story/?print=1", "", via=None)) == known.judge(again) == AskNow()


def test_another_spelling_waits_for_the_first_is_a_test_then_and_is_left_out_when_the_rule_holds() -> None:
    crawl = bounds()
    first, second = visit("/story-of-a-ferry"), visit("/story-of-a-ferry/")
    judgement = asked(crawl, first)
    waits = crawl.judge(second)
    assert isinstance(waits, Await)
    assert waits.token in judgement.tokens
    end(crawl, first)
    asked(crawl, second)
    test = crawl.test_of(second)
    assert test is not None
    assert (test.primary.url, set(test.rules)) == (first.url, {"slash"})
    learnt, variant_of = end(crawl, second, same=True)
    assert variant_of == first.fingerprint
    assert [(count.rule, count.agreed) for count in learnt.rules] == [("slash", 1)]
    assert learnt.family is None
    for number in range(9):  # other pages show the same
        one, other = visit(f"/story-of-ferry-{number}x"), visit(f"/story-of-ferry-{number}x/")
        asked(crawl, one)
        end(crawl, one)
        if isinstance(crawl.judge(other), LeaveOut):
            break
        end(crawl, other, same=True)
    left_out = crawl.judge(other)
    assert isinstance(left_out, LeaveOut)
    assert (left_out.error, left_out.variant_of) == (VARIANT + "slash", one.fingerprint)
    assert variant_rules(left_out.error) == ("slash",)


def test_pages_that_differ_by_a_parameter_refute_the_rule_and_are_pages_of_their_own() -> None:
    crawl = bounds()
    asked(crawl, first := visit("/show?ref=1"))
    end(crawl, first)
    for number in range(2, 9):
        other = visit(f"/show?ref={number}")
        if crawl.member(other.url).key != crawl.member(first.url).key:
            break
        asked(crawl, other)
        _, variant_of = end(crawl, other, same=False)
        assert variant_of is None
    assert crawl.member(other.url).key != crawl.member(first.url).key


def test_with_variants_each_spelling_is_asked_for() -> None:
    crawl = bounds(variants=True)
    for target in ("/story-of-a-ferry", "/story-of-a-ferry/"):
        asked(crawl, visit(target))


@pytest.mark.parametrize(
    ("status", "kind", "hop_to", "variant"),
    [(301, "text/html", "/story-of-a-ferry", True), (301, "text/html", "/another-story-here", False),
     (404, "text/html", None, True), (403, "text/html", None, None)],
)  # fmt: skip
def test_an_answer_that_is_no_page_tells_how_a_test_came_out(
    status: int, kind: str, hop_to: str | None, variant: bool | None
) -> None:
    crawl = bounds()
    first, second = visit("/story-of-a-ferry"), visit("/story-of-a-ferry/")
    asked(crawl, first)
    end(crawl, first)
    asked(crawl, second)
    links = [] if hop_to is None else [Outlink(SITE + hop_to, "R", "")]
    learnt, variant_of = end(crawl, second, "", status=status, kind=kind, links=links)
    assert (variant_of == first.fingerprint) is bool(variant)
    assert bool(learnt and learnt.rules) is (variant is not None)


def story(number: int) -> str:
    """A page that shares no line with any other."""
    return STORY.replace("Sentence", f"{number}-{'abcdefghij'[number % 10] * 5}").replace("people", f"p{number * 7}")


def test_a_shape_that_brings_nothing_is_asked_last_and_then_left_out_where_articles_were_seen() -> None:
    crawl = bounds(patience=4)
    for number in range(9):
        one = visit(f"/n/{number}", order=number + 2)
        asked(crawl, one)
        end(crawl, one, story(number))
    for number in range(60):
        one = visit(f"/day/{number}", via=f"/day/{number - 1}", order=number + 2)
        judgement = crawl.judge(one)
        if not isinstance(judgement, AskNow):
            break
        end(crawl, one, EMPTY)
    assert isinstance(judgement, AskLater)
    assert judgement.priority < priority.VARIANT
    last = visit("/day/99", via="/day/98", order=99, priority=judgement.priority)
    judgement = crawl.judge(last)
    for number in range(100, 160):
        if isinstance(judgement, LeaveOut):
            break
        end(crawl, last, EMPTY)
        last = visit(f"/day/{number}", via=f"/day/{number - 1}", order=number, priority=last.priority)
        judgement = crawl.judge(last)
    assert isinstance(judgement, LeaveOut)
    assert judgement.error == NO_YIELD
    assert judgement.learnt is not None
    assert variant_rules(judgement.error) == ()


def test_a_shape_that_brings_articles_is_asked_for_on_and_on() -> None:
    crawl = bounds(patience=4)
    for number in range(60):
        one = visit(f"/n/{number}", order=number + 2)
        assert isinstance(crawl.judge(one), AskNow), number
        end(crawl, one, story(number))


def test_no_feed_is_guessed_where_a_sitemap_names_pages_but_one_that_it_names_is_asked() -> None:
    crawl = bounds()
    sitemap = visit("/sitemap.xml", "I", via=None)
    guess = visit("/feed/", "I", via=None, priority=priority.GUESSED)
    token = next(iter(asked(crawl, sitemap).tokens))
    assert crawl.judge(guess) == Await(token)
    pages = [Outlink(f"{SITE}/a", "L", "sitemap:url/loc")]
    end(crawl, sitemap, "<urlset/>", kind="application/xml", links=pages)
    assert crawl.judge(guess) == LeaveOut(NO_GUESS)
    other = bounds()
    asked(other, sitemap)
    end(
        other, sitemap, "<x/>", kind="application/xml", links=[*pages, Outlink(f"{SITE}/feed/", "I", "sitemap:url/loc")]
    )
    asked(other, guess)


def test_what_ends_lets_those_on_that_wait_for_it() -> None:
    crawl = bounds()
    one = visit("/story-of-a-ferry")
    tokens = asked(crawl, one).tokens
    assert tokens <= set(crawl.left(one))
    assert crawl.left(one) == []
    asked(crawl, visit("/story-of-a-ferry/"))


def test_of_a_shape_that_is_in_doubt_few_are_under_way_at_once() -> None:
    crawl = bounds(patience=2)
    one, other, third = (visit(f"/day/{number}", order=number) for number in (3, 4, 5))
    asked(crawl, one)
    asked(crawl, other)
    waits = crawl.judge(third)
    assert isinstance(waits, Await)
    assert waits.token in crawl.left(one)
    asked(crawl, third)
    assert isinstance(crawl.judge(visit("/day/6", order=6)), Await)
    crawl.left(other)
    crawl.left(third)
    asked(crawl, visit("/day/6", order=6))


def test_an_update_learns_nothing_of_pages_that_were_known_before_it() -> None:
    crawl = bounds(known_before=50)
    for number in range(40):
        one = visit(f"/day/{number}", via=f"/day/{number - 1}", order=number + 2)
        asked(crawl, one)
        learnt, _ = end(crawl, one, EMPTY)
        assert not (learnt and learnt.shapes)


def test_requisites_and_what_was_not_answered_teach_nothing() -> None:
    crawl = bounds()
    image = visit("/a.png", "LE")
    assert crawl.ended(image, answered(image.url, b"x", kind="image/png"), (), ()) == (None, None)
    page = visit("/a")
    silent = Exchange(page.url, answered(page.url, "").started, 0.1)
    assert crawl.ended(page, silent, (), ()) == (None, None)
