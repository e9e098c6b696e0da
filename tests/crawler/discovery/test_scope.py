"""What belongs to a crawl."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.discovery.scope import Scope
from broadsheet.crawler.options import ScopeKind


@pytest.mark.parametrize(
    ("kind", "seed", "inside", "outside"),
    [
        (
            ScopeKind.HOST,
            "https://www.example.com/news/",
            ["http://example.com/", "https://www.example.com/x?y", "https://example.com/news/1"],
            [
                "https://blog.example.com/",
                "https://example.com:8443/",
                "https://example.org/",
                "https://wwwexample.com/",
            ],
        ),
        (
            ScopeKind.HOST,
            "http://127.0.0.1:8000/",
            ["http://127.0.0.1:8000/x"],
            ["http://127.0.0.1:8001/", "http://127.0.0.1/"],
        ),
        (
            ScopeKind.DOMAIN,
            "https://news.bbc.co.uk/",
            ["https://bbc.co.uk/", "https://a.b.bbc.co.uk/x", "http://bbc.co.uk:8080/"],
            ["https://itv.co.uk/", "https://bbc.com/", "https://bbc.co.uk.evil.com/", "https://notbbc.co.uk/"],
        ),
        (ScopeKind.DOMAIN, "https://me.github.io/", ["https://me.github.io/x"], ["https://you.github.io/"]),
        (ScopeKind.DOMAIN, "http://localhost:8000/", ["http://localhost:8000/x"], ["http://localhost:9000/"]),
        (ScopeKind.DOMAIN, "http://[::1]:8000/", ["http://[::1]:8000/x"], ["http://[::2]:8000/"]),
        (
            ScopeKind.PREFIX,
            "https://example.com/blog/index.html?x=/y/",
            ["https://example.com/blog/", "http://www.example.com/blog/2024/x", "https://example.com/blog/index.html"],
            [
                "https://example.com/",
                "https://example.com/blogs",
                "https://example.org/blog/",
                "https://example.com/blog",
            ],
        ),
    ],
)
def test_kinds(kind: ScopeKind, seed: str, inside: list[str], outside: list[str]) -> None:
    scope = Scope(kind, [seed])
    for _ in range(2):  # the second time from memory
        assert [url for url in inside if not scope.accepts(url)] == []
        assert [url for url in outside if scope.accepts(url)] == []


def test_patterns_narrow_the_scope() -> None:
    scope = Scope(ScopeKind.HOST, ["https://e.com/"], include=["/news/", r"/20\d\d/"], exclude=[r"[?&]print="])
    assert scope.accepts("https://e.com/news/1")
    assert scope.accepts("https://e.com/2024/1")
    assert not scope.accepts("https://e.com/about")
    assert not scope.accepts("https://e.com/news/1?print=1")
    assert not scope.accepts("https://other.com/news/1")


def test_a_seed_can_be_added() -> None:
    scope = Scope(ScopeKind.HOST, ["https://old.com/"], exclude=["/private"])
    assert not scope.accepts("https://new.com/")
    wider = scope.with_seed("https://www.new.com/home")
    assert wider.accepts("https://new.com/")
    assert wider.accepts("https://old.com/")
    assert not wider.accepts("https://new.com/private")
    assert not scope.accepts("https://new.com/")


def test_bad_patterns_say_where() -> None:
    with pytest.raises(BadInput, match=r"--exclude a\(b: not a regular expression: .* at character 2"):
        Scope(ScopeKind.HOST, ["https://e.com/"], exclude=["a(b"])
    with pytest.raises(BadInput, match="--include"):
        Scope(ScopeKind.HOST, ["https://e.com/"], include=["*"])
    with pytest.raises(BadInput, match="not an http or https URL"):
        Scope(ScopeKind.HOST, ["example.com"])


@given(
    st.from_regex(r"[a-z0-9-]{1,8}(\.[a-z0-9-]{1,8}){0,3}(:[0-9]{1,4})?", fullmatch=True), st.sampled_from(ScopeKind)
)
def test_a_seed_is_in_its_own_scope(host: str, kind: ScopeKind) -> None:
    try:
        scope = Scope(kind, [f"http://{host}/a/b"])
    except BadInput:
        return
    assert scope.accepts(scope.seeds[0])
