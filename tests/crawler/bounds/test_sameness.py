"""When two spellings are one page: by canonical, by headline, by text and links; and when they are not."""

from __future__ import annotations

import pytest

from broadsheet.crawler.bounds.family import member
from broadsheet.crawler.bounds.sameness import PageFacts, is_same, page_facts

TEXT = "".join(f"<p>Paragraph {number} of the story.</p>" for number in range(12))
PLAIN, OTHER = "https://a.org/x/", "https://a.org/x/?s=1"


def facts(url: str, body: str, canonical: str = "") -> PageFacts:
    head = f'<link rel=canonical href="{canonical}">' if canonical else ""
    return page_facts(url, f"<html><head>{head}</head><body>{body}</body></html>".encode(), "text/html; charset=utf-8")


def same(sample: PageFacts, primary: PageFacts, *rules: str) -> bool:
    return is_same(sample, primary, set(rules or ["parameter s at /*"]), lambda url: member(url, lambda _: False))


def test_canonical_is_trusted_when_its_target_says_the_same() -> None:
    variant = facts(OTHER, "<p>Short.</p>", PLAIN)
    assert same(variant, facts(PLAIN, TEXT, PLAIN))
    assert same(variant, facts(PLAIN, TEXT))
    assert not same(variant, facts(PLAIN, TEXT, "https://a.org/y/"))


def test_pages_that_each_call_themselves_canonical_are_two() -> None:
    assert not same(facts(OTHER, TEXT, "https://a.org/z/"), facts(PLAIN, TEXT, PLAIN))


def test_the_same_text_and_links_are_the_same_page_and_a_changed_box_is_allowed() -> None:
    link = '<a href="/y?s={}">y</a>'
    assert same(facts(OTHER, TEXT + link.format(2)), facts(PLAIN, TEXT + link.format(1)))
    assert same(facts(OTHER, TEXT + "<p>Read by 7.</p>"), facts(PLAIN, TEXT + "<p>Read by 6.</p>"))


@pytest.mark.parametrize(
    "body", [TEXT.replace("story", "tale"), TEXT + "".join(f"<a href=/n{n}>n</a>" for n in range(9))]
)
def test_another_text_or_other_links_are_another_page(body: str) -> None:
    assert not same(facts(OTHER, body), facts(PLAIN, TEXT + '<a href="/y">y</a>'))


def test_a_short_page_may_say_in_which_language_it_is_shown() -> None:
    def page(url: str, title: str, footer: str, text: str = TEXT) -> PageFacts:
        plain = text.replace("<p>", "").replace("</p>", " ")
        return facts(url, f"<title>{title}</title><h1>{title}</h1><p>{plain}</p><p>{footer}</p>")

    assert same(page(OTHER, "A story", "lang: en"), page(PLAIN, "A story", "lang: de"))
    assert not same(page(OTHER, "Another", "lang: en"), page(PLAIN, "A story", "lang: de"))
    assert not same(page(OTHER, "A story", "en", TEXT.replace("story", "tale")), page(PLAIN, "A story", "de"))


def test_for_print_the_headline_is_enough() -> None:
    page, printed = (
        facts(PLAIN, f"<h1>The story</h1>{TEXT}<a href=/y>y</a>"),
        facts(OTHER, "<h1>The  story</h1>All of it."),
    )
    assert same(printed, page, "print")
    assert not same(printed, page)
