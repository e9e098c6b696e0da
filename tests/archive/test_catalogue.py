"""The catalogue: captures come back as they were put in, in the order of their files, and each question has its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue, ExchangeCounts, WarcFile, from_microseconds, to_microseconds
from broadsheet.archive.journal import create_journal

DAY = datetime(2026, 11, 23, 12, 0, 0, 123_456, UTC)
OWN, THEIRS = "own.warc.gz", "theirs.warc.gz"


def capture(number: int, url: str = "http://a/", *, day: int = 0, **more: Any) -> Capture:
    made = Capture(OWN, 100 * number, 100, f"<urn:uuid:{number}>", "response", DAY + timedelta(days=day), url, 200)
    usual: dict[str, Any] = {"mime": "text/html", "payload_digest": "sha1:A", "is_page": True}
    return replace(made, **usual | more)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    create_journal(tmp_path / "collection.sqlite")
    with Catalogue.open(tmp_path / "collection.sqlite") as opened:
        yield opened


def add(catalogue: Catalogue, *captures: Capture, source: str | None = None) -> WarcFile:
    warc = catalogue.add_warc(OWN if source is None else THEIRS, source)
    return catalogue.append(warc, captures, size=100 * len(captures))


def numbers(captures: list[Capture]) -> list[int]:
    return [one.offset // 100 for one in captures]


def test_captures_come_back_as_they_were(catalogue: Catalogue) -> None:
    put = [capture(0), capture(1, truncated="length"), capture(2, status=None, error="dns", is_page=False, mime=None)]
    warc = add(catalogue, *put)
    assert list(catalogue.captures(warc)) == put
    assert list(catalogue.captures(warc, 1, 2)) == put[1:2]
    warc = catalogue.append(warc, [capture(3)], size=400, closed=True)
    assert catalogue.warcs() == [warc] == [WarcFile(1, OWN, None, 400, 4, closed=True)]
    assert catalogue.add_warc(OWN) == warc
    assert (catalogue.offset_of(warc, 3), catalogue.offset_of(warc, 4)) == (300, None)
    assert catalogue.capture_at(1, 3) == capture(3)
    assert catalogue.capture_at(1, 4) is None


def test_which_responses_have_a_payload(catalogue: Catalogue) -> None:
    add(catalogue, capture(8), source="/elsewhere")
    kinds: list[dict[str, Any]] = [
        {"record_type": "revisit"},
        {"truncated": "length"},
        {"payload_digest": "sha1:B"},
        {},
        {},
    ]
    add(catalogue, *(capture(number, **kind) for number, kind in enumerate(kinds)))
    assert numbers(catalogue.payload("sha1:A")) == [8, 3, 4]
    assert numbers(catalogue.payload("sha1:A", own=True, most=1)) == [3]
    assert sorted(catalogue.payloads()) == ["sha1:A"] * 3 + ["sha1:B"]


def test_a_revisit_that_does_not_tell_is_a_page_if_its_original_is(catalogue: Catalogue) -> None:
    add(catalogue, capture(0), capture(1, payload_digest="sha1:B", is_page=False))
    again: dict[str, Any] = {"record_type": "revisit", "status": 304, "is_page": None}
    warc = add(
        catalogue,
        *(capture(2 + n, payload_digest=digest, **again) for n, digest in enumerate(("sha1:A", "sha1:B", None))),
    )
    assert [one.is_page for one in catalogue.captures(warc)] == [True, False, True, False, False]


def test_the_latest_whole_answer_of_a_url_and_when_it_was_last_in_order(catalogue: Catalogue) -> None:
    add(catalogue, capture(9, day=9), source="/elsewhere")
    add(
        catalogue,
        capture(0, day=2),
        capture(1, day=1),
        capture(2, day=4, record_type="revisit", status=304),
        capture(3, day=3, truncated="time"),
        capture(4, day=5, status=500),
        capture(5, "http://b/", truncated="length"),
        capture(6, "http://c/", status=404),
    )
    told = {one.url: (one.checked, one.location) for one in catalogue.latest_answers()}
    assert told == {"http://a/": (DAY + timedelta(days=4), (2, 0)), "http://b/": (DAY, None)}


def test_what_the_exchanges_of_a_crawl_brought(catalogue: Catalogue) -> None:
    add(catalogue, capture(7), source="/elsewhere")
    first = catalogue.next_warc_id()
    add(
        catalogue,
        capture(0),
        capture(1, status=404, is_page=False),
        capture(2, record_type="revisit", status=304, is_page=False),
        capture(3, record_type="resource", status=None, is_page=False),
        capture(4, record_type="metadata", status=None, error="dns", is_page=False),
    )
    assert catalogue.own_exchanges(first) == ExchangeCounts(4, 1, 1, 1)
    assert catalogue.own_exchanges(first + 1) == ExchangeCounts(0, 0, 0, 0)


def test_urls_are_found_by_a_part_and_captures_by_the_whole(catalogue: Catalogue) -> None:
    add(
        catalogue,
        capture(0, "http://a/Eels"),
        capture(1, "http://a/eels.png", is_page=False),
        capture(2, "http://a/Eels", day=1),
        capture(3, "http://a/%_"),
    )
    assert list(catalogue.urls("EELS")) == ["http://a/Eels", "http://a/eels.png"]
    assert list(catalogue.pages("eels")) == ["http://a/Eels"]
    assert list(catalogue.urls("%")) == ["http://a/%_"]
    assert numbers(catalogue.captures_of(["http://a/Eels", "http://a/none"])) == [0, 2]
    assert numbers(catalogue.answers_at("/eels.png")) == [1]


def test_only_own_files_are_closed(catalogue: Catalogue) -> None:
    add(catalogue, capture(0))
    add(catalogue, capture(1), source="/elsewhere")
    catalogue.close_own_warcs("other.warc.gz")
    assert [warc.closed for warc in catalogue.warcs()] == [False, False]
    catalogue.close_own_warcs()
    assert [warc.closed for warc in catalogue.warcs()] == [True, False]


@given(st.datetimes(timezones=st.just(UTC)))
def test_moments_are_kept_to_the_microsecond(moment: datetime) -> None:
    assert from_microseconds(to_microseconds(moment)) == moment
