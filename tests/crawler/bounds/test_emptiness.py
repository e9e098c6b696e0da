"""A page that repeats another with other numbers says nothing of its own; a headline, two words or a picture are something."""

from __future__ import annotations

import pytest

from broadsheet.crawler.bounds.emptiness import COPY, LOOK_ALIKE, Emptiness


def page(title: str, text: str) -> bytes:
    return f"<title>{title}</title><p>{text}</p><a href=/next>and so on</a>".encode()


def weights(*pages: tuple[str, bytes]) -> list[int | None]:
    """Of *pages*, URL and content, each of which the one before names."""
    emptiness = Emptiness()
    urls = [None, *(url for url, _ in pages)]
    return [emptiness.weigh("a", url, via, content) for (url, content), via in zip(pages, urls, strict=False)]


def test_a_text_that_is_repeated_weighs_more_than_its_form() -> None:
    gone = page("Gone", "Nothing was found at this place.")
    assert weights(*((f"http://a/{name}", gone) for name in "xyz")) == [0, None, COPY]
    days = [(f"http://a/day/{day}", page(f"Day {day}", f"Day {day} of the year has no events.")) for day in range(4)]
    assert weights(*days) == [0, None, LOOK_ALIKE, LOOK_ALIKE]


@pytest.mark.parametrize("more", ["/x", "&p=1"])
def test_a_url_that_grows_out_of_the_one_before_weighs_as_a_copy(more: str) -> None:
    urls = [f"http://a/find?q=1{more * times}" for times in range(4)]
    assert weights(*((url, page("Find", f"Nothing for {len(url)}.")) for url in urls)) == [0, None, COPY, COPY]


@pytest.mark.parametrize(
    "own",
    [
        lambda number: page(f"{'abcdef'[number]}lmost the same", "Taken by us."),
        lambda number: page("A word", f"This means {'abcdef'[number]}lpha or {'abcdef'[number]}eta."),
        lambda number: page("Picture", f"One of many. <img class=big src='/i/{number}.jpg'>"),
        lambda number: page("Film", f"One of many. <video controls><source src=/v/{number}.mp4></video>"),
    ],
)
def test_pages_with_something_of_their_own_weigh_nothing(own: object) -> None:
    assert callable(own)
    assert weights(*((f"http://a/{number}", own(number)) for number in range(5))) == [0] * 5


def test_what_every_page_shows_and_what_its_url_says_is_nothing_of_its_own() -> None:
    urls = [f"http://a/r/{name}" for name in ("abcd", "bcde", "cdef", "defg")]
    pages = [
        (url, page(url[-4:], f"You are at {url[-4:]}. <img src=/logo.png><img src='/pixel.gif?r={url[-4:]}'>"))
        for url in urls
    ]
    assert weights(*pages) == [0, None, LOOK_ALIKE, LOOK_ALIKE]


def test_what_a_telling_page_names_is_not_suspect() -> None:
    emptiness = Emptiness()
    shell = page("App", "Switch on scripts.")
    emptiness.weigh("a", "http://a/", None, page("Home", "All that we have to say."))
    emptiness.weigh("a", "http://a/0", "http://a/", shell)
    assert [emptiness.weigh("a", f"http://a/{number}", "http://a/", shell) for number in range(1, 4)] == [None] * 3
