"""Tags that may name URLs, by HTML's own rules for comments, raw text, quotes and references, whatever a page holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.crawler.discovery.tags import Tag, page_tags


def tags(html: str) -> list[tuple[str, dict[str, str]]]:
    return [(tag.name, dict(tag.attributes)) for tag in page_tags(html)]


@pytest.mark.parametrize(
    ("html", "attributes"),
    [
        ("<a href=/x>", {"href": "/x"}),
        ("<A HREF='/x' href=/y>", {"href": "/x"}),  # the first counts
        ('<a\nhref = "/a b"\t>', {"href": "/a b"}),
        ("<a href='a>b'>", {"href": "a>b"}),
        ("<a hidden href=/x/>", {"hidden": "", "href": "/x/"}),
        ('<a href="/x?a=1&amp;copy=2&copy=3&#x26;b">', {"href": "/x?a=1&copy=2&copy=3&b"}),
        ('<a href="/x?y&copy;&#99999999999999999999;">', {"href": "/x?y©\ufffd"}),
        ("<a href=/x", {"href": "/x"}),
    ],
)
def test_attributes_are_read_as_a_browser_reads_them(html: str, attributes: dict[str, str]) -> None:
    assert tags(html) == [("a", attributes)]


@pytest.mark.parametrize(
    "html",
    [
        "<!-- <a href=/x> -->",
        "<!-- <a href=/x>",
        "<!--><!-- x --!><!-- <a href=/x> -->",
        "<textarea><a href=/x></textarea>",
        "<title><a href=/x></title>",
        "<noembed><a href=/x></noembed>",
        "</a href=/x>",
        "<p class='<a href=/x>'>",
        "<abbr href=/x><em title=/x>",
        "< a href=/x>",
    ],
)
def test_what_is_no_tag_that_names_a_url_is_passed_over(html: str) -> None:
    assert "a" not in [name for name, _ in tags(html)]


def test_scripts_and_styles_are_given_with_their_text_and_hold_no_tags() -> None:
    html = "<script src=/s.js>if (a<b) '<a href=/x>'</script ><STYLE>a{}</STYLE><script/><img src=/i>"
    found = list(page_tags(html))
    assert found[:2] == [Tag("script", {"src": "/s.js"}, "if (a<b) '<a href=/x>'"), Tag("style", {}, "a{}")]
    assert [tag.name for tag in page_tags("<script>never ended <a href=/x>")] == ["script"]


@pytest.mark.parametrize(
    "attribute",
    ["style='a:url(/x)'", "data-src=/x", "background=/x", "onclick='go()'", "hx-get=/x", "about=/x", 'x=\'{"u":"/x"}\''],
)  # fmt: skip
def test_an_element_that_links_nothing_is_told_when_an_attribute_of_it_may(attribute: str) -> None:
    assert [name for name, _ in tags(f"<em class=a>text</em><em class=b {attribute}>")] == ["em"]


def test_a_tag_without_end_of_its_attributes_is_bounded() -> None:
    many = " ".join(f"a{number}=/x" for number in range(20_000))
    ((_, attributes),) = tags(f"<a {many}>")
    assert len(attributes) == 1000


@given(st.text(alphabet="<>a!-/='\"& hrefsciptyl\n{", max_size=60))
def test_any_text_is_read_and_a_link_behind_it_that_nothing_hides_is_found(text: str) -> None:
    tags(text)
    assert tags("".join(char for char in text if char not in "<>") + "<a href=/y>")[-1] == ("a", {"href": "/y"})
