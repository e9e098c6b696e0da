"""WARCs read from S3 and a dataset published there, through a proxy that answers 500 and cuts connections.

The store is moto's, a process with an environment of its own, which uv makes: its pins and ours do not agree.
BROADSHEET_MOTO_SERVER names a ``moto_server`` that is to be taken instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from click.testing import CliRunner
from small_warcs import answered, write_warc

from broadsheet.archive import storage
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BrokenEnvironment
from broadsheet.archive.exchange import Exchange
from broadsheet.cli import cli
from broadsheet.pipelines.compact.compact import compact
from broadsheet.pipelines.dataset.manifest import REPEATED, read_manifest
from broadsheet.pipelines.dataset.mirror import publish_dataset
from broadsheet.pipelines.dataset.supersede import supersede_captures
from broadsheet.pipelines.derive.extract import extract

_NAMED, _UV = os.environ.get("BROADSHEET_MOTO_SERVER"), shutil.which("uv")
_MOTO = [_NAMED] if _NAMED else [_UV or "uv", "tool", "run", "--quiet", "--from", "moto[server]==5.2.5", "moto_server"]
START_SECONDS = 120.0  # the first time it is installed
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (_NAMED or _UV), reason="no uv to get moto with")]
MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Proxy:
    """Passes connections on; every so many requests it answers 500, or cuts the answer after *cut* bytes."""

    def __init__(self, upstream: int) -> None:
        self.faults = {"500": 0, "cut": 0}
        self.requests = 0
        self.every_500 = self.every_cut = 0
        self._upstream = upstream
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.requests += 1
            if self.every_500 and self.requests % self.every_500 == 0:
                self.faults["500"] += 1
                writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            cut = bool(self.every_cut) and self.requests % self.every_cut == 0
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
            up_writer.write(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            pump = asyncio.ensure_future(_copy(reader, up_writer))
            if cut:
                self.faults["cut"] += 1
                writer.write(await up_reader.read(600))
            else:
                await _copy(up_reader, writer)
            pump.cancel()
            up_writer.close()
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(65536):
        target.write(piece)
        await target.drain()


@pytest.fixture(scope="module")
def moto_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [*_MOTO, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
    )
    try:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        request = urllib.request.Request(f"http://127.0.0.1:{port}/news", method="PUT")
        urllib.request.urlopen(request, timeout=10).close()
        yield port
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # uv, and the server that it runs
        process.wait()


@pytest.fixture
def proxy(moto_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    made = Proxy(moto_port)
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{made.port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    storage._file_system.cache_clear()
    yield made
    storage._file_system.cache_clear()
    made.close()


def warc(folder: Path, count: int) -> Path:
    dice = random.Random(1)

    def exchanges() -> Iterator[Exchange]:
        for n in range(count):
            text = "".join(f"<p>Sentence {i} of article {n} is long enough to be kept.</p>" for i in range(9))
            noise = dice.randbytes(15_000).hex()
            yield answered(
                f"http://a.example/{n}", f"<html><body><!--{noise}--><article>{text}</article></body></html>"
            )

    path: Path = write_warc(folder, "w", exchanges())
    return path


def test_the_bytes_of_a_local_run_whatever_the_way_does(
    tmp_path: Path, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = warc(tmp_path / "news" / "in", 60)
    storage.put_object(f"s3://news/in/{path.name}", path.read_bytes())
    proxy.every_500, proxy.every_cut = 5, 7
    arguments = ["extract", "s3://news/in/", "-o", "s3://news/out", "--work", str(tmp_path / "work"), "--quiet"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    proxy.every_500 = proxy.every_cut = 0
    assert min(proxy.faults.values()) > 0
    stored = {one.url: storage.read_object(one.url) for one in storage.list_objects("s3://news/out")}
    work = Collection(tmp_path / "work")
    assert {
        url.removeprefix("s3://news/out/dataset/"): hashlib.sha256(data).digest() for url, data in stored.items()
    } == {
        file.relative_to(work.dataset).as_posix(): hashlib.sha256(file.read_bytes()).digest()
        for file in work.dataset.rglob("*")
        if file.is_file()
    }
    assert publish_dataset(work, "s3://news/out") == 0
    copy = tmp_path / "news" / "in" / path.name
    assert storage.read_object(f"s3://news/in/{path.name}") == copy.read_bytes()
    local = tmp_path / "local"
    counts = extract([copy, "s3://news/in/"], local, workers=1).counts
    assert (counts.articles, counts.reasons[REPEATED]) == (60, 60)  # mixed: both are read, and are the same
    columns = ["url", "title", "text", "warc_record_offset", "warc_record_length", "warc_record_id"]
    rows = ds.dataset(local / "dataset" / "articles").to_table(columns=[*columns, "warc_filename"]).to_pylist()
    here = [row for row in rows if row.pop("warc_filename") == path.name]
    assert here == ds.dataset(work.dataset / "articles").to_table(columns=columns).to_pylist()
    compact(work.directory, target_bytes=1, grace=0)
    with monkeypatch.context() as patch:
        patch.setattr("broadsheet.pipelines.dataset.mirror.delete_object", _cut)
        with pytest.raises(BrokenEnvironment):
            publish_dataset(work, "s3://news/out")
    publish_dataset(work, "s3://news/out")  # what was replaced is gone, whenever the run before ended
    assert {one.url.removeprefix("s3://news/out/dataset/") for one in storage.list_objects("s3://news/out")} == {
        file.relative_to(work.dataset).as_posix() for file in work.dataset.rglob("*") if file.is_file()
    } - {"_generation"}


def test_a_wacz_below_a_prefix(tmp_path: Path, proxy: Proxy) -> None:
    path = warc(tmp_path / "in", 20)
    with zipfile.ZipFile(tmp_path / "one.wacz", "w") as archive:
        archive.write(path, f"archive/{path.name}")
    storage.put_object("s3://news/packed/one.wacz", (tmp_path / "one.wacz").read_bytes())
    proxy.every_500, proxy.every_cut = 5, 7
    assert extract(["s3://news/packed"], tmp_path / "c", workers=1, profiles=False).counts.articles == 20
    assert extract(["s3://news/packed"], tmp_path / "c", workers=1, profiles=False).derived == 0
    assert min(proxy.faults.values()) > 0


def test_captures_that_moved_are_not_left_in_the_store(tmp_path: Path, proxy: Proxy) -> None:
    """As an extraction made before schema 1.1 is superseded: its captures lay outside the folders of months."""
    extract([warc(tmp_path / "in", 3)], tmp_path / "c", workers=1, profiles=False)
    collection = Collection(tmp_path / "c")
    (captures,) = (collection.dataset / "captures").rglob("*.parquet")
    (place,) = (collection.dataset / "_manifest").rglob("*.json")
    now, early = read_manifest(place), collection.dataset / "captures" / captures.name
    shutil.copy(captures, early)
    captures.unlink()
    new, old = (one.relative_to(collection.dataset).as_posix() for one in (captures, early))
    place.write_text(place.read_text().replace(new, old))

    def stored() -> set[str]:
        below = "s3://news/moved/dataset/captures/"
        return {
            one.url.removeprefix(below) for one in storage.list_objects("s3://news/moved") if one.url.startswith(below)
        }

    assert publish_dataset(collection, "s3://news/moved") == 1
    assert stored() == {early.name}
    captures.parent.mkdir(exist_ok=True)
    shutil.copy(early, captures)
    supersede_captures(collection, now.part, now.files)
    assert not early.exists()
    assert publish_dataset(collection, "s3://news/moved") == 1
    assert stored() == {f"{captures.parent.name}/{captures.name}"}


def _cut(url: str) -> None:
    raise BrokenEnvironment(url, "cut off")


def test_reading_anywhere(tmp_path: Path, proxy: Proxy) -> None:
    data = random.Random(2).randbytes(3_000_000)
    storage.put_object("s3://news/blob", data)
    proxy.every_500, proxy.every_cut = 3, 4
    dice = random.Random(3)
    with storage.RemoteFile("s3://news/blob") as file:
        for _ in range(6):
            start = dice.randrange(len(data))
            file.seek(start)
            assert file.read(1000) == data[start : start + file.tell() - start]
        file.seek(0)
        assert file.read() == data
    assert min(proxy.faults.values()) > 0


def test_what_is_not_there(proxy: Proxy) -> None:
    with pytest.raises(BadInput, match="no such bucket"):
        storage.list_objects("s3://nowhere/x")
    with pytest.raises(BadInput, match="no such object"):
        storage.read_object("s3://news/missing")


def test_an_endpoint_that_is_down(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(storage, "ATTEMPTS", 2)
    storage._file_system.cache_clear()
    with pytest.raises(BrokenEnvironment, match="AWS_ENDPOINT_URL"):
        storage.list_objects("s3://news/x")
