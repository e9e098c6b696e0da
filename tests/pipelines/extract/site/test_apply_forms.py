"""The forms of a site applied to one page: each kind of line that goes or stays, and what is said of it.

One site of twelve articles has all of them; its markup says nothing.
"""

from __future__ import annotations

import numpy as np
import pytest
from reading import HOST, read, read_with_profile, sketches
from synthetic_site import stories

from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.page.text_hash import hash_of
from broadsheet.pipelines.extract.page.text_traits import traits_of
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import Role, RoleSource
from broadsheet.pipelines.extract.site.apply_forms import FormsApplied
from broadsheet.pipelines.extract.site.learn import learn_profile
from broadsheet.pipelines.extract.site.lines import lines_of
from broadsheet.pipelines.extract.site.profile import SiteProfile

Told = dict[str, tuple[str, str]]

SITE = stories()[:12]
SUBHEADS = ("Background", "What comes next")
TOWNS = ("Accra", "Bergen", "Cadiz", "Dakar", "Esbjerg", "Fano", "Gdynia", "Haifa", "Izmir", "Jena", "Kyoto", "Lyon")


def page_of(number: int) -> str:
    story, other, third = SITE[number], SITE[(number + 1) % 12], SITE[(number + 5) % 12]
    first, second, *rest = story.paragraphs
    middle = len(rest) // 2
    lines = [
        "Town desk",
        f"Written by {story.author}",
        f"{number + 2} min read",
        first,
        '<img src="/a.png">',
        f"Photo: {TOWNS[number]} archive",
        second,
        f"Read also: {other.title}",
        f"<b>{SUBHEADS[number % 2]}</b>",
        *rest[:middle],
        "Subscribe to our newsletter for more stories like this",
        *rest[middle:],
        "Follow the desk",
        f"Printed on page {number + 3}",
        f'<a href="{third.path}">{third.title}</a>',
        f"Listen: episode {number} from {TOWNS[number]}",
    ]
    flat = "".join(line if line.startswith("<img") else f"<p>{line}</p>" for line in lines)
    return f"<html><head><title>{story.title}</title></head><body><div><h1>{story.title}</h1>{flat}</div></body></html>"


@pytest.fixture(scope="module")
def told() -> Told:
    """Of each line of the third page its role, and what gave it that."""
    page = read_with_profile([(story.path, page_of(number)) for number, story in enumerate(SITE)])[2]
    return {one.text: (str(one.role.value), str(one.role_source)) for one in page.segments}


@pytest.mark.parametrize(
    ("line", "role", "why"),
    [
        ("Town desk", "other", "before a line that stands on 12 of 12 articles, always before the text"),
        ("Written by", "byline", "introduces one of the site's authors"),
        ("4 min read", "dateline", "stands on 12 of 12 articles, always before the text"),
        ("Photo: Cadiz archive", "credit", "stands on 12 of 12 articles, near the head"),
        ("Read also: ", "related", "begins a box, as on other articles of the site"),
        ("Subscribe to our", "related", "begins a box, as on other articles of the site"),
        ("Follow the desk", "share", "stands on 12 of 12 articles, never before text"),
        ("Printed on page 5", "related", "after a line that stands on 12 of 12 articles, never before text"),
        (SITE[7].title, "related", "is another page's headline"),
        ("Listen: episode 2", "related", "after a line that stands on 12 of 12 articles, never before text"),
    ],
)
def test_what_recurs_about_articles_goes_and_says_why(told: Told, line: str, role: str, why: str) -> None:
    (found,) = [said for text, said in told.items() if text.startswith(line)]
    assert found == (role, f"site_template: {why}")


def test_the_article_s_own_text_stays_and_so_does_a_subhead_of_many_articles(told: Told) -> None:
    body = [text for text, (role, _) in told.items() if role == "body"]
    first, second, *rest = SITE[2].paragraphs
    middle = len(rest) // 2
    assert body == [first, second, SUBHEADS[0], *rest[:middle], *rest[middle:]]


def test_furniture_is_known_without_a_model_that_doubts_it() -> None:
    """All lines are body for the model: what the forms take out, and what they leave."""
    pages = [(story.path, page_of(number)) for number, story in enumerate(SITE)]
    forms, texts = applied(pages[2][1], learnt(pages))
    out = {text for text, kept in zip(texts, forms.kept, strict=True) if kept is None}
    first, second, *rest = SITE[2].paragraphs
    assert out == {*texts} - {first, second, SUBHEADS[0], *rest}
    assert all(
        verdict is not None and verdict.why for text, verdict in zip(texts, forms.verdicts, strict=True) if text in out
    )
    assert (texts[forms.first], texts[forms.second], texts[forms.last]) == (first, second, rest[-1])


def test_a_page_of_furniture_alone_is_left_as_it_was() -> None:
    pages = [(story.path, page_of(number)) for number, story in enumerate(SITE)]
    forms, texts = applied("<html><body><p>Town desk</p><p>Follow the desk</p></body></html>", learnt(pages))
    assert forms.last == -1
    assert None not in forms.kept
    assert len(forms.kept) == len(texts) == 2


def learnt(pages: list[tuple[str, str]]) -> SiteProfile:
    profile = learn_profile(HOST, sketches(read(pages)))
    assert profile is not None
    return profile


def applied(html: str, profile: SiteProfile) -> tuple[FormsApplied, list[str]]:
    """The forms of *profile* applied to a page whose every block is body, and the texts of its blocks."""
    root = parse_html(html)
    assert root is not None
    layout = lay_out(root)
    texts = [block.text for block in layout.blocks]
    lines = lines_of(layout, [traits_of(text) for text in texts], np.full(len(texts), 0.9), HeadWords.of(Metadata()))
    body = [RoleAssignment(Role.BODY, RoleSource.MODEL, 0.9)] * len(texts)
    return FormsApplied(lines, profile, hash_of(SITE[2].title), body), texts
