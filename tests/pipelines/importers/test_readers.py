"""What each reader makes of a file: addresses, dates, content, and what it leaves out."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_files import har, har_entry, html, mhtml, single_file

from broadsheet.archive.errors import BadInput
from broadsheet.archive.http import parse_request_head, parse_response_head
from broadsheet.pipelines.importers.dates import parse_date
from broadsheet.pipelines.importers.document import Imported, SourceFile
from broadsheet.pipelines.importers.sources import find_sources, read_listing, reader_of

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


def test_an_exchange_of_a_har_can_be_parsed(tmp_path: Path) -> None:
    post = har_entry("https://x.example/f?q=1", "<p>ok</p>")
    post["request"] |= {"method": "POST", "postData": {"text": "a=ü"}}
    [one], left_out = read(tmp_path / "a.har", har(post))
    assert left_out == []
    assert one.exchange.resource is None
    exchange = one.exchange
    head, asked = parse_response_head(exchange.response), parse_request_head(exchange.request)
    assert head.head_length == exchange.head_length
    assert head.get("Content-Encoding") is None
    assert head.get("Content-Type") == "text/html; charset=utf-8"
    assert head.get("Content-Length") == str(len("<p>ok</p>"))
    assert (asked.method, asked.target, asked.get("Host")) == ("POST", "/f?q=1", "x.example")
    assert exchange.request.endswith(b"\r\n\r\na=\xc3\xbc")
    assert (exchange.started, exchange.duration) == (MOMENT, 0.0425)
    assert "not from the wire" in one.origin


def test_what_a_har_has_no_answer_of_is_left_out(tmp_path: Path) -> None:
    entries = [
        har_entry("https://x.example/1", None),
        har_entry("https://x.example/2", "x", status=0),
        har_entry("data:text/html,x", "x"),
        har_entry("https://x.example/3", "%%%", content={"text": "a", "encoding": "base64"}),
        har_entry("https://x.example/4", None, status=301),
        {"request": {}},
        7,
    ]
    found, left_out = read(tmp_path / "a.har", har(*entries))
    assert [one.exchange.url for one in found] == ["https://x.example/4"]
    assert len(left_out) == 6


@given(value=st.text(max_size=30))
def test_no_header_of_a_har_can_break_out_of_its_line(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    entry = har_entry("https://x.example/", "x", statusText=value, headers=[{"name": "X-A", "value": value}])
    [one], _ = read(tmp_path_factory.getbasetemp() / "given.har", har(entry))
    assert one.exchange.resource is None
    assert [name for name, _ in parse_response_head(one.exchange.response).headers] == ["X-A", "Content-Length"]


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"log": {"entries": 3}}', "null"])
def test_what_is_no_har_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadInput, match="is no HAR"):
        read(tmp_path / "a.har", content)


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


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Wed, 04 Mar 2026 10:00:00 GMT", MOMENT),
        (1772618400, MOMENT),
        (1772618400000, MOMENT),
        ("", None),
        ("soon", None),
        (True, None),
        (1e300, None),
    ],
)
def test_dates_are_read_as_they_are_written(text: object, moment: datetime | None) -> None:
    assert parse_date(text) == moment
