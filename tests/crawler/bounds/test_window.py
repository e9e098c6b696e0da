"""--since and --until: what is known to be of another time is left out, what is not is fetched."""

from __future__ import annotations

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.bounds.window import AFTER, BEFORE, DateWindow

NOVEMBER = DateWindow.of("2026-11-10", "2026-11-20")


@pytest.mark.parametrize(
    ("link", "why"),
    [
        (Outlink("https://a/x", "L", "sitemap:url/loc", "2026-11-09"), None),  # that day is not over everywhere
        (Outlink("https://a/x", "L", "sitemap:url/loc", "2026-11-08"), BEFORE),
        (Outlink("https://a/x", "L", "sitemap:url/loc", "2026-11-25"), None),  # changed then, published perhaps before
        (Outlink("https://a/x", "L", "feed:link", "2026-11-25T10:00:00Z"), AFTER),
        (Outlink("https://a/x", "L", "feed:link", "2026-11-01T10:00:00Z"), BEFORE),
        (Outlink("https://a/2026/11/09/x/", "L", "a/@href"), BEFORE),
        (Outlink("https://a/2026/11/10/x/", "L", "a/@href"), None),
        (Outlink("https://a/2026/11/20/x/", "L", "a/@href"), None),
        (Outlink("https://a/2026/11/21/x/", "L", "a/@href"), AFTER),
        (Outlink("https://a/2026/11/x/", "L", "a/@href"), None),
        (Outlink("https://a/2026/10/01/", "L", "a/@href"), None),  # a list
        (Outlink("https://a/s.xml", "I", "sitemap:sitemap/loc", "2026-10-01"), BEFORE),
        (Outlink("https://a/s.xml", "I", "sitemap:sitemap/loc"), None),
    ],
)
def test_what_is_of_another_time_is_left_out(link: Outlink, why: str | None) -> None:
    assert NOVEMBER.leaves_out(link) == why
    assert DateWindow().leaves_out(link) is None


def test_a_month_and_a_year_are_meant_whole() -> None:
    window = DateWindow.of("2026", "2026-11")
    assert window.leaves_out(Outlink("https://a/2026/11/30/x/", "L")) is None
    assert window.leaves_out(Outlink("https://a/2026/12/01/x/", "L")) == AFTER
    assert window.leaves_out(Outlink("https://a/2025/12/01/x/", "L")) == BEFORE


@pytest.mark.parametrize(
    ("since", "until"), [("yesterday", None), ("2026-13-01", None), (None, "x"), ("2026-11-02", "2026-11-01")]
)
def test_what_is_no_date_is_told(since: str | None, until: str | None) -> None:
    with pytest.raises(BadInput):
        DateWindow.of(since, until)
