"""Totals, tables and the timeline of a small catalogue, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive import statistics
from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.journal import create_journal
from broadsheet.archive.statistics import Bar, Count, ErrorCount, Timeline, Totals

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def capture(number: int, seconds: float = 0, **more: Any) -> Capture:
    date = NOON + timedelta(seconds=seconds)
    made = Capture("w.warc.gz", 1000 * number, 100, f"<urn:uuid:{number}>", "response", date, "http://a.example/", 200)
    return replace(made, **{"mime": "text/html", "payload_digest": f"sha1:{number}"} | more)


CAPTURES = (
    capture(0, url="dns:a.example", record_type="resource", status=None, mime="text/dns", payload_digest="sha1:d"),
    capture(1, 1),
    capture(2, 2, record_type="revisit", payload_digest="sha1:1", length=50),
    capture(3, 3, truncated="length", length=4000, mime=None, url="http://me@A.example:8080/x"),
    capture(4, 4, status=404, payload_digest=None),
    capture(5, 5, status=None, error="timeout", mime=None, payload_digest=None, url="http://slow.example/1"),
    capture(6, 6, status=None, error="timeout", mime=None, payload_digest=None, url="http://slow.example/2"),
    capture(7, 7, status=None, error="dns", mime=None, payload_digest=None, url="http://none.example/"),
    capture(8, 101, record_type="metadata", status=None, mime=None, payload_digest=None, url="http://[broken/"),
)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Catalogue]:
    create_journal(tmp_path / "collection.sqlite")
    with Catalogue.open(tmp_path / "collection.sqlite") as opened:
        yield opened


@pytest.fixture
def catalogue(empty: Catalogue) -> Catalogue:
    empty.append(empty.add_warc("w.warc.gz"), CAPTURES, size=9000)
    return empty


def test_of_an_empty_catalogue_everything_is_zero(empty: Catalogue) -> None:
    assert statistics.totals(empty) == Totals(None, None, 0, 0, 0, 0, 0)
    assert statistics.timeline(empty, 10) == Timeline((), 0.0)
    assert statistics.sizes(empty, [10]) == [Count("0", 0), Count("1", 0)]
    assert [ask(empty) for ask in (statistics.statuses, statistics.media_types, statistics.hosts)] == [[], [], []]
    assert statistics.errors(empty, 3) == []


def test_totals_leave_out_what_names_resolved_to(catalogue: Catalogue) -> None:
    begun, ended = NOON + timedelta(seconds=1), NOON + timedelta(seconds=101)
    assert statistics.totals(catalogue) == Totals(
        begun, ended, captures=8, answers=7, revisits=1, repeated=1, truncated=1
    )


def test_tables_have_the_most_frequent_first_and_equals_by_name(catalogue: Catalogue) -> None:
    assert statistics.statuses(catalogue) == [Count("(not HTTP)", 3, 300), Count("200", 3, 4150), Count("404", 1, 100)]
    assert statistics.media_types(catalogue) == [Count("(none)", 4, 4300), Count("text/html", 3, 250)]
    assert statistics.hosts(catalogue) == [
        Count("a.example", 3, 250),
        Count("slow.example", 2, 200),
        Count("(none)", 1, 100),
        Count("a.example:8080", 1, 4000),
        Count("none.example", 1, 100),
    ]
    assert statistics.errors(catalogue, 1) == [
        ErrorCount("timeout", 2, ("http://slow.example/1",)),
        ErrorCount("dns", 1, ("http://none.example/",)),
    ]


def test_a_size_at_a_limit_is_beyond_it(catalogue: Catalogue) -> None:
    assert statistics.sizes(catalogue, [100, 101, 4001]) == [
        Count("0", 1, 50),
        Count("1", 6, 600),
        Count("2", 1, 4000),
        Count("3", 0, 0),
    ]


def test_a_timeline_has_its_gaps_and_its_last_moment(catalogue: Catalogue) -> None:
    found = statistics.timeline(catalogue, 4)
    assert found.seconds == pytest.approx(25, abs=0.001)
    assert [(bar.count, bar.size) for bar in found.bars] == [(7, 4550), (0, 0), (0, 0), (1, 100)]
    assert found.bars[0] == Bar(NOON + timedelta(seconds=1), 7, 4550)
    assert len(statistics.timeline(catalogue, 1).bars) == 1
    assert sum(bar.count for bar in statistics.timeline(catalogue, 1000).bars) == 8
