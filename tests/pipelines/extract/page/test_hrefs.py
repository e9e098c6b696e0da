"""Hyperlinks: the quick way gives what the standard library gives."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.pipelines.extract.page.hrefs import SCHEMES, Resolver

BASES = (
    "http://a.example/x/y?q",
    "https://www.a.example:8080/",
    "http://127.0.0.1/p",
    "http://[::1]/p",
    "http://A.example/",
    "",
    "x",
)
PIECE = st.sampled_from(
    [
        "/",
        "//",
        ".",
        "..",
        "?",
        "#",
        ";",
        "a",
        "Ä",
        " ",
        "%20",
        ":",
        "http://",
        "https://",
        "b.example",
        "mailto:",
        "\\",
        "@",
    ]
)


def plainly(base: str, href: str) -> str | None:
    try:
        target = urljoin(base, href.strip())
        return target if urlsplit(target).scheme in SCHEMES else None
    except ValueError:
        return None


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(BASES), st.lists(PIECE, max_size=8).map("".join))
@example(BASES[0], "/a/./b")
@example(BASES[0], "/a//b?x=1#y")
@example(BASES[0], "http://b.example/a/../c")
@example(BASES[0], "/")
def test_the_quick_way_is_that_of_the_standard_library(base: str, href: str) -> None:
    assert Resolver(base)(href) == plainly(base, href)


@pytest.mark.parametrize("href", ["javascript:x()", "data:text/plain,x", "tel:123", "http://[bad/"])
def test_what_is_no_page_is_left_out(href: str) -> None:
    assert Resolver("http://a.example/")(href) is None
