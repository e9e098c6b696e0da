"""Sites, images, links, quality, checks, terms over time: what they count, and that each is a page."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.search.searcher import MonthCount
from broadsheet.serve.run import WebServer
from broadsheet.serve.sites_page import Gap, gaps

PLACES = ("search", "terms", "sites", "sites/gazette.example", "images", "graph", "quality", "checks", "overview")


@pytest.mark.parametrize("place", PLACES)
def test_each_place_is_a_page_with_data(client: httpx.Client, place: str) -> None:
    html = client.get(f"/gazette/{place}")
    assert html.status_code == 200
    assert html.text.count("<h1") == 1
    assert len(html.content) < 100_000
    assert client.get(f"/gazette/{place}.json").status_code == 200


def test_months_without_an_article_are_gaps() -> None:
    months = tuple(MonthCount(f"2026-{number:02}", count) for number, count in enumerate((3, 0, 0, 1, 0, 2), 1))
    assert gaps(months) == (Gap("2026-02", "2026-03", 2), Gap("2026-05", "2026-05", 1))


def test_a_site_has_months_authors_and_a_template(client: httpx.Client) -> None:
    site = client.get("/gazette/sites/gazette.example.json").json()
    assert site["pages"] == 17
    assert {one["value"] for one in site["facets"]["author"]} == {"Ines Halloran", "Éloïse Noël"}
    assert any("newsletter" in (one["text"] or "") for one in site["template"]["texts"])
    assert client.get("/gazette/sites/other.example").status_code == 404


def test_the_wall_shows_images_of_the_archive(client: httpx.Client) -> None:
    images = client.get("/gazette/images.json?q=keeper").json()["images"]
    assert [one["archived"] for one in images] == ["/gazette/20261001120001/http://gazette.example/pictures/light.png"]
    assert client.get("/gazette/images.json?q=nobody").json()["images"] == []


def test_quality_has_examples(client: httpx.Client) -> None:
    quality = client.get("/gazette/quality.json").json()
    assert quality["pages"] == 17
    short = next(one for one in quality["suspicions"] if one["name"] == "very short")
    assert short["count"] == len(short["examples"]) or short["count"] > 6


def test_terms_are_shares_of_a_month(client: httpx.Client) -> None:
    over_time = client.get("/gazette/terms.json", params={"q": "lighthouse, 灯塔"}).json()["over_time"]
    assert over_time["months"][0] == "2026-03"
    lighthouse, chinese = over_time["series"]
    assert lighthouse["shares"][0] == 1.0
    assert chinese["counts"][over_time["months"].index("2026-09")] == 1
    assert over_time["totals"][over_time["months"].index("2026-09")] == 3
    assert "<path" in client.get("/gazette/terms", params={"q": "lighthouse"}).text


def test_a_collection_without_anything_is_a_collection(tmp_path: Path) -> None:
    Collection.create(tmp_path / "empty")
    with (
        WebServer([tmp_path / "empty"], port=0) as server,
        httpx.Client(base_url=server.origins.own, timeout=30, trust_env=False) as client,
    ):
        assert "Nothing was captured yet" in client.get("/").text
        assert "has no dataset" in client.get("/empty/search").text
        for place in ("search", "overview", "checks", "terms?q=a", "sites"):
            assert client.get(f"/empty/{place}").status_code == 200, place
        for place in ("images", "graph", "quality", "article/x"):
            assert client.get(f"/empty/{place}").status_code == 404, place
            assert "has no dataset" in client.get(f"/empty/{place}").text
