"""Hard answers through the capture client and through the whole product: every byte in its place."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import uvloop
from hard_answers import CASES, MAX_SIZE, Case, hard_server
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange
from broadsheet.archive.verify.warc import verify_warc
from broadsheet.archive.warc.metadata import parse_metadata
from broadsheet.archive.warc.reader import WarcSource, read_records
from broadsheet.crawler.client import AddressPolicy, CaptureClient, CaptureRequest, ClientOptions
from broadsheet.crawler.client.framing import FramingError, ResponseFramer

OPTIONS = ClientOptions(timeout=4, idle=2, max_size=MAX_SIZE)
LOCAL = AddressPolicy(named_hosts=frozenset({"127.0.0.1"}))
HEADERS = (("User-Agent", "test"), ("X-Odd", "  kept as it is"))


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_the_client_keeps_every_byte_of_every_case(loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def fetch_all(url: str) -> dict[str, Exchange]:
        async with CaptureClient(OPTIONS, LOCAL) as client:
            # one after the other: answers must not run into the next one over a kept connection
            return {name: await client.fetch(CaptureRequest(url + name, headers=HEADERS)) for name in CASES}

    with hard_server() as server, asyncio.Runner(loop_factory=loop) as runner:
        exchanges = runner.run(fetch_all(server.url))
        for name, case in CASES.items():
            check_exchange(name, case, exchanges[name])
            assert exchanges[name].request == server.requests[name][-1]


def check_exchange(name: str, case: Case, exchange: Exchange) -> None:
    assert exchange.response == case.expected, name
    assert exchange.interim == case.interim, name
    assert exchange.truncated == case.truncated, name
    assert exchange.error == case.error, name
    if exchange.status is not None:
        assert exchange.response[: exchange.head_length].endswith((b"\r\n\r\n", b"\n\n")), name
        assert exchange.status == int(case.final.split(b" ")[1].split(b"\r")[0]), name


@given(st.sampled_from(sorted(CASES)), st.lists(st.integers(1, 40), max_size=30))
def test_pieces_make_no_difference(name: str, sizes: list[int]) -> None:
    case = CASES[name]
    data = case.interim + case.final + case.behind
    if len(data) > 20_000:
        return
    framer, position = ResponseFramer("GET"), 0
    try:
        for size in [*sizes, len(data)]:
            framer.feed(data[position : position + size])
            position += size
            if framer.done:
                break
        if case.end == "close":
            framer.end()
    except FramingError:
        assert case.error == "protocol"
        return
    assert bytes(framer.response) == case.expected
    assert bytes(framer.interim) == case.interim
    assert framer.done == (case.error is None)


@pytest.mark.parametrize("url", ["ftp://x/", "http://", "http://a b/", "http://ü.example/", "http://u:p@127.0.0.1/"])
def test_a_url_that_cannot_be_sent_as_it_is(url: str) -> None:
    async def fetch() -> Exchange:
        async with CaptureClient(OPTIONS, LOCAL) as client:
            return await client.fetch(CaptureRequest(url))

    assert asyncio.run(fetch()).error == "invalid-url"


@pytest.mark.slow
def test_the_product_archives_them_all_under_their_own_names(tmp_path: Path) -> None:
    """Status line, headers, body and request in the WARC are what was sent and received; none lost, none swapped."""
    with hard_server() as server:
        command = [sys.executable, "-m", "broadsheet", "crawl", server.url, "-o", str(tmp_path / "c"), "--delay", "0"]
        command += ["--no-extract", "--retries", "0", "--timeout", "3", "--max-size", str(MAX_SIZE), "-q"]
        subprocess.run(command, check=True, capture_output=True, timeout=280)
        (path,) = Collection(tmp_path / "c").archive.glob("*.warc.gz")
        responses: dict[str, list[bytes]] = {}
        requests: dict[str, list[bytes]] = {}
        failures: dict[str, str | None] = {}
        truncated: dict[str, str | None] = {}
        interim: dict[str, bytes] = {}
        for record in read_records(WarcSource.of(path)):
            name = (record.url or "").removeprefix(server.url)
            if record.record_type == "response":
                responses.setdefault(name, []).append(record.block)
                truncated[name] = record.get("WARC-Truncated")
            elif record.record_type == "request":
                requests.setdefault(name, []).append(record.block)
            elif record.record_type == "metadata":
                metadata = parse_metadata(record.block)
                failures[name], interim[name] = metadata.error, metadata.interim
        for name, case in CASES.items():
            assert responses.get(name, [b""])[0] == case.expected, name
            assert requests[name] == server.requests[name], name
            assert failures[name] == case.error, name
            assert truncated.get(name) == case.truncated, name
            assert interim[name] == case.interim, name
        assert [finding for finding in verify_warc(WarcSource.of(path)) if finding.severity == "error"] == []
        with path.open("rb") as file:  # and a plain reader sees the same names
            plain = [r.rec_headers.get_header("WARC-Target-URI") for r in ArchiveIterator(file, no_record_parse=True)]
        assert {url.removeprefix(server.url) for url in plain if url} >= set(CASES)
