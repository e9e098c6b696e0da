"""Boxes that nobody has described: they have no words with the article in common, recur by their first line, and have one size."""

from __future__ import annotations

from collections.abc import Sequence

from reading import read_with_profile
from synthetic_site import Story, stories

from broadsheet.pipelines.extract.extraction import Extraction
from broadsheet.pipelines.extract.site.kinship import UNKNOWN, kinship

SITE = stories()[:10]
ODD = ("zephyr", "quince", "jackal", "velvet", "oxbow", "cobalt", "fjord", "gecko", "hazel", "ibex")


def read_lines(lines_of_story: Sequence[tuple[Story, Sequence[str]]]) -> list[Extraction]:
    """The site with these lines below each headline, in markup that says nothing."""
    found: list[Extraction] = read_with_profile(
        [
            (one.path, f"<title>{one.title}</title><h1>{one.title}</h1><div>{'<br><br>'.join(lines)}</div>")
            for one, lines in lines_of_story
        ]
    )
    return found


def test_a_box_that_always_stands_in_the_same_place_is_told_by_words_that_the_text_has_not() -> None:
    pages = []
    for at, story in enumerate(SITE):
        box = ["Word of the week", ODD[at].capitalize(), f"the {ODD[-at]} of a {ODD[at - 4]}"]
        pages.append((story, [*story.paragraphs[:2], *box, *story.paragraphs[2:]]))
    for story, got in zip(SITE, read_lines(pages), strict=True):
        assert got.article.text == "\n\n".join(story.paragraphs)


def test_a_list_with_words_of_the_text_stays_though_its_heading_recurs() -> None:
    pages = []
    for story in SITE:
        words = [word for word in story.paragraphs[3].split() if word.isalpha() and len(word) > 5]
        listed = ["What you need", *(" ".join(words[number : number + 2]) for number in range(3))]
        pages.append((story, [*story.paragraphs[:2], *listed, *story.paragraphs[2:]]))
    for (_, lines), got in zip(pages, read_lines(pages), strict=True):
        assert got.article.text == "\n\n".join(lines)


def test_where_loose_lines_stand_amid_the_text_they_end_no_box() -> None:
    """Subheads without markup and without words of the text: the label that may stand above one goes alone."""
    pages, texts = [], []
    for at, story in enumerate(SITE):
        first, *others = story.paragraphs
        text = [first]
        for number, paragraph in enumerate(others):
            text += [f"When {ODD[(at + number) % 10]} {ODD[(at * number + 3) % 10]} {ODD[number % 10]}?", paragraph]
        place = 1 + 2 * (at % min(3, len(others)))
        pages.append((story, [*text[:place], "Advertisement", *text[place:]]))
        texts.append(text)
    for text, got in zip(texts, read_lines(pages), strict=True):
        assert got.article.text == "\n\n".join(text)


def test_amounts_that_no_other_page_has_are_no_box() -> None:
    pages = []
    for at, story in enumerate(SITE):
        amounts = [f"{10 * at + number + 2} g {ODD[at]} {ODD[(at + 3 * number + 1) % 10]}" for number in range(4)]
        pages.append((story, [story.paragraphs[0], "Ingredients", *amounts, *story.paragraphs[1:]]))
    for (_, lines), got in zip(pages, read_lines(pages), strict=True):
        assert got.article.text == "\n\n".join(lines)


def test_lines_below_a_mark_of_the_head_go_and_a_short_first_sentence_stays() -> None:
    pages = []
    for at, story in enumerate(SITE):
        desk = ["Desk of the day", f"{ODD[at]} and {ODD[-at]}, pictures"]
        pages.append((story, [*desk, f"It began with a {ODD[at - 3]}.", *story.paragraphs]))
    for (_, lines), got in zip(pages, read_lines(pages), strict=True):
        assert got.article.text == "\n\n".join(lines[2:])


def test_entries_of_a_table_of_contents_go_and_say_that_they_repeat_the_text() -> None:
    pages = []
    for story in SITE:
        entries = [" ".join(paragraph.split()[:4]) for paragraph in story.paragraphs[:3]]
        pages.append((story, ["In this article", *entries, *story.paragraphs]))
    for (story, lines), got in zip(pages, read_lines(pages), strict=True):
        assert got.article.text == "\n\n".join(story.paragraphs)
        sources = [one.role_source for one in got.segments if one.text in lines[1:4]]
        assert sources
        assert all("only repeats beginnings of its paragraphs" in str(source) for source in sources), sources


def test_a_place_with_a_class_of_its_own_that_holds_no_text_is_furniture_amid_the_text_too() -> None:
    pages = []
    for at, story in enumerate(SITE):
        first, *rest = (f"<div class=t>{line}</div>" for line in story.paragraphs)
        mood = f"<div class=m>{ODD[at]} by {ODD[-at]}</div>" * 2 if at % 3 else ""
        pages.append((story.path, f"<title>{story.title}</title><h1>{story.title}</h1>{first}{mood}{''.join(rest)}"))
    for story, got in zip(SITE, read_with_profile(pages), strict=True):
        assert got.article.text == "\n\n".join(story.paragraphs)


def test_kinship_is_the_share_of_longer_words_that_other_running_text_has() -> None:
    lines = ("the bridges were closed", "bridge", "quince jam on a day", "a b c", "closed again")
    assert kinship(lines, [len(line) for line in lines], [True, False, False, False, True]) == [
        100,
        200,
        0,
        UNKNOWN,
        100,
    ]
    wide = ("市長は橋を閉じた", "橋を閉じ", "天気予報")
    assert kinship(wide, [2 * len(line) for line in wide], [True, False, False])[1:] == [200, 0]


def test_a_block_all_of_whose_entries_begin_paragraphs_further_down_is_no_kin_of_the_text() -> None:
    paragraphs = ["harbour gates open at dawn for the fleet", "council members voted on the bridge for hours"]
    contents = "in this story harbour gates open council members voted"
    words, running = [contents, *paragraphs], [False, True, True]
    columns = [len(one) for one in words]
    assert kinship(words, columns, running, {0: ["harbour gates open", "council members voted"]})[0] == 0
    assert kinship(words, columns, running, {0: ["harbour gates open", "members of the council"]})[0] > 0


def test_facts_that_say_words_of_the_text_are_the_articles_own_and_facts_of_other_matter_are_a_box() -> None:
    """Both are labels and values, now here and now there amid the text; of the second, not one word is the text's."""
    pages, facts = [], []
    for at, story in enumerate(SITE):
        words = [word.strip(".,") for one in story.paragraphs for word in one.split() if len(word) > 6]
        own = [
            f"Where: {words[0]} {words[2]} {words[4]}",
            f"Matter: {words[1]} {words[3]} {words[5]}",
            f"Cost: {at + 11}",
        ]
        box = ["Under the hammer", f"Lot: kettle {chr(97 + at)}", f"Bid: {at + 120}"]
        lines = list(story.paragraphs)
        lines[1 + at % 3 : 1 + at % 3] = own
        lines[2 - at % 2 : 2 - at % 2] = box
        facts.append(own)
        pages.append((story, lines))
    for own, got in zip(facts, read_lines(pages), strict=True):
        text = got.article.text or ""
        assert all(line in text for line in own)
        assert "hammer" not in text


def test_a_line_that_is_the_same_but_for_its_numbers_goes_as_one_that_recurs() -> None:
    pages = []
    for at, story in enumerate(SITE):
        notice = f"Take the Harbour Mirror along: our app, 4.{at % 9} of 5 for {at * 37 + 120} readers"
        pages.append((story, [*story.paragraphs[:2], notice, *story.paragraphs[2:]]))
    for story, got in zip(SITE, read_lines(pages), strict=True):
        assert got.article.text == "\n\n".join(story.paragraphs)


def test_lines_of_one_form_that_stand_together_are_a_list_and_parted_by_text_a_way_of_writing() -> None:
    for parted in (False, True):
        pages = []
        for at, story in enumerate(SITE):
            times = [f"{ODD[at].title()} {ODD[number - at].title()}, {at + 1925}–2026" for number in range(2)]
            lines = list(story.paragraphs)
            lines[2:2] = [times[0], lines[2], times[1]] if parted else ["In memory", *times]
            if parted:
                del lines[5]
            pages.append((story, lines))
        for (story, lines), got in zip(pages, read_lines(pages), strict=True):
            assert got.article.text == "\n\n".join(lines if parted else story.paragraphs)
