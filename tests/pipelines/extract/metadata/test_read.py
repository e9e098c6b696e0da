"""read_metadata raises for nothing that a page can hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from page_metadata import read


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=60),
    st.sampled_from(["author", "date", "article:published_time", "keywords", "og:title", "robots", "og:locale"]),
)
def test_whatever_a_meta_element_says_nothing_is_raised(said: str, name: str) -> None:
    content = said.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    found = read(f'<meta name="{name}" property="{name}" content="{content}">')
    assert all(person.name.strip() == person.name != "" for person in found.authors)
    assert found.date_published is None or found.date_published.tzinfo is not None
