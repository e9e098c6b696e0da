"""What brings nothing is put last, then given up; never before the site has shown what its articles are."""

from __future__ import annotations

from broadsheet.crawler.bounds.evidence import ShapeCount
from broadsheet.crawler.bounds.yields import FRUITLESS, PATIENCE, ShapeTurn, Yields


def turn(yields: Yields, shape: str, *, is_last: bool = False, found_on: str | None = None) -> ShapeTurn:
    return yields.turn("a.org", shape, found_on=found_on, is_last=is_last)


def ask(yields: Yields, shape: str, times: int, cost: int = FRUITLESS) -> None:
    for _ in range(times):
        yields.ended("a.org", shape, cost, is_article=cost == 0)


def test_a_shape_without_news_is_put_last_and_one_with_news_is_not() -> None:
    yields = Yields(lambda _site: ())
    ask(yields, "/old", PATIENCE)
    ask(yields, "/new", PATIENCE - 1)
    ask(yields, "/new", 1, cost=0)
    assert (turn(yields, "/old"), turn(yields, "/new")) == (ShapeTurn.LAST, ShapeTurn.NOW)
    ask(yields, "/old", 1, cost=0)
    assert turn(yields, "/old") is ShapeTurn.NOW


def test_what_is_last_is_given_up_when_the_site_has_its_articles_elsewhere() -> None:
    yields = Yields(lambda _site: ())
    ask(yields, "/old", 500)
    assert turn(yields, "/old", is_last=True) is ShapeTurn.NOW
    ask(yields, "/story", 10, cost=0)
    assert turn(yields, "/old", is_last=True) is ShapeTurn.NEVER
    assert turn(yields, "/story", is_last=True) is ShapeTurn.NOW


def test_articles_pay_for_more_tries() -> None:
    yields = Yields(lambda _site: ())
    ask(yields, "/story", 10, cost=0)
    ask(yields, "/old", 25)
    assert turn(yields, "/old", is_last=True) is ShapeTurn.NEVER
    ask(yields, "/story", 100, cost=0)
    assert turn(yields, "/old", is_last=True) is ShapeTurn.NOW


def test_shapes_without_end_end_too_but_not_what_good_pages_name() -> None:
    yields = Yields(lambda _site: ())
    ask(yields, "/story", 10, cost=0)
    ask(yields, "/old", 500)
    turns = [turn(yields, f"/made-up-{number}", found_on="/old", is_last=True) for number in range(50)]
    assert turns.count(ShapeTurn.NOW) <= 10
    assert turns[-1] is ShapeTurn.NEVER
    assert turn(yields, "/fine", found_on="/story") is ShapeTurn.NOW


def test_patience_0_asks_for_all() -> None:
    yields = Yields(lambda _site: (), patience=0)
    ask(yields, "/old", 500)
    assert turn(yields, "/old", is_last=True) is ShapeTurn.NOW


def test_counts_go_on_from_the_state() -> None:
    yields = Yields(lambda site: [ShapeCount(site, "/old", 9, 0, 0, PATIENCE, 36)])
    assert turn(yields, "/old") is ShapeTurn.LAST
    assert yields.ended("a.org", "/old", FRUITLESS) == ShapeCount("a.org", "/old", 10, 0, 0, PATIENCE + 1, 40)
