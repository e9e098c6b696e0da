"""Derivation on Dask: the bytes of one machine, whatever the cluster, and whoever in it is killed when."""

from __future__ import annotations

import hashlib
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from small_warcs import answered, write_warc

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment
from broadsheet.pipelines.derive.engine import Engine, open_engine
from broadsheet.pipelines.derive.extract import ExtractSummary, extract
from broadsheet.pipelines.derive.messages import ExtractorSpec
from broadsheet.pipelines.reconcile.reconcile import reconcile

HERE = Path(__file__).parent
MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
PARTS, ENTRIES = 12, 7


@pytest.fixture(autouse=True)
def _small_parts_and_stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setattr("broadsheet.pipelines.derive.parts.PART_ENTRIES", ENTRIES)


def warc(folder: Path, urls: list[str]) -> Path:
    def page(url: str) -> str:
        lines = "".join(f"<p>Sentence {n} of the article at {url}, long enough to count.</p>" for n in range(9))
        return f"<html><body><nav>Home News</nav><article>{lines}</article></body></html>"

    path: Path = write_warc(folder, "w", [answered(url, page(url)) for url in urls])
    return path


def pages() -> list[str]:
    return [f"http://a.example/{n}" for n in range(PARTS * ENTRIES)]


def run(path: Path, folder: Path, engine: Engine, factory: str = "stub", **options: Any) -> ExtractSummary:
    spec = ExtractorSpec(f"stub_extractors:{factory}", "stub000000000001")

    def derivation(collection: Collection, **given: Any) -> Any:
        return engine(collection, spec=spec, **given, **options)

    return extract([path], folder, workers=2, supervisor=derivation)


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in (folder / "dataset").rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A scheduler and workers in processes of their own, each of which can be killed."""

    def __init__(self, workers: int) -> None:
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.start_scheduler()
        for n in range(workers):
            self.start_worker(n)

    @property
    def engine(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        self._start("scheduler", "dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("no scheduler")

    def start_worker(self, n: int) -> None:
        options = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--host", "127.0.0.1", "--death-timeout", "30"]
        self._start(f"worker{n}", "dask_worker", f"tcp://127.0.0.1:{self.port}", *options)

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes[name].wait()

    def _start(self, name: str, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
        self.processes[name] = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def cluster(workers: int = 2) -> Iterator[Cluster]:
    made = Cluster(workers)
    try:
        yield made
    finally:
        for process in made.processes.values():
            process.kill()
            process.wait()


@pytest.mark.slow
def test_both_readings_give_the_bytes_of_one_machine(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", pages())
    assert extract([path], tmp_path / "local", workers=1).exit_code == 0
    with open_engine("dask", workers=2) as engine:
        summary = extract([path], tmp_path / "dask", workers=2, engine=engine)
        assert (summary.exit_code, summary.derived) == (0, PARTS)
        assert digests(tmp_path / "local") == digests(tmp_path / "dask")
        again = extract([path], tmp_path / "dask", workers=2, engine=engine)
    assert again.derived == 0
    assert again.counts.articles == PARTS * ENTRIES
    assert list(reconcile(Collection(tmp_path / "dask"))) == []


@pytest.mark.slow
def test_a_page_that_kills_or_never_ends_costs_only_itself(tmp_path: Path) -> None:
    urls = pages()
    urls[9], urls[40], urls[60] = "http://a.example/kills", "http://a.example/spins", "http://a.example/raises"
    path = warc(tmp_path / "in", urls)
    with open_engine("local", workers=2) as engine:
        run(path, tmp_path / "local", engine, page_seconds=3.0)
    with open_engine("dask", workers=2) as engine:
        run(path, tmp_path / "dask", engine, page_seconds=3.0)
    assert digests(tmp_path / "local") == digests(tmp_path / "dask")
    rows = ds.dataset(tmp_path / "dask" / "dataset" / "articles").to_table(columns=["url", "extraction_status"])
    found = {row["url"].rpartition("/")[2]: row["extraction_status"] for row in rows.to_pylist()}
    assert (found["kills"], found["spins"], found["raises"], found["1"]) == ("error", "timeout", "error", "ok")


@pytest.mark.slow
def test_whoever_is_killed_when_nothing_is_missing_or_doubled(tmp_path: Path) -> None:
    kills = int(os.environ.get("BROADSHEET_KILLS", "4"))
    path = warc(tmp_path / "in", pages())
    with open_engine("local", workers=2) as engine:
        run(path, tmp_path / "local", engine, factory="slow")
    dice = random.Random(kills)
    said: list[str] = []
    with cluster() as made:
        for n in range(kills):
            folder = tmp_path / f"dask{n}"
            victim = ("scheduler", "worker0", "client", "worker1")[n % 4]
            moment = dice.uniform(0.0, 1.2)
            if victim == "client":
                _kill_client(path, folder, made.engine, moment)
            else:
                killer = threading.Timer(moment, made.kill, [victim])
                try:
                    with open_engine(made.engine, workers=2) as engine:
                        killer.start()
                        run(path, folder, engine, factory="slow")
                except BrokenEnvironment as error:
                    said.append(str(error))
                killer.join()
            done = len(list((folder / "dataset" / "_manifest").rglob("*.json")))
            print(f"{victim} killed after {moment:.2f} s: {done} parts were there")
            if victim == "scheduler":
                for name in ("worker0", "worker1"):
                    made.kill(name)
                made.start_scheduler()
                made.start_worker(0)
                made.start_worker(1)
            elif victim != "client":
                made.start_worker(int(victim[-1]))
            with open_engine(made.engine, workers=2) as engine:
                run(path, folder, engine, factory="slow")
            assert digests(folder) == digests(tmp_path / "local"), victim
            assert list(reconcile(Collection(folder))) == []
    print(f"{kills} kills, {len(said)} runs ended by one")
    assert all("scheduler is gone" in one for one in said), said


def _kill_client(path: Path, folder: Path, address: str, moment: float) -> None:
    """Let a process of its own derive *path* over the cluster, and kill it alone *moment* seconds after it began: the parts
    that it has submitted stay behind in the cluster."""
    command = [sys.executable, str(HERE / "dask_client.py"), str(path), str(folder), address, str(ENTRIES)]
    client = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert client.stdout is not None
    assert client.stdout.readline() == b"begun\n"
    time.sleep(moment)
    client.kill()
    client.wait()
    client.stdout.close()


def test_an_engine_that_is_none(tmp_path: Path) -> None:
    for name in ("ray", "dask://", "dask://host", "http://host:1", "dask://host:port"):
        with pytest.raises(BadInput, match="is no engine"), open_engine(name, workers=1):
            pass


def test_no_scheduler_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.pipelines.derive.cluster.CONNECT_SECONDS", 0.3)
    with (
        pytest.raises(BrokenEnvironment, match="no Dask scheduler"),
        open_engine(f"dask://127.0.0.1:{free_port()}", workers=1),
    ):
        pass


def test_dask_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "broadsheet.pipelines.derive.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BroadsheetError, match=r"pip install .broadsheet\[dask\]"), open_engine("dask", workers=1):
        pass
