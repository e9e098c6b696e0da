"""The metadata record of an exchange gives back what was put in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.exchange import Exchange, FetchError, Outlink, Provenance
from broadsheet.archive.warc.metadata import metadata_block
from broadsheet.archive.warc.reader import (
    WarcSource,
    parse_metadata,
)
from broadsheet.archive.warc.serialise import url_field
from tests.archive.warc.read_back import read_all


def test_the_metadata_record_gives_back_what_was_put_in(lab: Any, tmp_path: Path) -> None:
    provenance = Provenance(
        "http://a.example/", "LRE", (Outlink("http://b.example/ x", "E", "img/@src"), Outlink("u", "L"))
    )
    exchange = Exchange(
        url="http://a.example/",
        started=lab.moment,
        duration=2.5,
        interim=b"HTTP/1.1 103 Early Hints\r\n\r\n",
        error=FetchError.TIMEOUT,
        error_detail="no answer\r\nin 30 s",
    )
    with lab.writer(tmp_path) as writer:
        writer.write_exchange(exchange, provenance)
    record = read_all(WarcSource.of(next(tmp_path.iterdir())))[0][-1]
    metadata = parse_metadata(record.block)
    assert metadata.provenance.outlinks[0] == Outlink("http://b.example/%20x", "E", "img/@src")
    assert metadata.provenance.outlinks[1:] == provenance.outlinks[1:]
    assert (metadata.provenance.via, metadata.provenance.hops) == (provenance.via, provenance.hops)
    assert (metadata.fetch_time_ms, metadata.error, metadata.error_detail) == (2500, "timeout", "no answer in 30 s")
    assert metadata.interim == exchange.interim
    assert metadata.without_response


texts = st.text(st.characters(codec="utf-8"), max_size=30)


@given(via=st.none() | texts, hops=st.text("LREIS", max_size=5), links=st.lists(st.tuples(texts, texts), max_size=4))
def test_any_provenance_is_one_line_a_field(via: str | None, hops: str, links: list[tuple[str, str]]) -> None:
    outlinks = tuple(Outlink("http://a.example/" + path, "L", context) for path, context in links)
    exchange = Exchange(
        url="http://a.example/", started=datetime.now(UTC), duration=0.0, error=FetchError.TLS, error_detail=via or ""
    )
    metadata = parse_metadata(metadata_block(exchange, Provenance(via, hops, outlinks)))
    assert metadata.provenance.hops == hops
    assert (metadata.provenance.via is None) == (via is None)
    assert (metadata.error, metadata.without_response) == ("tls", True)
    assert len(metadata.provenance.outlinks) == len(outlinks)
    for read, (path, context) in zip(metadata.provenance.outlinks, links, strict=True):
        assert read.hop == "L"
        assert url_field(read.url) == url_field("http://a.example/" + path)
        assert read.context.split() == context.replace("\0", " ").split()
