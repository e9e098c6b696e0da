"""What the head of an article leaves in its body."""

from __future__ import annotations

from broadsheet.pipelines.extract.body.edges import author_of, trim_head
from broadsheet.pipelines.extract.extraction import Person
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.keywords import keywords_of
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.page.words import words_of
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import Role, RoleSource

TITLE = "The ferry that would not leave"
HEAD = HeadWords.of(Metadata(title=TITLE, authors=(Person("Ines Halloran"),)))
LEAD = "For eleven days the night boat has sat at Pier Four with its lights on."
TEXT = "The Margarethe came in on a Tuesday with four lorries and a crate of eels."


def kept(html: str, *, not_body: str = "", head: HeadWords = HEAD) -> list[str]:
    """The texts that stay body, when a judge took all for body but blocks whose text begins with *not_body*."""
    root = parse_html(html)
    assert root is not None
    blocks = lay_out(root).blocks
    body = [
        None if not_body and block.text.startswith(not_body) else RoleAssignment(Role.BODY, RoleSource.MODEL, 0.8)
        for block in blocks
    ]
    words = [words_of(block.text) for block in blocks]
    trimmed = trim_head(blocks, body, head, words, [keywords_of(block.text) for block in blocks])
    return [block.text for block, one in zip(blocks, trimmed, strict=True) if one is not None]


def test_headline_byline_and_dateline_are_no_body() -> None:
    page = f"<h1>{TITLE}</h1><p>By Ines Halloran</p><p>1 September 2026</p><p>{TEXT}</p><p>{TITLE}</p>"
    assert kept(page) == [TEXT]


def test_a_sentence_of_the_text_that_is_the_title_for_social_networks_stays() -> None:
    said = "“Nobody here has ever seen a ferry that would not leave,” said the harbour master on Friday."
    head = HeadWords.of(Metadata(title=TITLE, title_alternatives=(said,)))
    opening = f"<h1>{TITLE}</h1><p>{LEAD}</p><p>{TEXT}</p><p>{TEXT}</p>"
    assert kept(f"{opening}<p>{said}</p>", head=head) == [LEAD, TEXT, TEXT, said]
    assert kept(f"{opening}<h2>{said}</h2><p>{TEXT}</p>", head=head) == [LEAD, TEXT, TEXT, TEXT]
    assert kept(f"<p>{said}</p><p>{TEXT}</p>", head=head) == [TEXT]


def test_a_marked_standfirst_that_something_parts_from_the_text_is_no_body() -> None:
    page = (
        f"<h1>{TITLE}</h1><p class='standfirst'>{LEAD}</p><figcaption>The ferry</figcaption><p>{TEXT}</p><p>{TEXT}</p>"
    )
    assert kept(page, not_body="The ferry") == [TEXT, TEXT]


def test_a_lead_that_runs_into_the_text_or_is_all_of_it_stays() -> None:
    assert kept(f"<h1>{TITLE}</h1><p class='lead'>{LEAD}</p><p>{TEXT}</p>") == [LEAD, TEXT]
    assert kept(f"<h1>{TITLE}</h1><p class='lead'>{LEAD}</p>") == [LEAD]
    page = f"<h1>{TITLE}</h1><p>{LEAD}</p><figcaption>The ferry</figcaption><p>{TEXT}</p>"
    assert kept(page, not_body="The ferry") == [LEAD, TEXT]


def test_an_author_is_introduced_by_a_word_or_a_sign_and_parted_from_the_date() -> None:
    lines = (
        "By Ann Lee",
        "👤 Дмитрий Орлов | 19 Августа 2026",
        "Автор: Дмитрий Орлов | 19 Августа 2026",
        "✍️ Ann Lee · 3 May 2024",
    )
    assert [author_of(line) for line in lines] == ["Ann Lee", "Дмитрий Орлов", "Дмитрий Орлов", "Ann Lee"]
    assert author_of("By Hand - Made") is None


def test_a_line_with_an_address_that_holds_the_authors_name_is_text() -> None:
    source = "The source lies at https://code.example/ines-halloran/ferry"
    assert kept(f"<h1>{TITLE}</h1><p>{source}</p><p>{TEXT}</p>") == [source, TEXT]


def test_a_line_of_hashtags_at_the_end_is_no_body() -> None:
    assert kept(f"<h1>{TITLE}</h1><p>{LEAD}</p><p>{TEXT}</p><p>#Ferry #Pier4</p>") == [LEAD, TEXT]
    assert kept(f"<p>{LEAD}</p><p>#Ferry</p><p>{TEXT}</p><p>#1 in sales</p>") == [LEAD, "#Ferry", TEXT, "#1 in sales"]
