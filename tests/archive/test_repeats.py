"""Captures under an id that the catalogue has already: which are the same, and which have one id and are others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.journal import create_journal
from broadsheet.archive.repeats import SAME, find_repeats, record_id_of, repeats_of, row_id

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def capture(id_: str, minute: int, digest: str | None) -> Capture:
    when = NOON + timedelta(minutes=minute)
    return Capture("x", 0, 1, id_, "response", when, url="https://a.example/", status=200, payload_digest=digest)


@contextmanager
def catalogue_of(files: list[list[Capture]]) -> Iterator[Catalogue]:
    with TemporaryDirectory() as folder:
        journal = Path(folder) / "journal"
        create_journal(journal)
        with Catalogue.open(journal) as catalogue:
            add(catalogue, files)
            yield catalogue


def add(catalogue: Catalogue, files: list[list[Capture]]) -> None:
    for captures in files:
        warc = catalogue.add_warc(f"{len(catalogue.warcs())}.warc.gz", "elsewhere")
        placed = [replace_offset(one, number) for number, one in enumerate(captures)]
        catalogue.append(warc, placed, size=1, closed=True)


def replace_offset(one: Capture, number: int) -> Capture:
    return Capture("x", number, 1, one.record_id, "response", one.date, one.url, 200, payload_digest=one.payload_digest)


def numbers(catalogue: Catalogue) -> list[list[int | None]]:
    find_repeats(catalogue)
    found = []
    for warc in catalogue.warcs():
        repeats = repeats_of(catalogue, warc, 0, warc.entries)
        found.append([repeats.get(ordinal) for ordinal in range(warc.entries)])
    return found


captures = st.builds(capture, st.sampled_from(["<urn:a>", "<urn:b>"]), st.integers(0, 2), st.sampled_from(["x", "y"]))


@settings(max_examples=15)
@given(st.lists(st.lists(captures, max_size=4), min_size=1, max_size=3), st.lists(captures, max_size=3))
def test_one_row_of_each_capture_and_one_id_of_each_row(files: list[list[Capture]], later: list[Capture]) -> None:
    with catalogue_of(files) as catalogue:
        before = numbers(catalogue)
        add(catalogue, [later])
        after = numbers(catalogue)
        assert after[: len(before)] == before, "rows that were made stay as they are"
        ids: defaultdict[str, list[Capture]] = defaultdict(list)
        flat = [one for some in [*files, later] for one in some]
        for one, number in zip(flat, [number for some in after for number in some], strict=True):
            if number != SAME:
                ids[row_id(one.record_id, number)].append(one)
        assert all(len(some) == 1 for some in ids.values()), "an id stands for two rows"
        assert {some[0] for some in ids.values()} == set(flat), "a capture has no row, or two"
        assert all(record_id_of(id_) == some[0].record_id for id_, some in ids.items())


def test_a_digest_that_only_one_of_them_gives_says_nothing() -> None:
    with catalogue_of([[capture("<urn:a>", 0, None)], [capture("<urn:a>", 0, "x")]]) as catalogue:
        assert numbers(catalogue) == [[None], [SAME]]


def test_without_ids_only_digests_tell() -> None:
    files = [[capture("", 0, None), capture("", 0, None)], [capture("", 1, "x"), capture("", 1, "x")]]
    with catalogue_of(files) as catalogue:
        assert numbers(catalogue) == [[None, 2], [3, SAME]]


def test_a_journal_to_which_nothing_was_added_has_none() -> None:
    with catalogue_of([[capture("<urn:a>", 0, "x")]]) as catalogue:
        assert repeats_of(catalogue, catalogue.warcs()[0], 0, 1) == {}
