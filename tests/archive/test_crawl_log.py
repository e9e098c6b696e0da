"""The crawl log: a line an exchange, in the fields that readers of Heritrix's logs expect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.crawl_log import CODES, crawl_log
from broadsheet.archive.exchange import FetchError
from broadsheet.archive.warc.source import WarcSource


def lines_of(path: Path) -> list[list[str]]:
    return [line.split() for line in crawl_log([WarcSource.of(path)])]


def test_a_line_an_exchange(lab: Any, warc: Any) -> None:
    path, groups = warc
    lines = lines_of(path)
    assert len(lines) == len(groups)
    assert {len(line) for line in lines} == {12}
    when, status, size, url, hops, via, mime, worker, begun, digest, tag, notes = lines[0]
    assert (when, begun) == ("2026-11-24T10:20:30.248Z", "20261124102030123+125")
    assert (status, size, mime) == ("200", "25", "text/html")
    assert (url, hops, via) == ("http://news.example/a", "LE", "http://news.example/")
    assert digest == groups[0].response.payload_digest
    assert (worker, tag, notes) == ("#001", "-", "-")


def test_what_went_wrong_has_heritrixs_codes(lab: Any, warc: Any) -> None:
    path, _ = warc
    by_url = {line[3]: (line[1], line[11]) for line in lines_of(path)}
    assert by_url["http://gone.example/"] == ("-1", "error:dns")
    assert by_url["http://mute.example/"] == ("-4", "error:timeout")
    assert by_url["http://news.example/cut"] == ("200", "disconnectTrunc,error:disconnect")
    assert set(FetchError) - set(CODES) == {FetchError.TOO_LARGE}  # that one has an answer


@pytest.mark.parametrize("url", ["http://a.example/ä b", "http://a.example/x\ty"])
def test_a_url_never_breaks_the_line(lab: Any, tmp_path: Path, url: str) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: a b\r\n\r\n"
    path = tmp_path / "x.warc.gz"
    path.write_bytes(lab.gzip(lab.record(block, lab.fields(block, WARC_Target_URI=url))))
    (line,) = lines_of(path)
    assert len(line) == 12
    assert line[6] == "-"


def test_answers_without_metadata_and_many_of_them(lab: Any, tmp_path: Path) -> None:
    block = b"HTTP/1.1 404 Not Found\r\n\r\nno"
    urls = [f"http://a.example/{number}" for number in range(200)]
    records = [
        lab.record(block, lab.fields(block, WARC_Target_URI=url, WARC_Record_ID=f"<urn:x:{url}>")) for url in urls
    ]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(lab.gzip(*records))
    lines = lines_of(path)
    assert [line[3] for line in lines] == urls
    assert {(line[1], line[2], line[4]) for line in lines} == {("404", "2", "-")}


def test_a_revisit_says_that_it_is_one(lab: Any, tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\n"
    for profile, note in (
        ("identical-payload-digest", "duplicate:digest"),
        ("server-not-modified", "serverNotModified"),
    ):
        fields = lab.fields(
            block, WARC_Type="revisit", WARC_Profile=f"http://netpreserve.org/warc/1.1/revisit/{profile}"
        )
        path = tmp_path / "x.warc.gz"
        path.write_bytes(lab.gzip(lab.record(block, fields)))
        assert lines_of(path)[0][11] == note
