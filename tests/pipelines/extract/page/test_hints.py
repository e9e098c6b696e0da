"""Hints: what class names say, and that the short way to them finds what every pattern would."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.pipelines.extract.page.hints import _CAMEL, _WORDS, BIT, has, hints_of

PIECES = sorted({piece for _, pattern in _WORDS for piece in re.findall(r"[a-z]{2,}", pattern)})
NAMES = st.lists(st.sampled_from([*PIECES, "-", "_", "x", "Q9", "Ad", "s"]), min_size=1, max_size=5).map("".join)


@settings(max_examples=300, deadline=None)
@given(NAMES)
@example("ad")
@example("postAds")
@example("h-entry")
def test_all_patterns_are_heard(name: str) -> None:
    words = _CAMEL.sub("-", name[:240]).lower().replace("_", "-")
    expected = sum(BIT[hint] for hint, pattern in _WORDS if re.search(pattern, words))
    assert hints_of(name) == expected


def test_names_of_one_element_are_joined() -> None:
    assert has(hints_of("x9f3a related-posts"), "related")
    assert not has(hints_of("relay-race"), "related", "nav")
    assert hints_of("") == 0


def test_a_layout_class_is_no_list_of_related_articles() -> None:
    assert not has(hints_of("relative"), "related")
    assert has(hints_of("related relative"), "related")
    assert has(hints_of("article__relateds"), "related")
