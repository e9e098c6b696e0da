"""What roles are given by: where headline and body stand, what stands beside a picture, what the elements around say."""

from __future__ import annotations

from broadsheet.pipelines.extract.extraction import Person
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.blocks import Block, lay_out
from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.page.text_traits import traits_of
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.evidence import BIT_WITHIN, Evidence
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import Role, RoleSource

BODY = RoleAssignment(Role.BODY, RoleSource.MODEL, 0.9)


def evidence_of(html: str, title: str | None = None) -> tuple[Evidence, dict[str, Block]]:
    """The evidence about a page on which each text that begins with "Body" is body, and its blocks by their texts."""
    root = parse_html(html)
    assert root is not None
    layout = lay_out(root)
    traits = [traits_of(block.text) for block in layout.blocks]
    head = HeadWords.of(Metadata(title=title, title_alternatives=("The other title",), authors=(Person("Ann Lee"),)))
    body = [BODY if block.text.startswith("Body") else None for block in layout.blocks]
    evidence = Evidence(layout, body, head, [one.words for one in traits], [one.keywords for one in traits])
    return evidence, {block.text: block for block in layout.blocks}


def test_first_and_last_are_the_ends_of_the_body() -> None:
    evidence, _ = evidence_of("<p>Menu</p><p>Body 1</p><p>between</p><p>Body 2</p><p>Footer</p>")
    assert (evidence.first, evidence.last, evidence.headline) == (1, 3, -1)
    nothing, _ = evidence_of("<p>Menu</p><p>Footer</p>")
    assert (nothing.first, nothing.last) == (2, -1)


def test_the_headline_is_the_title_in_the_largest_heading_before_the_body() -> None:
    html = "<p>The ferry stays</p><h2>The ferry stays</h2><h1>The ferry stays</h1><p>Body 1</p><h1>The ferry stays</h1>"
    evidence, _ = evidence_of(html, "The ferry stays")
    assert evidence.headline == 2
    assert evidence_of("<h1>The ferry</h1><p>Body 1</p>", "The ferry stays")[0].headline == 0  # a beginning, in an h1
    assert evidence_of("<h2>The ferry</h2><p>Body 1</p>", "The ferry stays")[0].headline == -1
    assert evidence_of("<h2>The other title</h2><p>Body 1</p>", "The ferry stays")[0].headline == 0


def test_elements_that_hold_body_say_nothing_about_what_else_stands_in_them() -> None:
    evidence, blocks = evidence_of(
        "<div class=related><p>Body 1</p><div class=comment><section><p>one</p></section></div><p>two</p></div>"
    )
    one, two = evidence.place_of(blocks["one"]), evidence.place_of(blocks["two"])
    assert one.hints == BIT["comment"]
    assert one.within & BIT_WITHIN["section"]
    assert two.hints == 0
    assert (one.before, one.after) == (False, True)


def test_names_of_authors_are_found_among_words() -> None:
    evidence, _ = evidence_of("<p>Body 1</p>")
    assert evidence.names_author("text by ann lee in oslo")
    assert not evidence.names_author("text by ann")


def test_near_the_top_and_about_the_body() -> None:
    before = "".join(f"<p>item {number}</p>" for number in range(20))
    evidence, _ = evidence_of(
        f"{before}<h1>The ferry stays</h1><p>Body 1</p><p>x</p><p>Body 2</p>{before}", "The ferry stays"
    )
    assert (evidence.headline, evidence.first, evidence.last) == (20, 21, 23)
    assert [ordinal for ordinal in range(44) if evidence.near_top(ordinal)] == list(range(16, 26))
    assert [ordinal for ordinal in range(44) if evidence.about_body(ordinal)] == list(range(15, 25))


def test_a_caption_stands_in_a_figure_with_a_picture() -> None:
    evidence, blocks = evidence_of(
        "<p>Body 1</p><figure><div><img src=a.jpg></div><figcaption><p>seen</p></figcaption></figure>"
        "<figure><figcaption>unseen</figcaption></figure>"
        f"<figure><img src=b.jpg><figcaption>{'long ' * 300}</figcaption></figure>"
    )
    assert evidence.in_caption(blocks["seen"])
    assert not evidence.in_caption(blocks["unseen"])
    assert not evidence.in_caption(blocks[("long " * 300).strip()])


def test_beside_a_picture_is_what_stands_with_it_in_a_small_element() -> None:
    evidence, blocks = evidence_of(
        "<p>Body 1</p><div><div><img src=a.jpg><p>beside</p></div></div>"
        "<div><img src=b.jpg><p>1</p><p>2</p><p>3</p><p>among many</p></div><div><p>Body 2</p><img src=c.jpg><p>with body</p></div>"
    )
    assert evidence.beside_picture(blocks["beside"])
    assert not evidence.beside_picture(blocks["among many"])
    assert not evidence.beside_picture(blocks["Body 1"])
