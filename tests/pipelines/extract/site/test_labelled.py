"""Labelled boxes: sentences of another matter go with the line that recurs above them, and paragraphs stay below theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from reading import read_with_profile
from synthetic_site import stories

from broadsheet.pipelines.extract.extraction import Extraction
from broadsheet.pipelines.extract.site.labelled import rows_of_boxes
from broadsheet.pipelines.extract.site.lines import LETTERS, LINE_TYPE, OWN_TITLE, RUNNING

SITE = stories()[:8]
ODD = ("zephyrs", "quinces", "jackals", "velvets", "oxbows", "cobalts", "fjordland", "geckos", "hazels", "ibexes")
Written = Callable[[str, Sequence[str]], str]  # a label and the lines below it, in one markup


def loose(label: str, lines: Sequence[str]) -> str:
    return "".join(f"<p>{one}</p>" for one in (label, *lines))


def bold(label: str, lines: Sequence[str]) -> str:
    return f"<p><b>{label}</b></p>" + "".join(f"<p>{one}</p>" for one in lines)


def wrapped(label: str, lines: Sequence[str]) -> str:
    return f"<div><p>{label}</p>{''.join(f'<p>{one}</p>' for one in lines)}</div>"


def quoted(label: str, lines: Sequence[str]) -> str:
    return f"<blockquote><b>{label}</b>{''.join(f'<p>{one}</p>' for one in lines)}</blockquote>"


def joined(label: str, lines: Sequence[str]) -> str:
    return f"<p><b>{label}</b><br>{'<br>'.join(lines)}</p>"


def paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def strange(at: int) -> str:
    one, other, third = ODD[at], ODD[at - 1], ODD[at - 3]
    return f"Seven {one} gladly traded twelve purple {other} against everybody's favourite {third} overnight."


def read(label: str, below: Callable[[int], Sequence[str]], written: Written) -> list[Extraction]:
    found: list[Extraction] = read_with_profile(
        [
            (
                one.path,
                f"<title>{one.title}</title><h1>{one.title}</h1><div>{paragraphs(one.paragraphs[:2])}"
                f"{written(label, below(at))}{paragraphs(one.paragraphs[2:])}</div>",
            )
            for at, one in enumerate(SITE)
        ]
    )
    return found


@pytest.mark.parametrize("written", [loose, bold, wrapped, quoted, joined])
def test_a_sentence_of_another_matter_goes_with_its_label_in_any_markup(written: Written) -> None:
    got = read("Quote of the hour", lambda at: [strange(at)], written)
    for one, story in zip(got, SITE, strict=True):
        assert one.article.text == "\n\n".join(story.paragraphs)
    sources = {segment.role_source for one in got for segment in one.segments if segment.text.startswith("Seven ")}
    assert all("no words in common with the text" in str(source) for source in sources), sources


@pytest.mark.parametrize("written", [loose, bold, wrapped, joined])
def test_a_sentence_with_words_of_the_text_stays_below_a_heading_that_recurs(written: Written) -> None:
    def akin(at: int) -> list[str]:
        words = [word for word in SITE[at].paragraphs[-1].split() if word.isalpha() and len(word) > 5][:5]
        return [f"Everything here depends on {' and '.join(words)}, and on little besides."]

    for at, one in enumerate(read("In short", akin, written)):
        assert akin(at)[0] in (one.article.text or "")


def test_a_box_with_an_element_ends_with_it() -> None:
    """A second sentence, on some pages alone, is the box's; the paragraph right behind the box is the text's."""
    got = read(
        "Quote of the hour",
        lambda at: [strange(at), f"Whoever paints {ODD[at - 5]} dreams of {ODD[at - 6]}."][: 1 + at % 2],
        wrapped,
    )
    for one, story in zip(got, SITE, strict=True):
        assert one.article.text == "\n\n".join(story.paragraphs)


def test_amounts_without_an_element_stay_below_a_heading_that_recurs() -> None:
    got = read("Ingredients", lambda at: [f"{at + 2}00 g {ODD[at - step]}" for step in range(3)], bold)
    for at, one in enumerate(got):
        assert f"{at + 2}00 g {ODD[at]}" in (one.article.text or "")


def test_a_label_with_words_of_the_text_ends_articles_and_stays_though_most_articles_have_it() -> None:
    pages, sources = [], []
    for one in SITE:
        words = [
            word.strip(".,") for text in one.paragraphs for word in text.split() if word.isalpha() and len(word) > 5
        ]
        sources.append(f"Sources: {words[0]} {words[3]}, {words[5]}")
        text = paragraphs([*one.paragraphs, sources[-1]])
        pages.append((one.path, f"<title>{one.title}</title><h1>{one.title}</h1><div>{text}</div>"))
    for line, got in zip(sources, read_with_profile(pages), strict=True):
        assert (got.article.text or "").endswith(line)


def test_a_credit_with_a_link_heads_no_text() -> None:
    """It stands first in the element of the text, as "In short" does, and says where the picture above it is from."""
    pages = []
    for at, one in enumerate(SITE):
        word = next(word for word in one.paragraphs[0].split() if word.isalpha() and len(word) > 5)
        credit = f"<p>Image source: <a href='http://{ODD[at]}.example/'>{word}</a></p>"
        day = f"<p>{at + 1} May 2026</p>"
        begun, others = one.paragraphs[:3], one.paragraphs[3:]
        text = (
            f"<h1>{one.title}</h1>{day}<div><img src='/{at}.jpg'>{credit}{paragraphs(begun)}</div>{paragraphs(others)}"
        )
        pages.append((one.path, f"<title>{one.title}</title>{text}"))
    for one, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == "\n\n".join(one.paragraphs)


@pytest.mark.parametrize("place", [0, 2, None])
def test_a_label_of_the_articles_own_sentences_stays_with_them_in_a_place_apart(place: int | None) -> None:
    """Above the text, amid it and behind it, where the block model doubts both: "What is it?" speaks to nobody."""
    pages, boxes = [], []
    for one in SITE:
        words = [word for text in one.paragraphs for word in text.split() if word.isalpha() and len(word) > 5][:9:2]
        boxes.append(["What is it?", f"One means {' and '.join(words)} by it."])
        texts = [f"<p>{text}</p>" for text in one.paragraphs]
        at = len(texts) if place is None else place
        texts[at:at] = [f"<aside class=x>{''.join(f'<div>{line}</div>' for line in boxes[-1])}</aside>"]
        pages.append((one.path, f"<title>{one.title}</title><h1>{one.title}</h1><div>{''.join(texts)}</div>"))
    for box, got in zip(boxes, read_with_profile(pages), strict=True):
        assert "\n\n".join(box) in (got.article.text or "")


def test_amounts_of_another_matter_below_a_heading_go_where_they_stand_now_here_now_there() -> None:
    pages = []
    for at, one in enumerate(SITE):
        box = bold("Our choice", [f"{ODD[at - step]} by {ODD[at - 2]}, from {at + 9}.99" for step in range(2)])
        place = 1 + at % 3
        text = f"{paragraphs(one.paragraphs[:place])}{box}{paragraphs(one.paragraphs[place:])}"
        pages.append((one.path, f"<title>{one.title}</title><h1>{one.title}</h1><div>{text}</div>"))
    for one, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == "\n\n".join(one.paragraphs)


def boxed(box_of: Callable[[int], str]) -> list[Extraction]:
    """The site with a box now here, now there amid the text."""
    pages = []
    for at, one in enumerate(SITE):
        place = 1 + at % 4
        text = f"{paragraphs(one.paragraphs[:place])}{box_of(at)}{paragraphs(one.paragraphs[place:])}"
        pages.append((one.path, f"<title>{one.title}</title><h1>{one.title}</h1><div>{text}</div>"))
    found: list[Extraction] = read_with_profile(pages)
    return found


def test_a_question_to_the_reader_goes_with_its_answers_though_it_says_words_of_the_text() -> None:
    def poll(at: int) -> str:
        word = next(word for word in SITE[at].paragraphs[1].split() if word.isalpha() and len(word) > 5)
        return loose("Your turn", [f"Would you trade your own {word} for a {word}?", "Gladly", "Never"])

    for one, got in zip(SITE, boxed(poll), strict=True):
        assert got.article.text == "\n\n".join(one.paragraphs)


def test_a_heading_that_no_other_page_has_goes_with_the_line_below_that_begins_a_box() -> None:
    for one, got in zip(
        SITE,
        boxed(lambda at: bold(f"{ODD[at].title()} set for {at + 31},99", [f"In shops from {at + 3} May"])),
        strict=True,
    ):
        assert got.article.text == "\n\n".join(one.paragraphs)


@pytest.mark.parametrize(("flags", "boxes"), [(LETTERS, [(0, 2)]), (LETTERS | OWN_TITLE, [])])
def test_a_page_s_own_headline_is_no_label_on_it_though_it_heads_a_teaser_on_others(
    flags: int, boxes: list[tuple[int, int]]
) -> None:
    lines = np.zeros(3, LINE_TYPE)
    lines["text"], lines["flags"], lines["kin"] = [7, 8, 9], [flags, RUNNING | LETTERS, RUNNING | LETTERS], [0, 10, 150]
    assert rows_of_boxes(lines, np.zeros(3, np.int64), {7: 1}) == boxes
