"""The page of hits, and its data."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx
import pytest


class Page(HTMLParser):
    """Links and marked words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.marked: list[str] = []
        self._in_mark = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_mark = tag == "mark"
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = False

    def handle_data(self, data: str) -> None:
        if self._in_mark:
            self.marked.append(data)


@pytest.mark.parametrize(
    ("query", "title", "marked"),
    [
        ("engineer stones title:7", "Lighthouse report number 7", "stones"),
        ("灯塔 大学", "港口的古老灯塔", "大学"),
        ("المنارة القديمة", "المنارة القديمة", "القديمة"),
        ("fermeture cafe", "La fermeture du café", "café"),
        ('caption:"keeper with his" "year 5"', "Lighthouse report number 5", None),
    ],
)
def test_articles_are_found_in_any_script(client: httpx.Client, query: str, title: str, marked: str | None) -> None:
    answer = client.get("/gazette/search", params={"q": query})
    assert answer.status_code == 200
    assert marked is None or marked in Page(answer.text).marked
    data = client.get("/gazette/search.json", params={"q": query}).json()
    titles = ["".join(piece["text"] for piece in hit["title"]) for hit in data["result"]["hits"]]
    assert any(one.startswith(title) for one in titles)


def test_what_is_chosen_stands_in_the_address_and_is_a_link(client: httpx.Client) -> None:
    page = Page(client.get("/gazette/search?section=Harbour").text)
    assert "/gazette/search?section=Harbour&language=fr" in page.links
    assert "/gazette/search" in page.links  # the choice taken back
    data = client.get("/gazette/search.json?language=zh").json()["result"]
    assert data["found"] == 1
    assert {one["value"] for one in data["facets"]["language"]} >= {"en", "zh", "ar", "fr"}


def test_versions_and_copies_are_folded_under_one(client: httpx.Client) -> None:
    hits = client.get("/gazette/search.json?q=title:report+title:0").json()["result"]["hits"]
    assert [hit["others"] for hit in hits] == [1]
    like = client.get(f"/gazette/search.json?like={hits[0]['number']}").json()["result"]
    assert like["found"] == 2


NONSENSE = (
    "q=" + "(" * 3000,
    "q=%00%ff%fe",
    "q=zzzzzz",
    "q='%20OR%201=1--",
    "page=0&sort=x&since=13&until=2026-99&like=a",
    "page=99999999",
    "site=%22%3E%3Cscript%3E",
    "since=2026-03&until=2020",
)


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_is_a_page_without_hits(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/gazette/search?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text
