"""Memento (RFC 7089): TimeGates, TimeMaps, and the links between Mementos."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

OWN, ARCHIVED = "http://127.0.0.1:8900/varied", "http://127.0.0.1:8901/varied"


def links(header: str) -> dict[str, str]:
    """The targets in a Link header by their relations."""
    return {relation: target for target, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', header)}


@pytest.mark.parametrize(
    ("asked", "stamp"),
    [
        (None, "20261001140000"),  # the latest
        ("Thu, 01 Oct 2026 13:20:00 GMT", "20261001130000"),
        ("Thu, 01 Oct 2026 13:40:00 GMT", "20261001140000"),
        ("Mon, 01 Jan 1990 00:00:00 GMT", "20261001120000"),
        ("Fri, 01 Jan 2038 00:00:00 GMT", "20261001140000"),
    ],
)
def test_a_timegate_leads_to_the_closest_capture(asking: TestClient, asked: str | None, stamp: str) -> None:
    answer = asking.get("/varied/timegate/http://varied.example/", headers={"Accept-Datetime": asked} if asked else {})
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{ARCHIVED}/{stamp}/")
    assert answer.headers["vary"] == "accept-datetime"
    assert "memento-datetime" not in answer.headers
    related = links(answer.headers["link"])
    assert related["original"] == "http://varied.example/"
    assert related["timemap"] == f"{OWN}/timemap/link/http://varied.example/"


def test_a_timegate_knows_the_capture_before_and_the_one_behind(asking: TestClient) -> None:
    headers = {"Accept-Datetime": "Thu, 01 Oct 2026 13:00:00 GMT"}
    related = links(asking.head("/varied/timegate/http://varied.example/", headers=headers).headers["link"])
    assert related["first prev memento"] == f"{ARCHIVED}/20261001120000/http://varied.example/"
    assert related["memento"] == f"{ARCHIVED}/20261001130000/http://varied.example/"
    assert related["last next memento"] == f"{ARCHIVED}/20261001140000/https://www.varied.example/"


@pytest.mark.parametrize("date", ["yesterday", "", "Thu, 99 Oct 2026 13:00:00 GMT", "Fri, 31 Dec 9999 23:00:00 -1200"])
def test_a_time_that_is_none_is_refused(asking: TestClient, date: str) -> None:
    answer = asking.get("/varied/timegate/http://varied.example/", headers={"Accept-Datetime": date})
    assert answer.status_code == 400
    assert "is no date" in answer.json()["message"]


def test_what_was_never_captured_has_no_mementos(asking: TestClient) -> None:
    for path in ("timegate", "timemap/link", "timemap/json"):
        answer = asking.get(f"/varied/{path}/http://never.example/")
        assert answer.status_code == 404
        assert answer.json() == {"message": "No Captures found for: http://never.example/"}
    assert asking.get("/varied/timegate/http://never.example/").headers["vary"] == "accept-datetime"
    assert asking.get("/nobody/timegate/http://varied.example/").status_code == 400


def test_a_timemap_lists_all_captures(asking: TestClient) -> None:
    answer = asking.get("/varied/timemap/link/http://varied.example/there?b=2&a=1")
    assert answer.headers["content-type"] == "application/link-format; charset=utf-8"
    assert answer.text == (
        '<http://varied.example/there?b=2&a=1>; rel="original",\n'
        f'<{OWN}/timemap/link/http://varied.example/there?b=2&a=1>; rel="self"; type="application/link-format"; '
        'from="Thu, 01 Oct 2026 17:00:00 GMT"; until="Fri, 02 Oct 2026 17:00:00 GMT",\n'
        f'<{OWN}/timegate/http://varied.example/there?b=2&a=1>; rel="timegate",\n'
        f'<{ARCHIVED}/20261001170000/http://varied.example/there?b=2&a=1>; rel="first memento"; '
        'datetime="Thu, 01 Oct 2026 17:00:00 GMT",\n'
        f'<{ARCHIVED}/20261002170000/http://varied.example/there?b=2&a=1>; rel="last memento"; '
        'datetime="Fri, 02 Oct 2026 17:00:00 GMT"\n'
    )
    listed = asking.get("/varied/timemap/json/http://varied.example/there?b=2&a=1").json()
    assert [one["datetime"] for one in listed["mementos"]["list"]] == [
        "2026-10-01T17:00:00+00:00",
        "2026-10-02T17:00:00+00:00",
    ]
    assert listed["original_uri"] == "http://varied.example/there?b=2&a=1"


def test_a_url_may_be_written_in_several_ways(asking: TestClient) -> None:
    quoted = "http%3A//varied.example/there%3Fb%3D2%26a%3D1"
    for url in ("varied.example/there?a=1&b=2", quoted, "HTTP://Varied.Example/there?b=2&a=1"):
        assert len(asking.get(f"/varied/timemap/json/{url}").json()["mementos"]["list"]) == 2, url


def test_mementos_say_when_they_are_of_and_where_the_others_are(fetching: TestClient) -> None:
    for modifier in ("", "id_"):
        answer = fetching.get(f"/varied/20261001130000{modifier}/http://varied.example/")
        assert answer.headers["memento-datetime"] == "Thu, 01 Oct 2026 13:00:00 GMT"
        related = links(answer.headers["link"])
        assert related["original"] == "http://varied.example/"
        assert related["timegate"] == f"{OWN}/timegate/http://varied.example/"
        assert related["first prev memento"] == f"{ARCHIVED}/20261001120000{modifier}/http://varied.example/"
        assert related["last next memento"] == f"{ARCHIVED}/20261001140000{modifier}/https://www.varied.example/"
