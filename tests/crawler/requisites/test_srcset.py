"""Candidates of a srcset: commas within URLs, descriptors, data: URLs."""

from __future__ import annotations

import pytest

from broadsheet.crawler.requisites.srcset import srcset_urls


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        ("a", ["a"]),
        ("a 1x, b 2x", ["a", "b"]),
        ("a 100w,b 200w", ["a", "b"]),
        ("a, b", ["a", "b"]),
        (" , a 1x ,, b 2x,", ["a", "b"]),
        ("/w_100,h_50/a.png 1x, /w_200,h_100/a.png 2x", ["/w_100,h_50/a.png", "/w_200,h_100/a.png"]),
        ("data:image/png;base64,AAAA 1x, b 2x", ["b"]),
        ("a (1, 2) 1x, b 2x", ["a", "b"]),
        ("\n\ta\t1x\n,\n\tb 2x", ["a", "b"]),
        ("", []),
        (",,,", []),
    ],
)
def test_candidates(value: str, urls: list[str]) -> None:
    assert list(srcset_urls(value)) == urls
