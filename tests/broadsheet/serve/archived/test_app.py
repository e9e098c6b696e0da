"""Archived pages: what is shown, and what cannot happen."""

from __future__ import annotations

import httpx

STORY = "/gazette/20261001120000/http://gazette.example/2026/story-0.html"


def test_an_archived_page_is_shown_without_its_scripts(archived: httpx.Client) -> None:
    answer = archived.get(STORY)
    assert answer.status_code == 200
    assert "Lighthouse report number 0" in answer.text
    assert "corrected" not in answer.text
    assert "<script" not in answer.text
    assert "onload" not in answer.text
    assert 'src="/gazette/20261001120000/http://gazette.example/pictures/light.png"' in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'none'" in policy
    assert "sandbox allow-same-origin" in policy
    assert "allow-scripts" not in policy


def test_the_time_in_the_address_chooses_the_capture(archived: httpx.Client) -> None:
    assert "corrected" in archived.get(STORY.replace("20261001120000", "20261101000000")).text


def test_what_a_page_needs_comes_from_the_archive(archived: httpx.Client) -> None:
    sheet = archived.get("/gazette/20261001120000/http://gazette.example/style.css")
    assert 'url("/gazette/20261001120000/http://gazette.example/pictures/light.png")' in sheet.text
    picture = archived.get("/gazette/20261001120000/http://gazette.example/pictures/light.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


def test_what_was_not_captured_is_not_fetched(archived: httpx.Client) -> None:
    answer = archived.get("/gazette/20261001120000/http://gazette.example/never.html", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "Not in this archive" in answer.text
    for path in ("/", "/gazette", "/gazette/2026/http://a.example/", "/nobody/20261001120000/http://a.example/"):
        assert archived.get(path).status_code == 404
