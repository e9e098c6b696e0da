"""One search over several collections: one list, sums, and what one cannot give costs its own hits alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from broadsheet.archive.collection import Collection
from broadsheet.serve.run import WebServer


@pytest.fixture(scope="module")
def several(gazette: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Two collections alike, and an empty one."""
    folder = tmp_path_factory.mktemp("several")
    shutil.copytree(gazette, folder / "search")
    Collection.create(folder / "empty")
    with (
        WebServer([gazette, folder / "search", folder / "empty"], port=0) as server,
        httpx.Client(base_url=server.origins.own, timeout=60, trust_env=False) as client,
    ):
        yield client


def test_counts_are_sums_and_the_collection_is_a_facet(several: httpx.Client) -> None:
    both = several.get("/search.json?q=lighthouse").json()["result"]
    alone = several.get("/gazette/search.json?q=lighthouse").json()["result"]
    assert both["found"] == 2 * alone["found"]
    assert both["groups"] == 2 * alone["groups"]
    assert [(one["value"], one["count"]) for one in both["indexes"]] == [
        ("gazette", alone["found"]), ("search-2", alone["found"]), ("empty", 0),
    ]  # fmt: skip
    for facet, counts in alone["facets"].items():
        found = {one["value"]: one["count"] for one in both["facets"][facet]}
        assert all(found[one["value"]] == 2 * one["count"] for one in counts if one["value"] in found), facet
    assert [one["count"] for one in both["months"]] == [2 * one["count"] for one in alone["months"]]
    assert both["undated"] == 2 * alone["undated"]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_follow_each_other_without_a_gap(several: httpx.Client, sort: str) -> None:
    def hits(page: int) -> list[tuple[str, str]]:
        asked = {"folded": "0", "sort": sort, "page": str(page)}
        return [
            (one["index"], one["hit"]["id"])
            for one in several.get("/search.json", params=asked).json()["result"]["hits"]
        ]

    first, second, third = hits(1), hits(2), hits(3)
    assert (len(first), len(second), third) == (20, 14, [])
    assert len({*first, *second}) == 34
    own = several.get("/gazette/search.json", params={"folded": "0", "sort": sort}).json()["result"]["hits"]
    assert [id_ for name, id_ in [*first, *second] if name == "gazette"] == [hit["id"] for hit in own]


def test_an_exact_title_is_first(several: httpx.Client) -> None:
    hits = several.get("/search.json", params={"q": "Lighthouse report number 7"}).json()["result"]["hits"]
    assert ["".join(piece["text"] for piece in one["hit"]["title"]) for one in hits[:2]] == [
        "Lighthouse report number 7"
    ] * 2


def test_a_chosen_collection_narrows_and_its_links_lead_into_it(several: httpx.Client) -> None:
    narrowed = several.get("/search.json?q=lighthouse&collection=search-2").json()["result"]
    assert {one["index"] for one in narrowed["hits"]} == {"search-2"}
    assert [one["chosen"] for one in narrowed["indexes"] if one["value"] == "search-2"] == [True]
    html = several.get("/search?q=lighthouse&collection=search-2").text
    assert 'href="/search?q=lighthouse"' in html  # taken back
    assert 'href="/search-2/article/' in html
    assert 'href="/search-2/search?q=lighthouse"' in html
    assert "<bdi>empty</bdi></a>: " in html
    assert "has no dataset" in html
    assert 'href="/search?q=stones"' in several.get("/gazette/search?q=stones").text
    assert 'action="/search"' in several.get("/").text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "(" * 500,
        "q=%00%ff",
        "q=<script>&collection=<script>",
        "page=999999999",
        "collection=nobody",
        "like=3",
        "site=%22%3E",
        "sort=x",
    ],
)
def test_nonsense_is_a_page(several: httpx.Client, query: str) -> None:
    answer = several.get(f"/search?{query}")
    assert answer.status_code == 200
    tags = Tags()
    tags.feed(answer.text)
    assert tags.names.count("script") == 1
    assert several.get(f"/search.json?{query}").status_code == 200


def test_an_index_that_cannot_be_read_costs_its_own_hits_alone(gazette: Path, tmp_path: Path) -> None:
    shutil.copytree(gazette, tmp_path / "other")
    with (
        WebServer([gazette, tmp_path / "other"], port=0) as server,
        httpx.Client(base_url=server.origins.own, timeout=60, trust_env=False) as client,
    ):
        assert client.get("/search.json?q=lighthouse").json()["result"]["faults"] == {}
        index = tmp_path / "other" / "indexes" / "search.sqlite"
        for path in index.parent.glob("search.sqlite-*"):
            path.unlink()
        index.write_bytes(b"SQLite format 3\0" + b"nothing" * 4000)
        result = client.get("/search.json?q=harbour").json()["result"]
        assert {one["index"] for one in result["hits"]} == {"gazette"}
        assert list(result["faults"]) == ["other"]
        assert client.get("/search?q=harbour").status_code == 200
