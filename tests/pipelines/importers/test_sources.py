"""Which files are read, by which reader, and what a listing says of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_files import html

from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.importers.sources import find_sources, read_listing

MOMENT = datetime(2026, 3, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "why"),
    [("a.warc.gz", "broadsheet extract"), ("a.warc.wet.gz", "text of pages"), ("a.pdf", "of no kind")],
)
def test_other_kinds_are_refused_with_a_reason(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(BadInput, match=why):
        find_sources([tmp_path / name], None, tmp_path / "out")


@pytest.mark.parametrize(
    "text",
    [
        "file,url,date\nsub/b.html,https://l.example/b,2026-03-04T10:00:00Z\na.html,https://l.example/a,\n",
        '{"file": "sub/b.html", "url": "https://l.example/b", "date": "20260304100000"}\n'
        '{"path": "./a.html", "url": "https://l.example/a"}\n',
    ],
)
def test_a_listing_names_addresses_and_dates(tmp_path: Path, text: str) -> None:
    pages = tmp_path / "pages"
    (pages / "sub").mkdir(parents=True)
    for name in ("a.html", "sub/b.html", "c.html"):
        (pages / name).write_text(html(name))
    listing = pages / "list.jsonl"
    listing.write_text(text)
    sources, others = find_sources([pages], listing, tmp_path / "out")
    assert {(one.name, one.url, one.date) for one in sources} == {
        ("a.html", "https://l.example/a", None),
        ("c.html", None, None),
        ("sub/b.html", "https://l.example/b", MOMENT),
    }
    assert others == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("url\nhttps://a.example/\n", "no column file"),
        ("file,url\na.html,a.example\n", "not an absolute URL"),
        ("file,url,date\na.html,https://a.example/,soon\n", "is no date"),
        ("file,url\n,https://a.example/\n", "names no file"),
        ("{bad\n", "is no JSON"),
    ],
)
def test_a_wrong_listing_is_refused_by_line(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(BadInput, match=why):
        read_listing(path)
