"""WARCs of other makers: rows + reasons = what is in them, each row leads to its record, damage costs only itself.

Made by wget (skipped without it), warcio (packed and plain), a plain Scrapy with a writer of its own, zstd by hand, and in the
shape of Common Crawl's: requests and metadata between, payloads cut off, revisits, conversion records.
warcio counts what is in them.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.manifest import read_manifest
from broadsheet.pipelines.derive.extract import ExtractSummary, extract
from broadsheet.pipelines.derive.messages import ExtractorSpec
from broadsheet.pipelines.derive.supervisor import DeriveSupervisor
from broadsheet.pipelines.reconcile.reconcile import reconcile

HERE = Path(__file__).parent
PAGES = 8
ENTRIES = {"response", "revisit", "resource"}


@pytest.fixture(autouse=True)
def _stubs_within_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    monkeypatch.syspath_prepend(str(HERE))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Pages that link to all others, an image, and one that is not there."""
    folder = tmp_path / "site"
    folder.mkdir()
    links = (
        "".join(f'<a href="/{n}.html">{n}</a>' for n in range(PAGES))
        + '<a href="/none.html">-</a><a href="/i.png">i</a>'
    )
    for n in range(PAGES):
        noise = random.Random(n).randbytes(400).hex()  # so that a member is long enough to be damaged in the middle
        (folder / f"{n}.html").write_text(f"<html><body>{links}<p>Page {n} {noise}</p></body></html>")
    (folder / "i.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/0.html"
    server.shutdown()
    server.server_close()


def by_wget(folder: Path, site: str) -> Path:
    if shutil.which("wget") is None:
        pytest.skip("wget is not installed")
    command = ["wget", "-q", "-r", "-e", "robots=off", "--warc-file", str(folder / "w"), "-P", str(folder / "mirror")]
    subprocess.run([*command, site], check=False, timeout=60, cwd=folder)  # 8: something was a 404
    return folder / "w.warc.gz"


def by_scrapy(folder: Path, site: str) -> Path:
    path = folder / "scrapy.warc.gz"
    subprocess.run([sys.executable, str(HERE / "plain_scrapy.py"), site, str(path)], check=True, timeout=60)
    return path


def by_warcio(folder: Path, site: str, *, packed: bool) -> Path:
    path = folder / ("warcio.warc.gz" if packed else "warcio.warc")
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=packed)
        writer.write_record(writer.create_warcinfo_record("x", {"software": "test"}))
        for n in range(PAGES):
            fields = [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")]
            piece = f"<html><p>Page {n} {random.Random(n).randbytes(400).hex()}</p></html>".encode()
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(piece), piece)
            head = StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")
            url = f"http://w.example/{n}"
            answer = writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=head)
            ask = StatusAndHeaders("GET / HTTP/1.0", [], is_http_request=True)
            writer.write_request_response_pair(writer.create_warc_record(url, "request", http_headers=ask), answer)
            again = writer.create_revisit_record(
                url, answer.rec_headers["WARC-Payload-Digest"], url, "2026-01-01T00:00:00Z"
            )
            writer.write_record(again)
        writer.write_record(
            writer.create_warc_record("urn:x", "resource", payload=BytesIO(b"x"), warc_content_type="a/b")
        )
    return path


def by_hand_in_zstd(folder: Path, site: str) -> Path:
    packed = by_warcio(folder, site, packed=True).read_bytes()
    frames, compressor = [], zstandard.ZstdCompressor()
    for piece in packed.split(b"\x1f\x8b\x08")[1:]:
        frames.append(compressor.compress(gzip.decompress(b"\x1f\x8b\x08" + piece)))
    path = folder / "by-hand.warc.zst"
    path.write_bytes(b"".join(frames))
    return path


def record(kind: str, number: int, url: str, block: bytes, *fields: str, content: str = "application/http") -> bytes:
    """One gzip member, as Common Crawl lays it out."""
    identity = hashlib.md5(f"{kind} {url} {number}".encode(), usedforsecurity=False).hexdigest()
    name = f"{identity[:8]}-{identity[8:12]}-{identity[12:16]}-{identity[16:20]}-{identity[20:]}"
    header = [
        "WARC/1.0", f"WARC-Type: {kind}", "WARC-Date: 2026-11-01T00:00:00Z", f"WARC-Record-ID: <urn:uuid:{name}>",
        f"Content-Length: {len(block)}", f"Content-Type: {content}", *([f"WARC-Target-URI: {url}"] if url else []), *fields,
    ]  # fmt: skip
    return gzip.compress("\r\n".join([*header, "", ""]).encode() + block + b"\r\n\r\n", mtime=0)


def by_common_crawl(folder: Path, site: str) -> Path:
    members = [record("warcinfo", 0, "", b"isPartOf: CC-TEST\r\n", content="application/warc-fields")]
    for n in range(PAGES * 2):
        url = f"https://site{n % 3}.example/{n}"
        body = f"<!DOCTYPE html><html><p>Page {n} {random.Random(n).randbytes(400).hex()}</p></html>".encode()
        cut = n % 5 == 1
        status, kind = (
            ("404 Not Found", "text/html")
            if n % 7 == 3
            else ("200 OK", "application/pdf" if n % 7 == 5 else "text/html")
        )
        said = len(body) * (3 if cut else 1)
        head = f"HTTP/1.1 {status}\r\nX-Crawl-Content-Encoding: gzip\r\nContent-Type: {kind}\r\nContent-Length: {said}\r\n\r\n"
        extra = ["WARC-Truncated: length"] if cut else []
        members += [
            record("request", n, url, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
            record("response", n, url, head.encode() + body, "WARC-Identified-Payload-Type: text/html", *extra),
            record(
                "metadata", n, url, b"fetchTimeMs: 12\r\ncharset-detected: UTF-8\r\n", content="application/warc-fields"
            ),
        ]
        if n % 4 == 2:
            profile = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
            members.append(record("revisit", n, url, b"HTTP/1.1 304 Not Modified\r\n\r\n", profile))
        if n % 4 == 3:
            members.append(record("conversion", n, url, b"Page", content="text/plain"))
    path = folder / "CC-TEST-00000.warc.gz"
    path.write_bytes(b"".join(members))
    return path


MAKERS: dict[str, Callable[[Path, str], Path]] = {
    "wget": by_wget,
    "warcio": partial(by_warcio, packed=True),
    "warcio, plain": partial(by_warcio, packed=False),
    "scrapy": by_scrapy,
    "zstd": by_hand_in_zstd,
    "common crawl": by_common_crawl,
}


def entries_of(path: Path) -> list[tuple[str, str, int, int]]:
    """Type, URL, offset and length of what warcio finds that stands for a capture."""
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(path.read_bytes(), read_across_frames=True).read()
        return [(r.rec_type, url_of(r), 0, 0) for r in ArchiveIterator(BytesIO(data)) if r.rec_type in ENTRIES]
    found = []
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for one in records:
            kind, url, offset = one.rec_type, url_of(one), records.get_record_offset()
            one.content_stream().read()
            if kind in ENTRIES:
                found.append((kind, url, offset, records.get_record_length()))
    return found


def url_of(one: Any) -> str:
    return str(one.rec_headers.get_header("WARC-Target-URI")).strip("<>")


def run(path: Path, folder: Path) -> ExtractSummary:
    spec = ExtractorSpec("stub_extractors:stub", "stub000000000001")

    def supervisor(collection: Collection, **given: Any) -> DeriveSupervisor:
        return DeriveSupervisor(collection, spec=spec, **given)

    return extract([path], folder, workers=1, supervisor=supervisor)


def balanced(folder: Path) -> int:
    """The entries of all manifests, in each of which rows + reasons = entries."""
    manifests = [read_manifest(path) for path in (folder / "dataset" / "_manifest").rglob("*.json")]
    for one in manifests:
        assert one.articles + sum(one.reasons.values()) == one.entries
    return sum(one.entries for one in manifests)


def article_rows(folder: Path) -> list[dict[str, Any]]:
    columns = ["url", "warc_record_offset", "warc_record_length"]
    rows: list[dict[str, Any]] = ds.dataset(folder / "dataset" / "articles").to_table(columns=columns).to_pylist()
    return rows


@pytest.mark.slow
@pytest.mark.parametrize("maker", MAKERS)
def test_rows_and_reasons_are_what_is_in_it(tmp_path: Path, site: str, maker: str) -> None:
    path = MAKERS[maker](tmp_path, site)
    found = entries_of(path)
    summary = run(path, tmp_path / "c")
    counts = summary.counts
    assert summary.exit_code == 0
    assert counts.entries == counts.articles + counts.reasons.total() == balanced(tmp_path / "c") == len(found)
    rows = article_rows(tmp_path / "c")
    assert len(rows) == counts.articles >= PAGES
    if path.suffix != ".zst":
        assert {(row["url"], row["warc_record_offset"]) for row in rows} <= {(url, at) for _, url, at, _ in found}
    kinds = Counter(one[0] for one in found)
    assert counts.reasons["resource"] == kinds["resource"]
    # warcio's have their original beside them; Common Crawl's name none, and stand for the answer before them, unless it is cut
    lone = sum(n % 4 == 2 and n % 5 == 1 for n in range(PAGES * 2)) if maker == "common crawl" else 0
    assert counts.reasons["revisit of a record that is not here"] == lone < kinds["revisit"] + 1
    assert list(reconcile(Collection(tmp_path / "c"))) == []


@pytest.mark.slow
@pytest.mark.parametrize("maker", [name for name in MAKERS if name != "zstd"])
def test_damage_in_the_middle_costs_only_itself(tmp_path: Path, site: str, maker: str) -> None:
    path = MAKERS[maker](tmp_path, site)
    found = entries_of(path)
    run(path, tmp_path / "sound")
    pages = [one for one in found if one[0] == "response"]
    hit = [pages[len(pages) // 3], pages[len(pages) // 2 + 1]]
    data = bytearray(path.read_bytes())
    for _, _, offset, length in hit:
        middle = offset + (length // 2 if path.suffix == ".gz" else 0)  # plain: in the middle nobody would notice
        data[middle : middle + 9] = bytes(9)
    path.write_bytes(data)
    summary = run(path, tmp_path / "damaged")
    assert summary.exit_code == 1
    assert len(summary.counts.damage) == len(hit)
    assert balanced(tmp_path / "damaged") == len(found) - len(hit)
    lost = {row["warc_record_offset"] for row in article_rows(tmp_path / "sound")}
    lost -= {row["warc_record_offset"] for row in article_rows(tmp_path / "damaged")}
    lost &= {one[2] for one in pages}  # a revisit goes with its original, and is counted
    assert lost <= {one[2] for one in hit}
    again = run(path, tmp_path / "sound")  # damaged after it was extracted: what is there stays
    assert len(article_rows(tmp_path / "sound")) == again.counts.articles
