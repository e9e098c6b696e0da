"""CDXJ: lines as cdxj-indexer writes them, sorted, found by halving; a collection's index, and what makes it stale."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from isal import igzip_lib

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.cdxj.build import fresh_index, index_collection, write_index
from broadsheet.archive.cdxj.index import CdxjIndex
from broadsheet.archive.cdxj.line import parse_line
from broadsheet.archive.cdxj.warc_lines import warc_lines
from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.journal import connect
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.warc.record import Damage
from broadsheet.archive.warc.source import WarcSource
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter
from broadsheet.cli import main

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>ice</p>"
RESPONSE = "application/http; msgtype=response"
REQUEST = "application/http; msgtype=request"


def record(kind: str, url: str, block: bytes, content_type: str = RESPONSE, number: int = 1, **fields: str) -> bytes:
    named = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
        "WARC-Date": "2026-11-24T10:00:00.123456Z",
        "WARC-Target-URI": url,
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    header = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items()) + "\r\n"
    return igzip_lib.compress(header.encode() + block + b"\r\n\r\n", 2, igzip_lib.COMP_GZIP, 4, 15)


def sound(damage: Damage) -> None:
    raise AssertionError(damage)


def varied(path: Path) -> Path:
    """Answers, a form sent by POST and one by JSON, a revisit, a resource, a document as metadata, and what has no line."""
    post = b"POST /search HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nq=ice+age&page=2"
    sent = b'POST /api HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"id": 7, "tags": ["a", "b"]}'
    digest = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    path.write_bytes(
        record("warcinfo", "", b"software: test\r\n", "application/warc-fields", 1)
        + record("response", "https://www.a.example/Ice?b=2&a=1#top", HTML, number=2, WARC_Payload_Digest=digest)
        + record("request", "https://www.a.example/Ice?b=2&a=1#top", b"GET /Ice HTTP/1.1\r\n\r\n", REQUEST, 3)
        + record("response", "https://a.example/search", HTML.replace(b"200 OK", b"404 No"), number=4)
        + record("request", "https://a.example/search", post, REQUEST, 5)
        + record("request", "https://a.example/api", sent, REQUEST, 6)
        + record("response", "https://a.example/api", HTML, number=7)
        + record("revisit", "https://b.example/", HTML[:-10], number=8, WARC_Payload_Digest=digest)
        + record("resource", "urn:text:https://a.example/", b"plain", "text/plain", 9)
        + record("metadata", "https://a.example/", b"via: x\r\n", "application/warc-fields", 10)
        + record("metadata", "https://a.example/note", b"{}", "application/json", 11)
        + record("response", "https://m\u00fcnchen.example/\u00e4", b"HTTP/1.1 204 None\r\n\r\n", number=12)
    )
    return path


SHA1_HTML = "sha1:2DH7TMWNGUXOJKD6YQPZ36WFRL27BU45"  # of <p>ice</p>
GIVEN = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
NOTHING = GIVEN  # it is that of no bytes, too
# Held against cdxj-indexer 1.5.0 (``--sort --post-append``), which differs in three: a digest that the record lacks is that
# of no bytes there, a resource has no status, and the last slash of a URN is lost in its key.
LINES = [
    ("example,a)/api?__wb_method=post&id=7&tags=a&tags.2_=b", "https://a.example/api", "text/html", "200", SHA1_HTML),
    ("example,a)/ice?a=1&b=2", "https://www.a.example/Ice?b=2&a=1#top", "text/html", "200", GIVEN),
    ("example,a)/note", "https://a.example/note", "application/json", None, "sha1:X4Q2T2H3YWRYI35QLNH2BBM6BEL3EIBP"),
    ("example,a)/search?__wb_method=post&page=2&q=ice%20age", "https://a.example/search", "text/html", "404", SHA1_HTML),
    ("example,b)/", "https://b.example/", "warc/revisit", "200", GIVEN),
    ("example,xn--mnchen-3ya)/%c3%a4", "https://m\u00fcnchen.example/\u00e4", None, "204", NOTHING),
    (
        "urn:text:https://a.example/", "urn:text:https://a.example/", "text/plain", "200",
        "sha1:NDCG5BGXNUXH42DOKFML6WMJBGV5JZC3",
    ),
]  # fmt: skip


def test_lines_have_the_members_of_cdxj_indexer_in_its_order(tmp_path: Path) -> None:
    path = varied(tmp_path / "v.warc.gz")
    damages: list[Damage] = []
    done = write_index([WarcSource.of(path)], tmp_path / "v.cdxj", damages.append)
    lines = (tmp_path / "v.cdxj").read_bytes().splitlines(keepends=True)
    assert (done.lines, done.size, damages) == (7, (tmp_path / "v.cdxj").stat().st_size, [])
    for line, (key, url, mime, status, digest) in zip(lines, LINES, strict=True):
        found_key, timestamp, told = line.decode("ascii").split(" ", 2)
        members = json.loads(told)
        assert (found_key, timestamp) == (key, "20261124100000")
        order = [
            name for name in ("url", "mime", "status", "digest", "length", "offset", "filename") if name in members
        ]
        assert list(members) == order + (["requestBody", "method"] if "method" in members else [])
        said = (members["url"], members.get("mime"), members.get("status"), members["digest"], members["filename"])
        assert said == (url, mime, status, digest, "v.warc.gz")
        assert all(isinstance(value, str) for value in members.values())
        assert parse_line(line).to_bytes() == line
    assert lines[0].endswith(b'"requestBody": "id=7&tags=a&tags.2_=b", "method": "POST"}\n')


def collection(folder: Path, count: int = 40, warc_size: int = 6_000) -> Collection:
    """A collection with several closed WARCs that its journal knows, as a crawl leaves it."""
    made = Collection.create(folder)
    moment = datetime(2026, 11, 24, 10, tzinfo=UTC)
    writer = WarcWriter(made.archive, prefix="c", info=WarcInfo(software="test", is_part_of="test"), max_size=warc_size)
    dice = random.Random(4)
    with closing(connect(made.journal)) as db:
        catalogue = Catalogue(db)
        with writer:
            for number in range(count):
                head = b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=x\r\n\r\n"
                exchange = Exchange(
                    f"http://{dice.choice('abc')}.example/{dice.randrange(20)}?x={number}", moment, 0.1,
                    request=b"GET / HTTP/1.1\r\n\r\n", response=head + dice.randbytes(300), head_length=len(head), status=200,
                )  # fmt: skip
                capture = writer.write_exchange(exchange, Provenance(None, "")).main
                with catalogue.transaction():
                    catalogue.append(catalogue.add_warc(capture.warc_filename), [capture], size=0, closed=True)
    return made


def test_the_journal_gives_the_lines_that_the_records_give(tmp_path: Path) -> None:
    made = collection(tmp_path / "c")
    done = index_collection(made, sound)
    assert done is not None
    assert (done.lines, done.read) == (40, 0)
    assert done.warcs > 2
    sources = [WarcSource.of(path) for path in sorted(made.archive.iterdir())]
    write_index(sources, tmp_path / "read.cdxj", sound)
    assert done.path.read_bytes() == (tmp_path / "read.cdxj").read_bytes()
    assert fresh_index(done.path.parent, sources) == done.path


def test_an_index_of_other_warcs_is_stale(tmp_path: Path) -> None:
    made = collection(tmp_path / "c")
    folder = made.directory / "indexes"
    done = index_collection(made, sound)
    assert done is not None

    def fresh() -> Path | None:
        return fresh_index(folder, [WarcSource.of(path) for path in made.archive.iterdir()])

    varied(made.archive / "other.warc.gz")
    assert fresh() is None
    again = index_collection(made, sound)
    assert again is not None
    assert (again.lines, again.read) == (47, 1)
    assert fresh() == again.path
    with (made.archive / "other.warc.gz").open("ab") as file:
        file.write(b"more")
    assert fresh() is None
    (made.archive / "other.warc.gz").unlink()
    assert fresh() is None
    index_collection(made, sound)
    assert fresh() is not None
    again.path.write_bytes(again.path.read_bytes()[:-1])
    assert fresh() is None
    (folder / "index.json").write_bytes(b"[]")
    assert fresh() is None


def test_damage_costs_only_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = varied(tmp_path / "v.warc.gz")
    whole = bytearray(path.read_bytes())
    whole[230] ^= 0xFF  # in the first response
    path.write_bytes(bytes(whole))
    with pytest.raises(SystemExit) as stopped:
        main(["index", str(path), "-o", str(tmp_path / "v.cdxj"), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert stopped.value.code == 1
    assert (told["index"]["lines"], len(told["damages"])) == (6, 1)


def test_without_304s_and_no_other_line_less(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For replay tools that answer with a 304 as it lies there; the verifier misses the line of any other revisit."""
    url, not_modified = "http://a.example/", HTML.partition(b"\r\n\r\n")[0].replace(b"200 OK", b"304 Not Modified")
    (tmp_path / "v.warc.gz").write_bytes(
        record("response", url, HTML, number=1)
        + record("revisit", url, not_modified + b"\r\n\r\n", number=2)
        + record("revisit", url, HTML[:-10], number=3)
        + record("response", "http://a.example/unasked", not_modified + b"\r\n\r\n", number=4)
    )
    index = tmp_path / "v.cdxj"

    def run(*arguments: str) -> str:
        with pytest.raises(SystemExit):
            main(list(arguments))
        return capsys.readouterr().out

    run("index", str(tmp_path / "v.warc.gz"), "-o", str(index))
    assert [(one.mime, one.status) for one in CdxjIndex(index)] == [
        ("text/html", 200),
        ("warc/revisit", 200),
        ("warc/revisit", 304),
        ("text/html", 304),
    ]
    run("index", str(tmp_path / "v.warc.gz"), "-o", str(index), "--no-304")
    assert [(one.mime, one.status) for one in CdxjIndex(index)] == [
        ("text/html", 200),
        ("warc/revisit", 200),
        ("text/html", 304),
    ]
    assert "index-missing" not in run("verify", str(tmp_path), "--json")
    index.write_bytes(b"".join(line for line in index.read_bytes().splitlines(True) if b"revisit" not in line))
    assert "index-missing" in run("verify", str(tmp_path), "--json")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{tmp}/v.warc.gz"], "nowhere to go"),
        (["{tmp}/none"], "no such file"),
        (["{tmp}/none.warc.gz", "-o", "{tmp}/x"], "no such file"),
        (["{tmp}/v.warc.gz", "-o", "{tmp}"], "is a folder"),
        (["{tmp}/v.warc.gz", "-o", "{tmp}/none/x"], "lies in a folder that is not there"),
        (["{tmp}/empty", "-o", "{tmp}/x"], "holds no WARC"),
    ],
)
def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    varied(tmp_path / "v.warc.gz")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SystemExit) as stopped:
        main(["index", *(argument.format(tmp=tmp_path) for argument in arguments)])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


@pytest.mark.slow
def test_killed_while_it_indexes_the_index_before_stays(tmp_path: Path) -> None:
    made = collection(tmp_path / "c", count=3000, warc_size=100_000)
    done = index_collection(made, sound)
    assert done is not None
    before = done.path.read_bytes()
    for moment in (0.25, 0.4, 0.5, 0.6):
        process = subprocess.Popen([sys.executable, "-m", "broadsheet", "index", str(made.directory), "-q"])
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert done.path.read_bytes() == before
    again = index_collection(made, sound)
    assert again is not None
    assert again.path.read_bytes() == before
    sources = [WarcSource.of(path) for path in made.archive.iterdir()]
    assert fresh_index(again.path.parent, sources) == again.path


def test_an_indexed_collection_is_replayed_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = collection(tmp_path / "c")
    done = index_collection(made, sound)
    assert done is not None
    monkeypatch.setattr("broadsheet.archive.replay.capture_index.warc_lines", None)
    captures = CaptureIndex.open([made.directory], tmp_path)
    parsed_lines = list(CdxjIndex(done.path))
    assert [capture.line for parsed in parsed_lines for capture in captures.lookup(parsed.urlkey)] == parsed_lines
    assert all(capture.source.path.parent == made.archive for capture in captures.prefix("example,", 100))


def test_index_and_replay_agree_on_what_is_there(tmp_path: Path) -> None:
    path = varied(tmp_path / "v.warc.gz")
    keys = sorted(parsed.urlkey for parsed in warc_lines(WarcSource.of(path), sound))
    assert keys == sorted(key for key, *_ in LINES)
