"""The declaration of the roles, and for each role a page that has it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import PageRecord, Segment
from broadsheet.pipelines.extract.roles.role import (
    BODY_ROLES,
    ROLE_OF_CODE,
    ROLE_OF_NAME,
    Role,
    RoleGroup,
    RoleSource,
    roles_in,
)

TITLE = "The ferry that would not leave the harbour"
SENTENCE = (
    "The Margarethe came in on a Tuesday with four lorries and a crate of eels, and on the {} day she was still there."
)
PARAGRAPHS = [SENTENCE.format(day) for day in ("second", "third", "fourth", "fifth", "sixth", "seventh")]
MARK = "Nine eels of the harbour"  # the words by which the block in question is found


def page(*, head: str = "", inside: str = "", after: str = "", below: str = "", above: str = "") -> str:
    """An article with something in its head, inside its text, after it, below the article or above it."""
    first, last = (("".join(f"<p>{one}</p>" for one in part)) for part in (PARAGRAPHS[:3], PARAGRAPHS[3:]))
    return (
        f"<html lang=en><head><title>{TITLE} - The Daily Harbour</title></head><body>{above}<main><article><h1>{TITLE}</h1>"
        f"{head}<div class=text>{first}{inside}{last}</div>{after}</article>{below}</main></body></html>"
    )


PAGES = {
    Role.BODY: page(inside=f"<p>{MARK} were counted twice, and each time there were nine of them in the crate.</p>"),
    Role.HEADING: page(inside=f"<h2>{MARK}</h2>"),
    Role.QUOTE: page(
        inside=f"<blockquote><p>{MARK} were counted twice, said the mate, and he would do it again.</p></blockquote>"
    ),
    Role.LIST: page(
        inside=f"<ul><li>{MARK} were counted twice on that day.</li><li>The tenth was never seen again.</li></ul>"
    ),
    Role.TABLE: page(
        inside="<table><tr><th>What</th><th>How many there were</th></tr>"
        f"<tr><td>{MARK}</td><td>9</td></tr><tr><td>Lorries on the deck</td><td>4</td></tr></table>"
    ),
    Role.CODE: page(inside=f"<pre>count = 9  # {MARK}\nprint(count)</pre>"),
    Role.HEADLINE: page().replace(TITLE, MARK),
    Role.STANDFIRST: page(
        head=f"<p class=standfirst>{MARK} and four lorries wait for a captain who has gone ashore.</p>"
        "<p class=byline>By Ines Halloran</p>"
    ),
    Role.BYLINE: page(head="<p class=byline>By Ines Halloran</p>"),
    Role.DATELINE: page(head="<p class=date>Published 1 September 2026</p>"),
    Role.CAPTION: page(inside=f"<figure><img src=/eels.jpg><figcaption>{MARK} on the deck</figcaption></figure>"),
    Role.CREDIT: page(
        inside="<figure><img src=/eels.jpg><figcaption>On the deck<div class=credit>Photo: Nils Berg</div></figcaption></figure>"
    ),
    Role.AUTHOR_BIO: page(
        after=f"<div class=author-bio><p>{MARK} were all that she ever wrote about; she lives in Altona.</p></div>"
    ),
    Role.TAGS: page(after=f"<ul class=tags><li><a href=/t/eels>{MARK}</a></li></ul>"),
    Role.SHARE: page(after=f"<div class=social-share><a href=#>{MARK}</a></div>"),
    Role.NEWSLETTER: page(below=f"<div class=newsletter-signup><p>{MARK}</p></div>"),
    Role.AD: page(below=f"<div class=advertisement><p>{MARK}</p></div>"),
    Role.RELATED: page(below=f"<aside class=related-posts><h4><a href=/other>{MARK}</a></h4></aside>"),
    Role.MOST_READ: page(below=f"<aside class=most-read><ol><li><a href=/other>{MARK}</a></li></ol></aside>"),
    Role.COMMENT: page(below=f"<section class=comments><div class=comment><p>{MARK}</p></div></section>"),
    Role.COMMENT_FORM: page(
        below=f"<section class=comments><form class=comment-form><label>{MARK}</label></form></section>"
    ),
    Role.COOKIE: page(below=f"<div class=cookie-banner><p>{MARK}</p></div>"),
    Role.PAYWALL: page(below=f"<div class=paywall><p>{MARK}</p></div>"),
    Role.NAV: page(above=f"<nav><ul><li><a href=/>Home</a></li><li><a href=/eels>{MARK}</a></li></ul></nav>"),
    Role.BREADCRUMB: page(above=f"<div class=breadcrumb><a href=/>Home</a> <a href=/eels>{MARK}</a></div>"),
    Role.FOOTER: page(below=f"<footer><p>{MARK}</p></footer>"),
    Role.OTHER: page(below=f"<div><p>{MARK}</p></div>"),
}
TEXTS = {Role.BYLINE: "By Ines Halloran", Role.DATELINE: "Published 1 September 2026", Role.CREDIT: "Photo: Nils Berg"}


def segments_of(html: str) -> tuple[Segment, ...]:
    record = PageRecord("https://daily.example/ferry", datetime(2026, 11, 1, tzinfo=UTC), (), html.encode())
    return ArticleExtractor().extract(record).segments


@pytest.mark.parametrize("role", Role)
def test_each_role_has_a_page_that_has_it(role: Role) -> None:
    assert role in PAGES, "a new role: add a page that has it"
    text = TEXTS.get(role, MARK)
    found = [segment for segment in segments_of(PAGES[role]) if text in segment.text]
    assert [segment.role for segment in found] == [role]
    assert found[0].role_source in set(RoleSource)


def test_codes_are_stored_and_never_change() -> None:
    assert [role.code for role in Role] == list(range(len(Role)))
    assert max(role.code for role in Role) < 256, "a sketch has one byte for it"
    assert all(ROLE_OF_CODE[role.code] is role and ROLE_OF_NAME[str(role)] is role for role in Role)
    assert " ".join(Role).startswith(  # a new role gets the next code, behind these
        "body heading quote list table code headline standfirst byline dateline caption credit author_bio tags share newsletter"
        " ad related most_read comment comment_form cookie paywall nav breadcrumb footer other"
    )


def test_each_role_has_a_meaning_and_a_group() -> None:
    assert all(one.doc for one in (*Role, *RoleGroup, *RoleSource))
    assert set().union(*(roles_in(group) for group in RoleGroup)) == set(Role)
    assert all(roles_in(group) for group in RoleGroup)
    assert {"body", "heading", "list", "quote", "table", "code"} == BODY_ROLES


def test_roles_are_stored_as_their_names() -> None:
    assert (str(Role.MOST_READ), f"{Role.MOST_READ:<10}|") == ("most_read", "most_read |")
    assert str(RoleSource.SITE_TEMPLATE) == "site_template"
