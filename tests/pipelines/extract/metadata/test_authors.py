"""Authors: a clean list of persons, from the source that names them best."""

from __future__ import annotations

import pytest
from page_metadata import linked, names, read


@pytest.mark.parametrize(
    ("head", "body", "wanted"),
    [
        ("<meta name=author content='Ann Ho'>", "", ["Ann Ho"]),
        ("<meta name=author content='Ann Ho and Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Ann Ho, Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Ann Ho og Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Ann Ho et Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Ann Ho und Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Анна Хо и Борис Эк'>", "", ["Анна Хо", "Борис Эк"]),
        (linked(**{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ann Ho"}}), "", ["Ann Ho"]),
        (
            linked(**{"@type": "NewsArticle", "author": [{"@type": "Person", "name": "Ann Ho"}, {"name": "Bo Ek"}]}),
            "",
            ["Ann Ho", "Bo Ek"],
        ),
        ("", "<h1>The harbour froze</h1><p class=byline>By <a rel=author href=/ann>Ann Ho</a></p>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><p class=byline>By Ann Ho, Staff Writer</p>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><div class=author><b>Ann Ho</b><i>Head of Ice and Water</i></div>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><div class=author><i>AH</i><b>Ann Ho</b></div>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><div class=author><b>gazette</b> von <b>Ann Ho</b></div>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><p class=author>By <a>Ann Ho</a> and <a>Bo Ek</a></p>", ["Ann Ho", "Bo Ek"]),
        ("", "<h1>The harbour froze</h1><a href=/people/ann>Articles by Ann Ho</a>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><p class=byline>Posted by Ann Ho on Friday</p>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><a rel=author href=https://plus.google.example/1>Google +</a>", []),
        ("", "<h1>The harbour froze</h1><h3 id=written-in-ice>Written in Ice</h3>", []),
        ("", "<h1>The harbour froze</h1><footer><p class=made-by>Owned by Ice Ltd</p></footer>", []),
        ("", "", []),
    ],
)
def test_authors_are_a_clean_list(head: str, body: str, wanted: list[str]) -> None:
    assert names(read(head, body)) == wanted


def test_who_wrote_it_goes_before_the_site_that_claims_it() -> None:
    head = "<meta property=og:site_name content='The Gazette'><meta name=author content='The Gazette'>"
    body = "<h1>The harbour froze</h1><p class=byline>By <a rel=author href=/ann>Ann Ho</a></p>"
    assert names(read(head, body)) == ["Ann Ho"]
    assert names(read(head)) == ["The Gazette"]  # an organisation, where nobody else is named


def test_a_short_host_name_and_the_publisher_are_the_site_and_no_author() -> None:
    head = linked(
        **{"@type": "NewsArticle", "publisher": {"name": "Northern Press"}, "author": {"name": "Northern Press"}}
    )
    byline = "<h1>The harbour froze</h1><p class=byline>By <a rel=author href=/ann>Ann Ho</a></p>"
    assert names(read(head, byline)) == ["Ann Ho"]
    assert names(read("<meta name=author content=HBN>", byline, url="https://www.hbn.example/ice")) == ["Ann Ho"]


def test_a_byline_in_a_box_yields_to_the_metadata_unless_by_introduces_it() -> None:
    head = "<meta name=author content='The Gazette'><meta property=og:site_name content='The Gazette'>"
    aside = "<h1>The harbour froze</h1><aside class=promo><span class=author>{}</span></aside>"
    assert names(read(head, aside.format("Ice Shop"))) == ["The Gazette"]
    assert names(read(head, aside.format("By Ann Ho"))) == ["Ann Ho"]


def test_an_author_page_is_an_absolute_address() -> None:
    author = {"@type": "Person", "name": "Ann Ho", "url": "/people/ann"}
    (person,) = read(linked(**{"@type": "NewsArticle", "author": author})).authors
    assert person.url == "https://www.gazette.example/people/ann"


def test_what_the_title_element_has_behind_the_title_is_the_site_and_no_author() -> None:
    head = (
        "<title>The ferry that would not leave - Pier Four Notes</title><meta name='author' content='Pier Four Notes'>"
    )
    body = "<h1>The Ferry That Would Not Leave</h1><p class='meta'><span class='byline author'>Posted by Ines Halloran</span></p>"
    assert [one.name for one in read(head, body).authors] == ["Ines Halloran"]
    assert [one.name for one in read(head, "<h1>The Ferry That Would Not Leave</h1>").authors] == ["Pier Four Notes"]
