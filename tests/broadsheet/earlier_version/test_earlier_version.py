"""Collections that the version before made are read, gone on with and verified by this one.

How they were made and what is in them: `make_collections.py`.  They are never changed: who changes the journal, the WARCs or
the dataset brings them along.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from crawled_site import crawl
from harbour_paper import HOST, printing
from loopback_socks import all_names_here
from warcio.archiveiterator import ArchiveIterator

from broadsheet import Collection
from broadsheet.cli import main

STORED = Path(__file__).parent / "collections.tar.xz"
FIRST, SECOND = range(1, 7), range(1, 10)  # articles of the editions
CHANGED = 2


def unpacked(folder: Path, name: str) -> Path:
    with tarfile.open(STORED) as archive:
        archive.extractall(folder, filter="data")
    return folder / name / "harbour"


def captured(folder: Path) -> Counter[str]:
    """How often each URL was answered, by plain warcio; digests are checked."""
    urls: Counter[str] = Counter()
    for path in sorted((folder / "archive").iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.content_stream().read()
                if record.rec_type in ("response", "revisit"):
                    urls[record.rec_headers.get_header("WARC-Target-URI").removeprefix(HOST)] += 1
    return urls


def replayed(folder: Path, url: str) -> tuple[int, bytes]:
    """Status and body of *url* as a browser gets it."""
    command = [sys.executable, "-m", "broadsheet", "replay", str(folder), "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            assert said.startswith("Replaying on 127.0.0.1:"), said
            proxy = urllib.request.ProxyHandler({"http": f"http://{said.split()[2].rstrip('.')}"})
            with urllib.request.build_opener(proxy).open(url, timeout=30) as answer:
                return answer.status, answer.read()
        finally:
            process.send_signal(signal.SIGINT)


Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command, which must succeed; what it prints."""

    def run(*arguments: object) -> str:
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert left.value.code == 0, said.err
        return said.out

    return run


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    return unpacked(tmp_path, "stopped")


def test_what_was_sound_is_sound(run: Run, stopped: Path) -> None:
    told = json.loads(run("verify", stopped, "--json"))
    assert (told["errors"], told["warnings"]) == (0, 0)


def test_its_rows_are_read(stopped: Path) -> None:
    rows = {row.url.removeprefix(HOST): row for row in Collection.open(stopped).articles()}
    assert set(rows) >= {f"/{number}" for number in SECOND}
    assert rows["/1"].title == "The night bus is repaired, part 1"
    assert (rows["/1"].text or "").count("it was said in edition 1 of story 1") == 6
    assert b"The night bus" in rows["/1"].response().body


def test_nothing_is_extracted_twice_unless_extraction_has_changed(run: Run, stopped: Path) -> None:
    before = {row.url for row in Collection.open(stopped).articles()}
    run("extract", stopped, "--workers", "1")
    assert {row.url for row in Collection.open(stopped).articles()} == before
    run("verify", stopped)


def test_other_commands_read_it(run: Run, stopped: Path, tmp_path: Path) -> None:
    history = json.loads(run("history", stopped, f"{HOST}/", "--json"))
    assert [one["status"] for one in history["captures"]] == [200, 200]
    run("report", stopped)
    assert "disconnect" in (stopped / "report.html").read_text("utf-8")
    run("pack", stopped, "-o", tmp_path / "harbour.wacz")
    with zipfile.ZipFile(tmp_path / "harbour.wacz") as packed:
        pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").splitlines()[1:]]
    assert {page["url"] for page in pages} >= {f"{HOST}/{number}" for number in SECOND}
    run("verify", tmp_path / "harbour.wacz")
    query = "SELECT count(*) FILTER (record_type = 'revisit') AS revisits, count(*) AS captures FROM captures"
    assert json.loads(run("query", stopped, query, "--json")) == [{"revisits": 2, "captures": 31}]


def test_it_is_replayed(stopped: Path) -> None:
    status, body = replayed(stopped, f"{HOST}/picture-2.png")  # a revisit
    assert (status, len(body)) == (200, 8 + 120 * len("picture-1.png"))


@dataclass(frozen=True)
class GoneOn:
    """A stored collection after the crawl in it was gone on with: what was captured before and after, what was asked for."""

    folder: Path
    before: Counter[str]
    after: Counter[str]
    asked: Counter[str]
    cookies: set[str | None]


@pytest.fixture(scope="module", params=["stopped", "killed"])
def gone_on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> GoneOn:
    folder = unpacked(tmp_path_factory.mktemp("stored"), request.param)
    before = captured(folder)
    with printing(2) as paper, all_names_here(paper.port, paper.port) as (proxy, _):
        code, summary, said = crawl(folder, "--proxy", proxy, "--max-pages", "0")
    assert (code, summary["end"]) == (0, "finished"), said
    return GoneOn(folder, before, captured(folder), Counter(paper.asked), paper.cookies)


def test_the_crawl_goes_on_where_it_was(gone_on: GoneOn) -> None:
    left = {"/broken", "/missing", *(f"/{number}" for number in FIRST), "/picture-2.png"}
    if gone_on.folder.parent.name == "killed":
        left |= {"/moved", "/cut", "/9", "/picture-9.png"}
    assert gone_on.asked - Counter({"/robots.txt": 1}) == Counter(left)
    assert gone_on.after == gone_on.before + gone_on.asked - Counter({"/broken": 1})
    assert gone_on.cookies == {"visitor=7"}


def test_what_went_on_is_sound_and_complete(gone_on: GoneOn, run: Run) -> None:
    run("verify", gone_on.folder)
    rows = [row.url.removeprefix(HOST) for row in Collection.open(gone_on.folder).articles()]
    assert set(rows) >= {f"/{number}" for number in SECOND}
    history = json.loads(run("history", gone_on.folder, f"{HOST}/{CHANGED}", "--json"))
    assert [one["change"] for one in history["captures"]] == ["first", "text"]
