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
        ("", "<h1>The harbour froze</h1><div class=author><em>di</em> <span>Ann Ho</span></div>", ["Ann Ho"]),
        (
            "",
            "<h1>The harbour froze</h1><div class=author><i>de</i> <b>Ann Ho</b> e <b>Bo Ek</b></div>",
            ["Ann Ho", "Bo Ek"],
        ),
        ("", "<h1>The harbour froze</h1><p class=author>By <a>Ann Ho</a> and <a>Bo Ek</a></p>", ["Ann Ho", "Bo Ek"]),
        ("", "<h1>The harbour froze</h1><a href=/people/ann>Articles by Ann Ho</a>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><p class=byline>Posted by Ann Ho on Friday</p>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><a rel=author href=https://plus.google.example/1>Google +</a>", []),
        ("", "<h1>The harbour froze</h1><h3 id=written-in-ice>Written in Ice</h3>", []),
        ("", "<h1>The harbour froze</h1><footer><p class=made-by>Owned by Ice Ltd</p></footer>", []),
        (linked(**{"@type": "NewsArticle", "author": {"givenName": "Ann", "familyName": "Ho"}}), "", ["Ann Ho"]),
        (
            "",
            "<h1>Ice</h1><p><span itemprop=author itemscope><meta itemprop=name content='Ann Ho'></span></p>",
            ["Ann Ho"],
        ),
        ("", "<h1>The harbour froze</h1><p>This is a guest post by Ann Ho, who kept the light.</p>", ["Ann Ho"]),
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


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("<p>By Ann Ho</p>", ["Ann Ho"]),
        ("<p>No end of ice on the pier</p><p>Von Ann Ho, Hamburg</p>", ["Ann Ho"]),
        ("<p>By the time the ferry left, Ann Ho had gone.</p>", []),
        ("<p>Text.</p><p>(Reporting by Ann Ho in Oslo; Editing by Bo Ek)</p>", ["Ann Ho"]),
        ("<div>（责编：牛镛、岳弘彬）</div>", ["牛镛", "岳弘彬"]),
        ("<p>新华社记者 李明 摄</p>", []),
        ("<p>文字の大きさ</p><p>文化庁、宮内庁、新聞社で行うサイト。</p>", []),
    ],
)
def test_a_byline_without_markup_is_read_where_nothing_else_names_an_author(body: str, wanted: list[str]) -> None:
    body = f"<h1>The harbour froze</h1>{body}"
    assert names(read(body=body)) == wanted
    assert names(read("<meta name=author content='Cy Day'>", body)) == ["Cy Day"]
    site = "<meta property=og:site_name content='The Gazette'><meta name=author content='The Gazette'>"
    assert names(read(site, body)) == (wanted or ["The Gazette"])


@pytest.mark.parametrize(
    "body",
    [
        "<figure class='kg-card kg-bookmark-card'><a href=/x><b>Small ferries</b><i class=kg-bookmark-author>Bo Ek</i></a></figure>",
        "<h2>Latest news</h2><div class=card><a href=/x>Bridge opens</a><span class=author>By Bo Ek</span></div>",
        "<a class=card href=/x><h3>The bridge opens to all of the cars</h3><span class=author>Bo Ek</span></a>",
        "<blockquote class=twitter-tweet><p>Ice!</p><span class=author>Bo Ek</span></blockquote>",
        "<section class=related-posts><h3>Bridge opens</h3><span class=byline>By Bo Ek</span></section>",
        "<div class=recommended><div class=post-card><span class=post-card-author>Bo Ek</span></div></div>",
    ],
)
def test_the_author_of_a_card_is_not_the_article_s(body: str) -> None:
    assert names(read(body=f"<h1>The harbour froze</h1>{body}")) == []


@pytest.mark.parametrize(
    "byline",
    [
        "<span class=submitted>Submitted by <span class=username>Ann Ho</span> on Mon, 08/12/2024 - 07:30</span>",
        "<div class=submitted>Submitted by <a href=/user/3>Ann Ho</a> on 12 August 2024</div>",
        "<footer><div class=node__submitted>By <a href=/users/ann>Ann Ho</a>, 12 August, 2024</div></footer>",
        "<address class=byline>By Ann Ho on <time datetime=2024-08-12>12 August 2024</time></address>",
        "<span class=post-author>Posted by <span class=fn>Ann Ho</span></span> at <abbr class=published>07:30</abbr>",
    ],
)
def test_drupal_and_blogger_write_bylines_of_their_own(byline: str) -> None:
    assert names(read(body=f"<h1>The harbour froze</h1>{byline}")) == ["Ann Ho"]


@pytest.mark.parametrize(
    ("byline", "wanted"),
    [
        ("By Ann Ho<br>Gazette Staff Writer<br>May 3, 2003", ["Ann Ho"]),
        ("<b>By Ann Ho</b><br><i>Lagos</i>", ["Ann Ho"]),
        ("Exclusive<br>By Ann Ho", ["Ann Ho"]),
        ("By Ann Ho and<br>Bo Ek<br>Gazette Staff", ["Ann Ho", "Bo Ek"]),
        ("By Ann Ho<br>and Bo Ek", ["Ann Ho", "Bo Ek"]),
        ("Von Ann Ho<br>Kieler Nachrichten", ["Ann Ho"]),
        ("Por Ana Ruiz<br>Madrid", ["Ana Ruiz"]),
    ],
)
def test_a_name_ends_with_its_line(byline: str, wanted: list[str]) -> None:
    assert names(read("", f"<h1>The harbour froze</h1><font>{byline}</font><p>It was cold.</p>")) == wanted


def test_a_headline_that_no_element_tells_has_its_byline_too() -> None:
    body = "<font><b>The harbour froze</b></font><br><font>By Ann Ho<br>Gazette Staff<br><br>It was cold.</font>"
    assert names(read("<title>The harbour froze - The Gazette</title>", body)) == ["Ann Ho"]
