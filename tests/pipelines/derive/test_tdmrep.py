"""What a site reserves in its tdmrep.json: which pages it holds for, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.pipelines.derive.tdmrep import ReservingExtractor, TdmFile, TdmRule, combined_id, matches, read_rules
from broadsheet.pipelines.extract.extraction import ArticleColumns, Extraction, PageRecord

URL = "https://a.example/.well-known/tdmrep.json"


@pytest.mark.parametrize(
    ("location", "target", "holds"),
    [
        ("/", "/any", True),
        ("/news/", "/news/1", True),
        ("/news/", "/new", False),
        ("/*.pdf$", "/x/y.pdf", True),
        ("/*.pdf$", "/x/y.pdf?z", False),
        ("/a*b*c", "/a-b-c-d", True),
        ("/a*b*c", "/a-c-b", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("*", "/x", True),
        ("/a*a$", "/a", False),
        ("", "/x", True),
    ],
)
def test_locations(location: str, target: str, holds: bool) -> None:
    assert matches(location, target) is holds


def test_many_stars_cost_little() -> None:
    assert not matches("/" + "a*" * 500 + "b$", "/" + "a" * 5000)


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[1]", b'[{"location": 1}]', b'[{"location": "/", "tdm-reservation": 2}]', b"\xff", b"[" * 100000],
)
def test_what_is_of_another_form_says_nothing(body: bytes) -> None:
    assert read_rules(body, URL) == ()


def test_rules_are_read_in_their_order() -> None:
    body = b'[{"location":"/a","tdm-reservation":1,"tdm-policy":"p.json"},{"location":"/","tdm-reservation":"0"}]'
    assert read_rules(body, URL) == (
        TdmRule("/a", 1, "https://a.example/.well-known/p.json"),
        TdmRule("/", 0, None),
    )


class Silent:
    name, extraction_id, base_id = "n", "e", "b"

    def __init__(self, article: ArticleColumns) -> None:
        self.article = article

    def extract(self, record: PageRecord) -> Extraction:
        return Extraction(self.article)


def reserved(article: ArticleColumns, url: str, day: int, *files: TdmFile) -> tuple[int | None, str | None]:
    record = PageRecord(url, datetime(2026, 9, day, tzinfo=UTC), (), b"")
    found = ReservingExtractor(Silent(article), files).extract(record).article
    return found.tdm_reservation, found.tdm_policy_url


def test_the_page_goes_first_then_the_file_of_its_time() -> None:
    early = TdmFile("a.example:443", "2026-09-05T00:00:00+00:00", (TdmRule("/free/", 0, None), TdmRule("/", 1, "p")))
    late = TdmFile("a.example:443", "2026-09-10T00:00:00+00:00", (TdmRule("/", 0, None),))
    silent, speaking = ArticleColumns(status="ok"), ArticleColumns(status="ok", tdm_reservation=0)
    assert reserved(silent, "https://a.example/x", 7, late, early) == (1, "p")
    assert reserved(silent, "https://a.example/free/x", 7, late, early) == (0, None)
    assert reserved(silent, "https://a.example/x", 12, late, early) == (0, None)
    assert reserved(silent, "https://a.example/x", 1, late, early) == (1, "p")
    assert reserved(speaking, "https://a.example/x", 7, late, early) == (0, None)
    assert reserved(silent, "https://b.example/x", 7, late, early) == (None, None)
    assert reserved(silent, "http://a.example/x", 7, late, early) == (None, None)


def test_the_id_is_that_of_the_profiles_where_nothing_is_reserved() -> None:
    file = TdmFile("a.example:443", "2026-09-05T00:00:00+00:00", (TdmRule("/", 1, None),))
    assert combined_id("abc", ()) == "abc"
    assert combined_id("", ()) == ""
    assert len({combined_id("abc", (file,)), combined_id("", (file,)), "abc"}) == 3
