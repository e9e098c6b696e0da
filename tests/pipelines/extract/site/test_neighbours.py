"""Lines that the site's articles repeat and that are their own: by what stands beside them.  Each site in markup without names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from reading import read_with_profile
from synthetic_site import Story, stories

SITE = stories()[:6]
QUESTIONS = ("What did you have for breakfast?", "Who taught you the most?", "What are you reading?", "What is next?")
Lines = Callable[[int, Story], Sequence[str]]


def texts(lines: Lines, tail: str = "All rights reserved by the Daily.") -> list[str]:
    """What is left of pages whose own *lines* stand between headline and *tail*, a line that begins with ``#`` in bold."""
    pages = []
    for at, story in enumerate(SITE):
        own = "".join(f"<p><b>{one[1:]}</b></p>" if one[0] == "#" else f"<p>{one}</p>" for one in lines(at, story))
        html = f"<title>{story.title}</title><body><div><h1>{story.title}</h1>{own}<p>{tail}</p></div>"
        pages.append((story.path, html))
    return [got.article.text or "" for got in read_with_profile(pages)]


def interview(at: int, story: Story) -> Sequence[str]:
    return [one for pair in zip(QUESTIONS, story.paragraphs, strict=False) for one in pair]


def programme(at: int, story: Story) -> Sequence[str]:
    said = [f"{'ANNA BRANDT' if number % 2 else 'OTTO FENN'}: {one}" for number, one in enumerate(story.paragraphs)]
    welcome = "ANNA BRANDT: Welcome to the Hour, in which the town has a microphone and nobody is cut off."
    return [
        welcome,
        *said,
        "(Applause)",
        "ANNA BRANDT: That was the Hour. Thank you for listening, and until next week.",
    ]


def judgment(at: int, story: Story) -> Sequence[str]:
    first, second, third, *rest = story.paragraphs
    chapters = ["#Facts", first, "#History", second, "#Discussion", third, *rest]
    return [*chapters, "#Order", "The appeal is dismissed.", "The costs are those of the plaintiff."]


def live_blog(at: int, story: Story) -> Sequence[str]:
    return [one for hour, text in enumerate(story.paragraphs) for one in (f"1{9 - hour}:{20 + at}", text)]


def advice(at: int, story: Story) -> Sequence[str]:
    first, *rest = story.paragraphs
    return ["Dear Ann,", first, f"Worried in basin {'abcdef'[at]}", "Ann replies:", *rest]


def notice(at: int, story: Story) -> Sequence[str]:
    where = ("mill", "barn", "school", "tower", "harbour", "library")[at]
    return [
        f"When: {at + 3} May, {at + 1} pm",
        f"Where: the old {where}",
        f"Tickets: {at + 7} euros",
        *story.paragraphs,
    ]


@pytest.mark.parametrize("lines", [interview, programme, judgment, live_blog, advice, notice])
def test_what_introduces_text_or_is_introduced_as_text_is_stays_though_all_articles_have_it(lines: Lines) -> None:
    own = ["\n\n".join(one.removeprefix("#") for one in lines(at, story)) for at, story in enumerate(SITE)]
    assert texts(lines) == own


def test_what_stands_below_each_entry_and_introduces_nothing_is_a_button() -> None:
    def entries(at: int, story: Story) -> Sequence[str]:
        return [one for text in story.paragraphs for one in (text, "Share this update", "Copy link")]

    assert texts(entries) == ["\n\n".join(story.paragraphs) for story in SITE]


def test_an_ingredient_that_many_dishes_have_begins_no_box() -> None:
    amounts = ("200 g {}", "3 tbsp {}", "150 ml {}", "2 cups {}")

    def dish(at: int, story: Story) -> Sequence[str]:
        words = [word.strip(".,") for word in story.paragraphs[1].split() if len(word) > 5]
        listed = [one.format(word) for one, word in zip(amounts, words, strict=False)]
        return [story.paragraphs[0], "#Ingredients", *listed, "salt", "#Method", *story.paragraphs[1:]]

    assert all("\n\nsalt\n\nMethod\n\n" in text for text in texts(dish))


def test_a_last_word_stays_and_a_sentence_of_the_site_does_not() -> None:
    own = ["\n\n".join([*story.paragraphs, "Amen."]) for story in SITE]
    assert texts(lambda at, story: [*story.paragraphs, "Amen."]) == own
