"""Rows of one article under several URLs name the primary one; others do not; the same rows give the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from small_warcs import MOMENT, answered, write_warc

from broadsheet.api import Collection as Rows
from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange, Truncation
from broadsheet.pipelines.dataset import variants
from broadsheet.pipelines.derive.extract import extract
from broadsheet.pipelines.reconcile.reconcile import reconcile

BASE = "https://a.example"


def page(title: str, canonical: str = "", text: str = "") -> str:
    text = text or " ".join(
        f"Sentence {number} of {title} is one that only this story has in it." for number in range(12)
    )
    link = f'<link rel=canonical href="{BASE}{canonical}">' if canonical else ""
    body = f"<article><h1>{title}</h1><p>{text}</p></article>"
    return f"<html><head><title>{title}</title>{link}</head><body>{body}</body></html>"


PAGES = [
    ("/one?print=1", page("The first story", "/one", "Printed, it says less than the page does, and has few words.")),
    ("/one", page("The first story", "/one")),
    ("/two/", page("The second story")),
    ("/two/index.html?from=home", page("The second story")),
    ("/three", page("The third story", "/nowhere")),  # its canonical was never captured
    ("/four", page("The fourth story", "/five")),
    ("/five", page("The fifth story", "/six")),  # which says of itself that it is another one
    ("/short/1", page("A stub", text="Log in to read.")),
    ("/short/2", page("A stub", text="Log in to read.")),
]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    exchanges = [
        answered(BASE + path, body, moment=MOMENT + timedelta(seconds=number))
        for number, (path, body) in enumerate(PAGES)
    ]
    exchanges.append(
        answered(BASE + "/two/", page("The second story"), moment=MOMENT + timedelta(days=5))
    )  # a later version
    extract([write_warc(tmp_path / "w", "w", exchanges)], tmp_path / "c", workers=1)
    return Collection.open(tmp_path / "c")


def labels(collection: Collection) -> list[tuple[str, str | None]]:
    rows = sorted(Rows.open(collection.directory).articles(), key=lambda row: row.fetch_time or MOMENT)
    urls = {row.id: row.url.removeprefix(BASE) for row in rows}
    return [(row.url.removeprefix(BASE), row.duplicate_of and urls[row.duplicate_of]) for row in rows]


def digests(collection: Collection) -> dict[str, str]:
    found = sorted((collection.dataset / "articles").rglob("*.parquet"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def test_variants_name_the_primary_row_and_versions_and_strangers_do_not(collection: Collection) -> None:
    assert labels(collection) == [
        ("/one?print=1", "/one"),
        ("/one", None),
        ("/two/", None),
        ("/two/index.html?from=home", "/two/"),
        ("/three", None),
        ("/four", None),
        ("/five", None),
        ("/short/1", None),
        ("/short/2", None),
        ("/two/", None),
    ]
    assert not [finding for finding in reconcile(collection) if finding.severity == "error"]


def test_an_answer_that_broke_off_is_a_duplicate_of_the_next_whole_one(tmp_path: Path) -> None:
    def at(minute: int, path: str, part: float = 1.0, why: Truncation = Truncation.DISCONNECT) -> Exchange:
        whole: Exchange = answered(BASE + path, page(f"The story of {path}"), moment=MOMENT + timedelta(minutes=minute))
        return (
            whole
            if part == 1
            else replace(whole, response=whole.response[: int(len(whole.response) * part)], truncated=why)
        )

    exchanges = [
        at(0, "/a", 0.5),
        at(1, "/a", 0.6, Truncation.TIME),
        at(2, "/a"),
        at(3, "/a"),  # a version
        at(4, "/a", 0.5),  # of an update; nothing came after it
        at(5, "/b", 0.5),
        at(6, "/c", 0.5, Truncation.LENGTH),  # as long as was wanted
        at(7, "/c"),
        at(8, "/d", 0.5),  # none of it came whole: the longest
        at(9, "/d", 0.8),
        at(10, "/d", 0.5),
    ]
    extract([write_warc(tmp_path / "w", "w", exchanges)], tmp_path / "c", workers=1)
    rows = sorted(Rows.open(tmp_path / "c").articles(), key=lambda row: row.fetch_time or MOMENT)
    minutes = {row.id: (row.fetch_time - MOMENT).seconds // 60 for row in rows if row.fetch_time}
    assert {minutes[row.id]: minutes[row.duplicate_of] for row in rows if row.duplicate_of} == {0: 2, 1: 2, 8: 9, 10: 9}
    assert len(rows) == 11


def test_labelling_again_changes_nothing_and_mends_what_a_kill_left(collection: Collection) -> None:
    before = digests(collection)
    assert variants.label_current(collection) == 2
    assert digests(collection) == before
    (digest,) = before.values()
    (manifest,) = (collection.dataset / "_manifest").rglob("*.json")
    manifest.write_text(manifest.read_text().replace(digest, "0" * 64))  # killed between the file and its manifest
    assert variants.label_current(collection) == 2
    assert digests(collection) == before
    assert digest in manifest.read_text()
