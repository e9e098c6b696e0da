"""The pages of an article: text, blocks, exchange, versions, duplicates, links, statements, citation."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


@pytest.fixture
def story(client: httpx.Client) -> str:
    """The address of a story that was captured twice: its first capture."""
    hits = client.get("/gazette/search.json?q=title:%22report+number+0%22&folded=0&sort=oldest").json()["result"][
        "hits"
    ]
    first = next(hit for hit in hits if "corrected" not in "".join(piece["text"] for piece in hit["title"]))
    return f"/gazette/article/{first['id'].removeprefix('<urn:uuid:').removesuffix('>')}"


def data(client: httpx.Client, address: str) -> Any:
    answer = client.get(f"{address}.json")
    assert answer.status_code == 200
    return answer.json()


def test_the_text_is_read_block_by_block(client: httpx.Client, story: str) -> None:
    reading = data(client, story)
    assert reading["authors"] == ["Ines Halloran"]
    assert reading["published"]["source"] in ("meta", "json-ld")
    assert [one["kind"] for one in reading["blocks"]] == ["p", "p"]
    assert reading["blocks"][0]["text"].startswith("The harbour council voted")
    assert "newsletter" not in str(reading["blocks"])
    picture = reading["lead"][0]
    assert picture["archived"] == "/gazette/20261001120000/http://gazette.example/pictures/light.png"
    html = client.get(story).text
    assert f'id="b{reading["blocks"][0]["ordinal"]}"' in html
    assert "a script ran" not in html


def test_a_text_leads_to_its_block_and_back(client: httpx.Client, story: str) -> None:
    blocks = data(client, f"{story}/blocks")
    kept = [one for one in blocks["blocks"] if one["kept"]]
    assert len(kept) == 2
    html = client.get(f"{story}/blocks").text
    for one in kept:
        assert f'id="s{one["ordinal"]}"' in html
        assert f'href="{story}#b{one["ordinal"]}"' in html


def test_what_was_stripped_is_shown_with_its_reason(client: httpx.Client, story: str) -> None:
    stripped = client.get(f"{story}/blocks.json?show=stripped").json()
    newsletter = next(one for one in stripped["blocks"] if "newsletter" in one["text"])
    assert newsletter["pages"] > 10
    assert newsletter["why"]
    assert not any(one["kept"] for one in stripped["blocks"])
    whole = data(client, f"{story}/blocks")
    assert whole["characters"] == sum(len(one["text"]) for one in whole["blocks"])


def test_the_exchange_is_verified_as_it_is_shown(client: httpx.Client, story: str) -> None:
    exchange = data(client, f"{story}/exchange")
    assert [one["record_type"] for one in exchange["records"]] == ["response", "request", "metadata"]
    assert exchange["records"][0]["http_head"].startswith("HTTP/1.1 200")
    assert exchange["records"][1]["http_head"].startswith("GET /2026/story-0.html HTTP/1.1\r\nHost: gazette.example")
    digests = [digest for one in exchange["records"] for digest in one["digests"]]
    assert len(digests) >= 3
    assert all(digest["holds"] for digest in digests)


def test_versions_show_what_changed(client: httpx.Client, story: str) -> None:
    history = data(client, f"{story}/versions")["history"]
    assert [one["change"] for one in history["captures"]] == ["first", "text"]
    assert history["captures"][1]["title_before"] == "Lighthouse report number 0"
    html = client.get(f"{story}/versions").text
    assert "<ins>" in html
    assert "<del>" in html


def test_a_picture_is_shown_before_and_after_it_changed(client: httpx.Client, story: str) -> None:
    versions = data(client, f"{story}/versions")
    first, last = versions["pictures"]
    assert first is None
    before, after = (last[when]["archived"] for when in ("before", "after"))
    assert before.endswith("/http://gazette.example/pictures/light.png")
    assert before != after
    assert last["before"]["digest"] != last["after"]["digest"]
    html = client.get(f"{story}/versions").text
    assert html.index(before) < html.index(after)


def test_two_versions_stand_side_by_side(client: httpx.Client, story: str) -> None:
    html = client.get(f"{story}/versions").text
    assert f'href="{story}/versions?compare=1#compared"' in html
    assert "<iframe" not in html
    compared = client.get(f"{story}/versions?compare=1")
    assert compared.text.count('sandbox="allow-same-origin"') == 2
    sides = data(client, f"{story}/versions") | client.get(f"{story}/versions.json?compare=1").json()
    assert (sides["compared"]["archived_before"], sides["compared"]["archived_after"]) == tuple(sides["archived"])
    for nonsense in ("0", "2", "-1", "x", "9" * 40, "٣"):
        assert client.get(f"{story}/versions", params={"compare": nonsense}).status_code == 404


def test_duplicates_are_listed(client: httpx.Client, story: str) -> None:
    assert data(client, f"{story}/duplicates")["found"] == 1


def test_links_say_where_they_stand(client: httpx.Client, story: str) -> None:
    links = data(client, f"{story}/links")
    assert {one["target_url"] for one in links["outgoing"]} >= {"http://gazette.example/sport"}
    assert links["fault"] is None


def test_statements_and_citation(client: httpx.Client, story: str) -> None:
    statements = data(client, f"{story}/statements")
    assert {"name": "author", "value": "Ines Halloran"} in statements["meta"]
    assert any(one["name"] == "warc_record_offset" for one in statements["columns"])
    citation = data(client, f"{story}/cite")
    assert citation["text"].startswith("Ines Halloran. “Lighthouse report number 0.” Gazette, 1 March 2026. http://")
    assert citation["bibtex"].startswith("@online{halloran2026,")
    assert citation["csl"]["author"] == [{"literal": "Ines Halloran"}]


def test_the_page_as_it_was_stands_in_a_frame_without_scripts(client: httpx.Client, story: str) -> None:
    html = client.get(f"{story}/page").text
    assert 'sandbox="allow-same-origin"' in html
    assert "/gazette/20261001120000/http://gazette.example/2026/story-0.html" in html
    assert f'method="post" action="{story}/replay"' in html


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fetc%2fpasswd", "%27%20OR%201%3D1--", "a" * 300])
def test_an_article_that_is_not_there_is_said_to_be_not_there(client: httpx.Client, name: str) -> None:
    for tab in ("", "/blocks", "/exchange", "/cite.json"):
        assert client.get(f"/gazette/article/{name}{tab}").status_code == 404
