"""Roles of what stands around the articles of a whole site: menus, logo, lines below the text, foot."""

from __future__ import annotations

from reading import html_of, read_with_profile
from synthetic_site import Story, stories

SITE = stories()[:12]
AREAS = ("Harbour", "Council", "Weather")


def page(title: str, paragraphs: tuple[str, ...] | list[str], author: str, below: str) -> str:
    menu = "".join(f'<li class="menu-item-taxonomy"><a href="/{area}">{area}</a></li>' for area in AREAS)
    head = (
        '<header role="banner"><div class="top"><div><img src="/logo.png"><div>The Daily Harbour</div></div>'
        f'<div class="hero-banner"><div>312 words, 2 minutes</div></div></div></header><ul class="topics">{menu}</ul>'
    )
    foot = f"<footer><p>Copyright © 2026 The Daily Harbour. Designed by {author}</p></footer>"
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<html><head><title>{title}</title><meta name=author content='{author}'></head><body>{head}"
        f"<article><h1>{title}</h1>{text}</article>{below}{foot}</body></html>"
    )


def article(story: Story) -> tuple[str, str]:
    below = f'<div><p class="meta author">Posted by {story.author} Sep 25th, 2026 in boats, weather, town</p></div>'
    return story.path, page(story.title, story.paragraphs, story.author, below)


def test_menus_logos_and_lines_below_the_text_are_named() -> None:
    areas = [(f"/{area}", html_of(area, [f"All about the {area} of this town, which is large." * 3])) for area in AREAS]
    got = read_with_profile([*map(article, SITE), *areas])[: len(SITE)]
    for story, one in zip(SITE, got, strict=True):
        assert one.article.text == story.text
        roles = {segment.text: segment.role for segment in one.segments}
        assert [roles[area] for area in AREAS] == ["nav"] * len(AREAS)
        assert roles["The Daily Harbour"] == "nav"
        assert roles["312 words, 2 minutes"] == "nav"
        assert next(role for text, role in roles.items() if text.startswith("Posted by")) == "byline"
        assert next(role for text, role in roles.items() if text.startswith("Copyright")) == "footer"
        assert "site_template" not in {segment.role_source for segment in one.segments}, "each tells why"


def test_a_name_that_nothing_introduces_and_credits_in_the_place_of_a_menu_are_told_by_the_sites_habits() -> None:
    """Names stand above the date, in one class with the menu; so does the credit of each picture, behind its caption."""
    pages = []
    for at, story in enumerate(SITE):
        head = [*AREAS, "<h1>" + story.title + "</h1>", story.author, f"{at + 1} May 2026"]
        first, *rest = story.paragraphs
        text = f"<p>{first}</p><img src=/{at}.jpg><i>{story.title}</i><div class=c>Picture: Lee Fox/dpa {at}</div>"
        body = "".join(f"<div class=c>{one}</div>" for one in head) + text + "".join(f"<p>{one}</p>" for one in rest)
        pages.append((story.path, f"<title>{story.title}</title><body>{body}<p>Our newsroom grows its own tea.</p>"))
    for story, one in zip(SITE, read_with_profile(pages), strict=True):
        roles = {segment.text: segment.role for segment in one.segments}
        assert roles[story.author] == "byline"
        assert [author.name for author in one.article.authors] == [story.author]
        assert next(role for text, role in roles.items() if text.startswith("Picture")) == "credit"
