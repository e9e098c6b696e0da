"""What is known of each block of a page before the site is heard: what it looks like, what it says, what it is made of."""

from __future__ import annotations

import numpy as np
import pytest

from broadsheet.pipelines.extract.extraction import Person
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.page.text_traits import traits_of
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.site import lines as names
from broadsheet.pipelines.extract.site.lines import Lines, lines_of, slot_of, start_of

SENTENCE = "The ferry from Altona was late again on Monday, as its captain had said it would be."
HEAD = HeadWords.of(Metadata(title="A ferry that stays in port", authors=(Person("Ines Halloran"),)))
FLAGS = (
    "LINKED", "CUT", "SENTENCE", "RUNNING", "STOPPED", "HEADING", "FIXED", "PICTURED", "NAME", "ECHO", "AUTHORED",
    "OWN_TITLE", "FURNITURE", "PLEA", "LINKING", "LETTERS", "NUMBERED", "WHOLE_LINK", "INTRODUCED", "HEADED",
)  # fmt: skip


def lines(html: str, score: float = 0.5) -> Lines:
    root = parse_html(f"<html><body>{html}</body></html>")
    assert root is not None
    layout = lay_out(root)
    traits = [traits_of(block.text) for block in layout.blocks]
    return lines_of(layout, traits, np.full(len(traits), score), HEAD)


def flags(html: str) -> set[str]:
    """Those of the last block."""
    bits = int(lines(html)["flags"][-1])
    return {name for name in FLAGS if bits & getattr(names, name)}


@pytest.mark.parametrize(
    ("html", "has", "hasnot"),
    [
        (f"<p>{SENTENCE}</p>", {"RUNNING", "STOPPED", "LETTERS", "SENTENCE"}, {"LINKING", "HEADING", "NAME", "HEADED"}),
        (f"<p><a href=/x>{SENTENCE}</a></p>", {"LINKED", "LINKING", "WHOLE_LINK", "STOPPED"}, {"RUNNING"}),
        (f"<p>{SENTENCE} <a href=/x>Read on.</a></p>", {"LINKING", "RUNNING"}, {"LINKED", "WHOLE_LINK"}),
        ("<h2>What comes next</h2>", {"HEADING"}, {"RUNNING", "STOPPED", "OWN_TITLE"}),
        ("<p><b>What comes next</b></p>", {"HEADING"}, set()),
        ("<p><b>What</b> comes next</p>", set(), {"HEADING"}),
        ("<pre><code>ferry = 7</code></pre>", {"FIXED"}, {"RUNNING"}),
        ("<img src=/a.png><p>At the pier</p>", {"PICTURED"}, set()),
        ("<p>Ines Halloran</p>", {"NAME"}, {"ECHO", "RUNNING"}),
        ("<p>Tom Fox</p><p>Tom Fox writes of ships and of the sea.</p>", {"ECHO"}, {"AUTHORED"}),
        ("<p>Ines Halloran writes of ships.</p>", {"AUTHORED"}, {"ECHO"}),
        ("<p>A ferry that stays in port</p>", {"OWN_TITLE"}, set()),
        ("<p>A ferry that stays in port (Photo: Lee)</p>", {"OWN_TITLE"}, set()),
        (f"<p>A ferry that stays in port, and {SENTENCE.lower()}</p>", set(), {"OWN_TITLE"}),
        ("<p>12 / 7</p>", {"NUMBERED"}, {"LETTERS"}),
        ("<p>Subscribe to our newsletter</p>", {"FURNITURE", "PLEA"}, set()),
        (f"<p>{SENTENCE[:60]} ...</p>", {"CUT"}, set()),
        (f"<p>Opening hours<br>{SENTENCE}<br>{SENTENCE}</p>", {"HEADED"}, set()),
        ("<p>Written by Tom Fox</p>", {"INTRODUCED"}, set()),
    ],
)
def test_what_a_line_is(html: str, has: set[str], hasnot: set[str]) -> None:
    found = flags(html)
    assert has <= found, found
    assert not hasnot & found


def test_lines_of_one_text_in_one_place_are_alike_on_every_page() -> None:
    one, other = lines(f"<div><p>{SENTENCE}</p></div>"), lines(f"<div><p>{SENTENCE}</p><p>More</p></div>")
    for name in ("text", "shape", "slot", "start", "form", "label", "columns", "chars"):
        assert one[name][0] == other[name][0], name
    assert one["text"][0] != other["text"][1]
    assert (one["chars"][0], one["columns"][0]) == (len(SENTENCE), len(SENTENCE))


def test_places_scores_and_depths() -> None:
    made = lines("<article><div><p>One line</p><p>Another line</p></div><p>A third line</p></article>", score=1.0)
    assert made["score"].tolist() == [255, 255, 255]
    assert made["slot"][0] == made["slot"][1] != made["slot"][2]
    first, second, third = made["shared"].tolist()
    assert (first, second > third) == (0, True)
    assert slot_of("html/body/p") == slot_of("html/body/p") != slot_of("html/body/div")


def test_a_teaser_is_known_by_the_beginning_of_a_text() -> None:
    assert start_of(SENTENCE) == start_of(SENTENCE + " It stays there.") != 0
    assert start_of("Too short") == 0
