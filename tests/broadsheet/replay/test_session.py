"""The command without a real browser: arguments, dates, messages, and a program that plays the browser's part."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter
from broadsheet.cli.shared import Face
from broadsheet.replay.browser import ProxyTrust, browser_arguments, find_browser
from broadsheet.replay.session import ReplayOptions, parse_moment, run_replay, split_arguments

PAGE = "http://news.example/a.html"
PLAYER = """#!{python}
import json, sys, urllib.request, pathlib
told = dict(one.lstrip("-").partition("=")[::2] for one in sys.argv[1:] if one.startswith("--"))
opener = urllib.request.build_opener(urllib.request.ProxyHandler({{"http": told["proxy-server"]}}))
def status(url):
    try:
        return opener.open(url, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code
seen = {{"told": told, "url": sys.argv[-1], "profile": pathlib.Path(told["user-data-dir"]).is_dir(),
        "status": status(sys.argv[-1]), "missing": status("http://news.example/missing.png")}}
pathlib.Path({output!r}).write_text(json.dumps(seen))
"""


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n"
    request = b"GET /a.html HTTP/1.1\r\nHost: news.example\r\n\r\n"
    with WarcWriter(tmp_path, prefix="x", info=WarcInfo(software="test")) as writer:
        for year in (2024, 2026):
            when = datetime(year, 11, 24, 12, tzinfo=UTC)
            writer.write_exchange(Exchange(PAGE, when, 0.1, request, b"", head + b"page", len(head), 200), Provenance())
    return tmp_path / writer.finished[-1].filename


@pytest.fixture
def player(tmp_path: Path) -> tuple[Path, Path]:
    program, output = tmp_path / "player", tmp_path / "seen.json"
    program.write_text(PLAYER.format(python=sys.executable, output=str(output)))
    program.chmod(0o755)
    return program, output


def test_the_browser_gets_the_page_in_a_profile_that_is_gone_afterwards(
    warc: Path, player: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    program, output = player
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    tally = run_replay(Face(), ReplayOptions((warc,), PAGE, moment, browser=program))
    seen = json.loads(output.read_text())
    assert (seen["url"], seen["status"], seen["missing"], seen["profile"]) == (PAGE, 200, 404, True)
    assert not Path(seen["told"]["user-data-dir"]).exists()
    assert seen["told"]["proxy-server"].startswith("http://127.0.0.1:")
    assert dict(tally.missing) == {"http://news.example/missing.png": 1}
    assert "captured on Sun, 24 Nov 2024 12:00:00 GMT" in capsys.readouterr().err


def test_without_a_url_the_home_page_lists_what_there_is(warc: Path, player: tuple[Path, Path]) -> None:
    program, output = player
    run_replay(Face(quiet=True), ReplayOptions((warc,), browser=program))
    seen = json.loads(output.read_text())
    assert seen["url"] == seen["told"]["proxy-server"] + "/"
    assert seen["status"] == 200


def test_nothing_gets_around_the_proxy() -> None:
    arguments = browser_arguments(Path("profile"), ProxyTrust("127.0.0.1:8080", "pin="))
    assert "--proxy-bypass-list=<-loopback>" in arguments
    assert "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1" in arguments
    assert "--ignore-certificate-errors-spki-list=pin=" in arguments
    assert not any(
        one.startswith("--ignore-certificate-errors=") or one == "--ignore-certificate-errors" for one in arguments
    )


def test_what_was_not_captured_is_said_before_a_browser_opens(warc: Path, player: tuple[Path, Path]) -> None:
    program, output = player
    with pytest.raises(BroadsheetError, match=r"is not in this archive.*nearby: http://news.example/a.html"):
        run_replay(Face(quiet=True), ReplayOptions((warc,), "http://news.example/b.html", browser=program))
    assert not output.exists()


def test_no_browser_and_a_wrong_one_are_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(BadInput, match="--no-browser"):
        find_browser()
    with pytest.raises(BadInput, match="is not a program"):
        find_browser(tmp_path / "nothing")
    (tmp_path / "chromium").write_text("#!/bin/sh\n")
    (tmp_path / "chromium").chmod(0o755)
    assert find_browser() == tmp_path / "chromium"


def test_a_browser_that_cannot_start_is_said(warc: Path, tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(BrokenEnvironment, match=r"ended with exit code 1 and asked for no page\..*without a screen"):
        run_replay(Face(quiet=True), ReplayOptions((warc,), browser=program))


def test_a_taken_port_is_said(warc: Path, player: tuple[Path, Path]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"port {port}: another program listens there"):
            run_replay(Face(quiet=True), ReplayOptions((warc,), port=port, browser=player[0]))


def test_paths_and_url_are_told_apart(warc: Path, tmp_path: Path) -> None:
    path = str(warc)
    assert split_arguments([path]) == ((warc,), None)
    assert split_arguments([path, "https://x.example/a"]) == ((warc,), "https://x.example/a")
    assert split_arguments([path, path, "x.example/a"]) == ((warc, warc), "https://x.example/a")
    for wrong, why in (
        (["http://x.example/"], "no archive"),
        ([path, "no.warc.gz"], "no such"),
        (["/nix", path], "no such"),
    ):
        with pytest.raises(BadInput, match=why):
            split_arguments(wrong)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T10:20:30Z", datetime(2026, 11, 24, 10, 20, 30)),
        ("20261124102030", datetime(2026, 11, 24, 10, 20, 30)),
        ("2026-11-24 10:20", datetime(2026, 11, 24, 10, 20)),
        ("2026-11-24", datetime(2026, 11, 24, 12)),
        ("2026-11", datetime(2026, 11, 16)),
        ("2026", datetime(2026, 7, 2)),
    ],
)
def test_dates(text: str, expected: datetime) -> None:
    assert parse_moment(text) == expected.replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "26-11-24", "2026-11-24T10", ""])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(BadInput, match="is not a date"):
        parse_moment(text)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_without_a_browser_it_says_how_and_ends_with_ctrl_c(warc: Path, number: int) -> None:
    command = [sys.executable, "-m", "broadsheet", "replay", str(warc), "--no-browser", "-q", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    assert process.stderr is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Then open"):
        lines.append(process.stderr.readline())
        assert lines[-1], lines
    address = lines[0].split()[2].rstrip(".")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": f"http://{address}"}))
    with opener.open(PAGE, timeout=10) as answer:
        assert answer.read() == b"page"
    time.sleep(0.05)
    for _ in range(20):  # the group's, and the same passed on by whoever started it, at any moment of the end
        process.send_signal(number)
        time.sleep(0.001)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert json.loads(out) == {"requests": {"found": 1}, "missing": {}, "fuzzy": {}}
