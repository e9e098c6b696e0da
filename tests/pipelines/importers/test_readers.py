"""What each reader makes of a file: addresses, dates, content, and what it leaves out."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_files import html, mhtml, single_file

from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.importers.document import Imported, SourceFile
from broadsheet.pipelines.importers.sources import reader_of

SAVED = datetime(2026, 1, 1, tzinfo=UTC)
MOMENT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def read(path: Path, content: str | bytes, **told: object) -> tuple[list[Imported], list[str]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    left_out: list[str] = []
    file = SourceFile(path, path.name, SAVED, **told)  # type: ignore[arg-type]
    return list(reader_of(path)(file, left_out.append)), left_out


def documents(found: list[Imported]) -> list[tuple[str, datetime, bool]]:
    return [(one.exchange.url, one.exchange.started, one.dated) for one in found if one.exchange.resource is not None]


@pytest.mark.parametrize(
    ("page", "url", "date"),
    [
        (single_file("https://s.example/a?b=1&amp;c"), "https://s.example/a?b=1&amp;c", MOMENT),
        (f"<!-- saved from url=(0021)https://b.example/x -->{html(1)}", "https://b.example/x", None),
        (html(1, "<link href='https://c.example/y?a=1&amp;b' rel=canonical>"), "https://c.example/y?a=1&b", None),
        (html(1, '<meta property="og:url" content="https://o.example/z">'), "https://o.example/z", None),
        (html(1, '<link rel="canonical" href="/relative">'), None, None),
        (html(1), None, None),
    ],
)
def test_an_html_file_says_its_address(tmp_path: Path, page: str, url: str | None, date: datetime | None) -> None:
    path = tmp_path / "a page.html"
    found, left_out = read(path, page)
    assert documents(found) == [(url or path.as_uri(), date or SAVED, date is not None)]
    assert left_out == []


def test_a_listing_wins_over_what_a_page_says(tmp_path: Path) -> None:
    found, _ = read(tmp_path / "a.html", single_file("https://s.example/"), url="https://l.example/", date=MOMENT)
    assert documents(found) == [("https://l.example/", MOMENT, True)]


@pytest.mark.parametrize("content", ["", " \n", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"])
def test_a_file_without_html_is_refused(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(BadInput, match="holds no HTML"):
        read(tmp_path / "a.html", content)


def test_the_parts_of_an_mhtml_lie_at_their_addresses(tmp_path: Path) -> None:
    found, left_out = read(tmp_path / "a.mhtml", mhtml("https://m.example/three"))
    assert documents(found) == [
        (url, MOMENT, True) for url in ("https://m.example/three", "https://m.example/dog.png", "cid:css-1@m.example")
    ]
    assert [one.exchange.resource for one in found] == [
        "text/html; charset=utf-8", "image/png", "text/css",
    ]  # fmt: skip
    assert found[1].exchange.response == b"\x89PNG\r\n\x1a\n"
    assert len(left_out) == 1


@pytest.mark.parametrize("content", ["", "x", "MIME-Version: 1.0\n\nno page"])
def test_what_is_no_mhtml_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadInput, match="no MHTML"):
        read(tmp_path / "a.mhtml", content)


def test_json_lines_are_read_one_by_one_and_a_bad_one_costs_itself(tmp_path: Path) -> None:
    good = {"url": "https://j.example/1", "html": html(1), "date": "2026-03-04T11:00:00+01:00"}
    lines = [good, {"url": "j.example", "html": "x"}, {"url": "https://j.example/2"}, {**good, "date": "soon"}, [1]]
    text = "".join(f"{json.dumps(line)}\n" for line in lines) + "{cut\n\n"
    for name, content in (("a.jsonl", text.encode()), ("b.jsonl.gz", gzip.compress(text.encode()))):
        found, left_out = read(tmp_path / name, content)
        assert documents(found) == [("https://j.example/1", MOMENT, True)]
        assert [line.partition(": ")[2].split(" (")[0] for line in left_out] == [
            "has no absolute URL", "has no html", "has a date that cannot be read", "is no object", "is no JSON",
        ]  # fmt: skip


def test_damaged_gzip_ends_the_file_and_is_told(tmp_path: Path) -> None:
    line = json.dumps({"url": "https://j.example/1", "html": html(1)}).encode() + b"\n"
    found, left_out = read(tmp_path / "a.jsonl.gz", gzip.compress(line) + gzip.compress(line * 50)[:-20])
    assert found
    assert "damaged behind line" in left_out[0]
