"""kill -9 at moments spread over the whole crawl: the same command ends with the same URLs, the same rows, and nothing
asked for twice.

Run by hand with more kills: ``BROADSHEET_KILLS=20 BROADSHEET_KILL_PAGES=500 uv run pytest tests/crawler/test_kill.py``.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from warcio.archiveiterator import ArchiveIterator

from broadsheet.archive.collection import Collection

HERE = Path(__file__).parent
KILLS = int(os.environ.get("BROADSHEET_KILLS", "4"))
PAGES = int(os.environ.get("BROADSHEET_KILL_PAGES", "250"))  # with three requisites each, some of which lead to others
CONCURRENCY = 8


@contextmanager
def site(log: Path, delay: float = 0.0) -> Iterator[str]:
    log.touch()
    command = [sys.executable, str(HERE / "linked_site.py"), str(PAGES), str(log), str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def start(url: str, folder: Path | None, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "broadsheet", "crawl", url, "--delay", "0", "--json", "--workers", "1"]
    command += ["-o", str(folder)] if folder is not None else []
    command += ["--dedupe-min-size", "1", *(more or ["--concurrency", str(CONCURRENCY)])]
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@dataclass(frozen=True)
class Moment:
    """When to kill: when *share* of all URLs were asked for and *seconds* have gone by."""

    share: float
    seconds: float


def moments(rng: random.Random, ending: int, seconds: float) -> list[Moment]:
    """`KILLS` of them, the earliest first: before anything is asked, all through the crawl, and *ending* of them while it
    ends, within *seconds* of the last URL.
    """
    starting = max(1, KILLS // 10)
    between = KILLS - starting - ending
    return [
        *(Moment(0.0, rng.uniform(0.2, 1.0)) for _ in range(starting)),
        *(Moment((n + rng.random()) / between, rng.uniform(0.0, 0.1)) for n in range(between)),
        *(Moment(1.0, rng.uniform(0.0, seconds)) for _ in range(ending)),
    ]


@dataclass
class Killer:
    """Kills crawls of a site that has *total* URLs and writes those asked for to *log*."""

    log: Path
    total: int
    progress: list[int] = field(default_factory=list)  # URLs asked for at each kill

    def asked(self) -> int:
        """How many URLs were asked for so far."""
        return len(set(self.log.read_text().split()))

    def kill(self, process: subprocess.Popen[str], moment: Moment) -> None:
        """Kill the group of *process* at *moment*; a crawl that had nothing left to ask, after as long from its start."""
        if self.asked() >= self.total:
            time.sleep(0.5)  # Python has to start
        deadline = time.monotonic() + 120
        while self.asked() < moment.share * self.total and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(moment.seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, f"it had ended before {moment}"
        self.progress.append(self.asked())

    def check(self) -> None:
        """Whether kills fell into all of the crawl."""
        shares = [count / self.total for count in self.progress]
        assert shares[0] == 0
        assert shares[-1] == 1
        assert any(0 < share < 0.5 for share in shares)
        assert any(0.5 <= share < 1 for share in shares)


def finish(process: subprocess.Popen[str]) -> tuple[int, dict[str, object]]:
    out, err = process.communicate(timeout=280)
    assert process.returncode == 0, out + err
    return process.returncode, json.loads(out)


def captured(folder: Path) -> Counter[str]:
    """URLs of the answers' records, read with plain warcio; digests checked."""
    urls: Counter[str] = Counter()
    for path in sorted(Collection(folder).archive.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                if record.rec_type in ("response", "revisit"):
                    urls[record.rec_headers.get_header("WARC-Target-URI")] += 1
                record.content_stream().read()
    return urls


def revisits(folder: Path) -> int:
    with closing(sqlite3.connect(Collection(folder).journal)) as db:
        (count,) = db.execute("SELECT count(*) FROM captures WHERE record_type = 'revisit'").fetchone()
    return int(count)


def rows(folder: Path, table: str) -> Counter[str]:
    """URLs of a table's rows."""
    data = ds.dataset(Collection(folder).dataset / table, format="parquet").to_table(columns=["url", "warc_record_id"])
    assert len(set(data["warc_record_id"].to_pylist())) == data.num_rows
    return Counter(data["url"].to_pylist())


def verified(folder: Path) -> None:
    command = [sys.executable, "-m", "broadsheet", "verify", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr


def paths(urls: Counter[str]) -> set[str]:
    return {url.split("/", 3)[3] for url in urls}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    with site(folder / "log") as url:
        finish(start(url, folder / "c"))
    return folder / "c"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_random_moments_and_continued(tmp_path: Path, undisturbed: Path) -> None:
    rng = random.Random(int(os.environ.get("BROADSHEET_SEED", "7")))
    log = tmp_path / "log"
    folder = tmp_path / "c"
    killer = Killer(log, len(set((undisturbed.parent / "log").read_text().split())))
    with site(log, delay=0.02) as url:  # slow enough to stop it where one wants
        for moment in moments(rng, max(1, KILLS // 5), 1.5):
            killer.kill(start(url, folder), moment)
        finish(start(url, folder))
    asked = Counter(log.read_text().split())
    assert paths(captured(folder)) == paths(captured(undisturbed))
    assert sum(path.startswith("r-") for path in paths(captured(folder))) > 2 * PAGES * 0.9
    assert paths(rows(folder, "articles")) == paths(rows(undisturbed, "articles"))
    assert not any(path.startswith("r-") for path in paths(rows(folder, "articles")))
    assert paths(rows(folder, "captures")) == paths(rows(undisturbed, "captures"))
    assert rows(folder, "captures") == captured(folder)
    assert revisits(folder) > PAGES // 2  # of five equal pictures, four; those that overlap are stored again
    again = sum(count - 1 for count in asked.values())
    print(f"{KILLS} kills at {killer.progress} of {len(asked)} URLs, {again} asked for again")
    killer.check()
    assert again <= KILLS * CONCURRENCY
    verified(folder)
    with closing(sqlite3.connect(Collection(folder).journal)) as db:
        assert db.execute("SELECT count(*) FROM frontier WHERE state = 0").fetchone() == (0,)
    code, summary = finish(start(url, folder))
    assert code == 0
    assert summary["end"] == "already finished"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_update_killed_at_random_moments_and_continued(tmp_path: Path) -> None:
    rng = random.Random(int(os.environ.get("BROADSHEET_SEED", "7")))
    log = tmp_path / "log"
    log.touch()
    command = [sys.executable, str(HERE / "changing_site.py"), "120", str(log), "0.05"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            url = server.stdout.readline().strip()
            calm, killed = tmp_path / "calm", tmp_path / "killed"
            finish(start(url, calm, "--no-extract", "--concurrency", "64"))
            shutil.copytree(calm, killed)
            server.send_signal(signal.SIGUSR1)
            log.write_text("")
            _, wanted = finish(start(str(calm), None, "--update"))
            undisturbed = Counter(log.read_text().split())
            log.write_text("")
            killer = Killer(log, len(undisturbed))
            for moment in moments(rng, 1, 0.08):  # it ends soon: nothing is extracted
                killer.kill(start(str(killed), None, "--update", "--concurrency", str(CONCURRENCY)), moment)
            _, told = finish(start(str(killed), None, "--update"))
        finally:
            server.kill()
    asked = Counter(log.read_text().split())
    again = sum(asked.values()) - sum(undisturbed.values())
    print(f"{KILLS} kills at {killer.progress} of {len(asked)} URLs, {again} asked for again")
    killer.check()
    assert asked.keys() == undisturbed.keys()
    assert again <= KILLS * CONCURRENCY
    with (
        closing(sqlite3.connect(Collection(killed).journal)) as db,
        closing(sqlite3.connect(Collection(calm).journal)) as other,
    ):
        for question in (
            "SELECT is_update, opened, spared, finished FROM crawls ORDER BY id",
            "SELECT url, state, requisite FROM frontier ORDER BY url",
            "SELECT DISTINCT url, record_type, status, payload_digest FROM captures ORDER BY 1, 2, 3, 4",
        ):
            assert db.execute(question).fetchall() == other.execute(question).fetchall()
    for name in ("spared", "found"):
        assert told["updated"][name] == wanted["updated"][name] > 0  # type: ignore[index]
    verified(killed)


@pytest.mark.slow
def test_a_killed_worker_costs_nothing(tmp_path: Path, undisturbed: Path) -> None:
    with site(tmp_path / "log", delay=0.005) as url:
        process = start(url, tmp_path / "c")
        killed = 0
        deadline = time.monotonic() + 60
        while killed < 3 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.5)
            for worker in children(process.pid):
                os.kill(worker, signal.SIGKILL)
                killed += 1
        finish(process)
    assert killed
    assert paths(rows(tmp_path / "c", "articles")) == paths(rows(undisturbed, "articles"))
    verified(tmp_path / "c")


def children(pid: int) -> list[int]:
    """Worker processes of *pid*; not Python's resource tracker."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"child_process" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("signals", [1, 2])
def test_interrupted_it_exits_with_3_and_goes_on(tmp_path: Path, undisturbed: Path, signals: int) -> None:
    folder = tmp_path / "c"
    with site(tmp_path / "log", delay=0.02) as url:
        process = start(url, folder)
        deadline = time.monotonic() + 60
        while len((tmp_path / "log").read_text().split()) < 60 and time.monotonic() < deadline:
            time.sleep(0.05)
        for _ in range(signals):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.002)
        process.communicate(timeout=120)
        assert process.returncode == 3
        finish(start(url, folder))
    asked = Counter((tmp_path / "log").read_text().split())
    again = sum(count - 1 for count in asked.values())
    assert again <= (0 if signals == 1 else CONCURRENCY)
    assert paths(captured(folder)) == paths(captured(undisturbed))
    verified(folder)
