"""Which spellings are of one family, and by which rules they differ."""

from __future__ import annotations

import pytest

from broadsheet.crawler.bounds.family import member


def nothing(_rule: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("url", "rules"),
    [
        ("https://a.org/x", {"slash"}),
        ("http://a.org/x/", {"http"}),
        ("https://www.a.org/x/", {"www"}),
        ("https://m.a.org/x/", {"mobile"}),
        ("https://a.org/x/index.html", {"index"}),
        ("https://a.org//x/", {"double slash"}),
        ("https://a.org/X/", {"case"}),
        ("https://a.org/x/amp/", {"amp"}),
        ("https://a.org/amp/x/", {"amp"}),
        ("https://a.org/x/?amp=1", {"parameter amp"}),
        ("https://a.org/x/print/", {"print"}),
        ("https://a.org/x/feed/", {"feed"}),
        ("https://a.org/x/comment-page-3/", {"comment page"}),
        ("https://a.org/x/?share=mail", {"parameter share"}),
        ("https://a.org/(S(abcdefghijkl0123456789xy))/x/", {"session"}),
        ("https://a.org/x/?b=1&a=2", {"parameter a at /*", "parameter b at /*"}),
        ("https://a.org/x/?utm_source=y", {"order"}),
    ],
)
def test_a_spelling_differs_by_its_rules(url: str, rules: set[str]) -> None:
    plain, other = member("https://a.org/x/", nothing), member(url, nothing)
    assert other.key == plain.key
    assert other.differs_from(plain) == rules
    assert plain.differs_from(other) == rules


@pytest.mark.parametrize("url", ["https://a.org/y/", "https://b.org/x/", "https://a.org/x/y/", "https://a.org/feed/"])
def test_other_pages_are_other_families(url: str) -> None:
    assert member(url, nothing).key != member("https://a.org/x/", nothing).key


def test_a_rule_that_a_site_refuted_tells_pages_apart() -> None:
    one, two = (
        member(f"https://a.org/x?id={number}&v=3", lambda rule: rule == "parameter id at /*") for number in (1, 2)
    )
    assert one.key != two.key
    assert member("https://a.org/x?v=4&id=1", lambda rule: rule == "parameter id at /*").key == one.key


def test_pages_to_log_in_at_are_one_wherever_they_lead_back_to() -> None:
    for form in ("login?next=%2Fstory-{}", "sso/login/story-{}", "sign-in/news/story-{}/"):
        one, two = (member(f"https://a.org/{form.format(number)}", nothing) for number in (1, 2))
        assert one.key == two.key
        assert one.differs_from(two) == {"login"}
    assert member("https://a.org/how-to-login/1", nothing).key != member("https://a.org/how-to-login/2", nothing).key
