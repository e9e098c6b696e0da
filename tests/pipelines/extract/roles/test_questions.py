"""The questions: which role a block gets by its markup, and which by its words and its place alone."""

from __future__ import annotations

import pytest
from roles_of_page import BODY, roles_of

from broadsheet.pipelines.extract.extraction import Person
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.roles.role import Role, RoleSource

TEXT = "".join(f"<p>{BODY}, sentence {number} of it.</p>" for number in range(4))
METADATA = Metadata(
    title="A ferry stays",
    authors=(Person("Ines Halloran"),),
    description="For eleven days the night boat has sat at Pier Four with its lights on.",
)
MARKUP, RULE = RoleSource.MARKUP, RoleSource.RULE


def page(*, above: str = "", head: str = "", amid: str = "", below: str = "") -> str:
    return f"<body>{above}<article><h1>A ferry stays</h1>{head}<div>{TEXT}{amid}{TEXT}</div></article>{below}</body>"


# The role and its source; where on the page; the markup; the text whose role it is.
CASES = [
    (Role.HEADLINE, MARKUP, "head", "", "A ferry stays"),
    (Role.STANDFIRST, RULE, "head", f"<p>{METADATA.description}</p>", METADATA.description),
    (Role.STANDFIRST, RULE, "head", "<h2>Why nobody goes ashore from the night boat any more</h2>", "Why nobody goes ashore from the night boat any more"),
    (Role.BYLINE, RULE, "head", "<div>Ines Halloran</div>", "Ines Halloran"),
    (Role.BYLINE, MARKUP, "head", "<div class=author>Our own reporter</div>", "Our own reporter"),
    (Role.DATELINE, RULE, "head", "<div>3 April 2026, 10:05</div>", "3 April 2026, 10:05"),
    (Role.CAPTION, MARKUP, "amid", "<figure><img src=a.jpg><figcaption>The boat</figcaption></figure>", "The boat"),
    (Role.CAPTION, RULE, "amid", "<div><img src=a.jpg><div>The boat at Pier Four</div></div>", "The boat at Pier Four"),
    (Role.CREDIT, MARKUP, "amid", "<figure><img src=a.jpg><figcaption>Photo: Berg</figcaption></figure>", "Photo: Berg"),
    (Role.AUTHOR_BIO, MARKUP, "below", "<div class=author-bio>She writes of ships.</div>", "She writes of ships."),
    (Role.AUTHOR_BIO, RULE, "below", "<div>Ines Halloran has written of ships since she left the navy, and of what the sea leaves on the shore in winter, from a house behind the dike.</div>", "Ines Halloran has written of ships since she left the navy, and of what the sea leaves on the shore in winter, from a house behind the dike."),
    (Role.TAGS, MARKUP, "below", "<div class=tags>Harbour</div>", "Harbour"),
    (Role.TAGS, RULE, "below", "<div>#harbour #ferry</div>", "#harbour #ferry"),
    (Role.COMMENT, MARKUP, "below", "<div class=comment>I saw it.</div>", "I saw it."),
    (Role.COMMENT_FORM, MARKUP, "below", "<form class=comment-form><div>Send</div></form>", "Send"),
    (Role.COMMENT_FORM, RULE, "below", "<h3>Leave a Reply</h3>", "Leave a Reply"),
    (Role.MOST_READ, MARKUP, "below", "<div class=most-read><a href=/x>Eels</a></div>", "Eels"),
    (Role.MOST_READ, RULE, "below", "<h3>Most Read</h3>", "Most Read"),
    (Role.RELATED, MARKUP, "below", "<div class=related-posts><a href=/x>Eels</a></div>", "Eels"),
    (Role.RELATED, RULE, "below", "<h3>Related articles</h3>", "Related articles"),
    (Role.RELATED, RULE, "below", "<div>The captain of the other boat has gone ashore and ...</div>", "The captain of the other boat has gone ashore and ..."),
    (Role.NEWSLETTER, MARKUP, "below", "<div class=newsletter>Every Monday</div>", "Every Monday"),
    (Role.NEWSLETTER, RULE, "below", "<div>Subscribe to our newsletter</div>", "Subscribe to our newsletter"),
    (Role.SHARE, MARKUP, "below", "<div class=share>Mail</div>", "Mail"),
    (Role.AD, MARKUP, "below", "<div class=advertisement>New boats</div>", "New boats"),
    (Role.COOKIE, MARKUP, "below", "<div class=cookie-consent>We set cookies</div>", "We set cookies"),
    (Role.PAYWALL, MARKUP, "below", "<div class=paywall>One euro a week</div>", "One euro a week"),
    (Role.BREADCRUMB, MARKUP, "above", "<div class=breadcrumb><a href=/>Home</a></div>", "Home"),
    (Role.NAV, MARKUP, "above", "<nav><a href=/>Home</a></nav>", "Home"),
    (Role.NAV, RULE, "above", "<div><a href=/>Home</a></div>", "Home"),
    (Role.FOOTER, MARKUP, "below", "<footer>Pier Four Press</footer>", "Pier Four Press"),
    (Role.FOOTER, RULE, "below", "<div>© 2026 Pier Four Press. All rights reserved.</div>", "© 2026 Pier Four Press. All rights reserved."),
    (Role.OTHER, RULE, "below", "<div>Pier Four Press</div>", "Pier Four Press"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "source", "where", "html", "text"), CASES)
def test_a_block_gets_its_role(role: Role, source: RoleSource, where: str, html: str, text: str) -> None:
    found = roles_of(page(**{where: html}), METADATA)[text]
    assert (found.role, found.source, found.score) == (role, source, None)


def test_body_keeps_its_source_and_score_and_gets_its_kind() -> None:
    text = f"{BODY}, an item of a list."
    found = roles_of(page(amid=f"<ul><li>{text}</li></ul>"), METADATA)[text]
    assert (found.role, found.source, found.score) == (Role.LIST, RoleSource.MODEL, 0.9)


@pytest.mark.parametrize(
    ("title", "role"),
    [("Most read", Role.MOST_READ), ("Related articles", Role.RELATED), ("Popular now", Role.MOST_READ)],
)
@pytest.mark.parametrize("markup", ["related-posts", "most-read"])
def test_the_heading_of_a_list_decides_whatever_its_class(title: str, role: Role, markup: str) -> None:
    found = roles_of(
        page(below=f"<div class={markup}><h3>{title}</h3><ul><li><a href=/x>Eels</a></li></ul></div>"), METADATA
    )
    assert found["Eels"].role is role
    assert found[title].role is role


def test_the_heading_above_a_list_is_part_of_it() -> None:
    for markup, role in (("related-posts", Role.RELATED), ("most-read", Role.MOST_READ)):
        below = f"<div><h3>From the harbour</h3><div class={markup}><a href=/x>Eels</a></div></div>"
        assert roles_of(page(below=below), METADATA)["From the harbour"].role is role


def test_the_caption_of_a_picture_is_none_of_the_body() -> None:
    text = f"{BODY}, taken for it by the model."
    html = page(amid=f"<figure><img src=a.jpg><figcaption>{text}</figcaption></figure>")
    assert roles_of(html, METADATA)[text].role is Role.CAPTION
