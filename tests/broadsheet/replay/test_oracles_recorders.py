"""WARCs that recording proxies of others write today, through our verifier and reader: pywb's recorder and warcprox."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import needs
import oracle_programs
import pytest
from pywb_proxy import wait_for

from broadsheet.archive.verify.finding import Severity
from broadsheet.archive.verify.warc import verify_warc
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource

pytestmark = [pytest.mark.slow, pytest.mark.oracle]

SITE = Path(__file__).parents[2] / "archive/verify/varied_site.py"
PATHS = ("/", "/chunked", "/gzip", "/redirect", "/missing", "/a.png", "/b.png", "/empty", "/q?x=1&y=%C3%A9")
ELSEWHERE = "127.0.0.5"  # warcprox refuses to record what answers at 127.0.0.1


@pytest.fixture
def site() -> Iterator[str]:
    with subprocess.Popen([sys.executable, str(SITE), ELSEWHERE], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"http://{ELSEWHERE}:{server.stdout.readline().strip()}"
        server.kill()


def recorded(command: list[str], port: int, site: str, folder: Path, files: str) -> list[Path]:
    """What the proxy *command* writes when all of *site* is asked for through it, twice."""
    log = folder / "recorder.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        wait_for(process, port, log)
        through = urllib.request.build_opener(urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{port}"}))
        for path in PATHS * 2:
            with contextlib.suppress(urllib.error.HTTPError), through.open(site + path, timeout=30) as answer:
                answer.read()
    finally:
        process.terminate()  # it writes what it still holds
        process.wait(timeout=30)
    return sorted(folder.glob(files))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def rules_in(path: Path) -> dict[str, Severity]:
    return {finding.rule: finding.severity for finding in verify_warc(WarcSource.of(path))}


def test_pywbs_recorder(tmp_path: Path, site: str) -> None:
    programs, port = needs.installed(oracle_programs.pywb), free_port()
    subprocess.run([programs / "wb-manager", "init", "rec"], cwd=tmp_path, capture_output=True, check=True, timeout=60)
    command = [str(programs / "wayback"), "--record", "--live", "--proxy", "rec", "--proxy-record"]
    command += ["--bind", "127.0.0.1", "--port", str(port)]
    (warc,) = recorded(command, port, site, tmp_path, "collections/rec/archive/*.warc.gz")
    # it writes no warcinfo, and undoes chunks under a head that goes on calling the body chunked
    assert rules_in(warc) == {"warcinfo-first": Severity.WARNING, "chunked-decoded": Severity.WARNING}
    answers = [one for one in read_records(WarcSource.of(warc)) if one.record_type == "response"]
    page = next(one for one in answers if one.url == f"{site}/chunked")
    assert page.payload().count(b"<!doctype html>") == 3


def test_warcprox(tmp_path: Path, site: str) -> None:
    programs, port = needs.installed(oracle_programs.warcprox), free_port()
    command = [str(programs / "warcprox"), "--port", str(port), "--gzip", "--dir", "warcs"]
    (warc,) = recorded(command, port, site, tmp_path, "warcs/*.warc.gz")
    assert set(rules_in(warc)) <= {"revisit-truncated"}  # it leaves bodies off revisits and does not say so
    assert "revisit" in {record.record_type for record in read_records(WarcSource.of(warc))}
