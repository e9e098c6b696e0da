"""A page is opened with its scripts in a browser that sees nothing but the archive; here the browser is a small program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from broadsheet.serve import full_replay
from broadsheet.serve.full_replay import FullReplays
from broadsheet.serve.run import WebServer

ASKS = """
import sys, time, urllib.request
from pathlib import Path
proxy = next(one for one in sys.argv if one.startswith("--proxy-server=")).partition("=")[2]
opened = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
Path(FOUND).write_bytes(opened.open(sys.argv[-1]).read())
time.sleep(600)
"""


def program(folder: Path, text: str) -> Path:
    made = folder / "browser"
    made.write_text(f"#!{sys.executable}\n{text}")
    made.chmod(0o755)
    return made


@pytest.fixture
def story(client: httpx.Client) -> str:
    hit = client.get("/gazette/search.json?q=title:corrected").json()["result"]["hits"][0]
    return f"/gazette/article/{hit['id'].removeprefix('<urn:uuid:').removesuffix('>')}"


@pytest.fixture
def opening(gazette: Path, tmp_path: Path) -> Iterator[tuple[FullReplays, httpx.Client]]:
    replays = FullReplays(program(tmp_path, ASKS.replace("FOUND", repr(str(tmp_path / "found.html")))))
    with (
        WebServer([gazette], port=0, replays=replays) as server,
        httpx.Client(base_url=server.origins.own, timeout=60, trust_env=False) as client,
    ):
        yield replays, client


def test_the_browser_gets_the_page_with_its_scripts_and_ends_with_the_server(
    opening: tuple[FullReplays, httpx.Client], story: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replays, client = opening
    monkeypatch.setattr(full_replay, "MOST_OPEN", 1)
    answer = client.post(f"{story}/replay")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{story}/page?replay=open")
    assert "open in a browser window" in client.get(answer.headers["location"]).text
    second = client.post(f"{story}/replay")
    assert "1 windows are open already" in second.text
    (window,) = replays._open
    replays.close()
    assert not window.is_open
    page = (tmp_path / "found.html").read_text()
    assert "corrected" in page
    assert 'document.title = "a script ran"' in page


def test_pages_of_others_open_nothing(opening: tuple[FullReplays, httpx.Client], story: str) -> None:
    replays, client = opening
    assert client.post(f"{story}/replay", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.get(f"{story}/replay").status_code in (404, 405)
    assert client.post("/gazette/article/nothing/replay").status_code == 404
    assert not replays._open


@pytest.mark.parametrize(("text", "said"), [("raise SystemExit(7)", "exit code 7"), (None, "is not a program")])
def test_a_browser_that_does_not_start_is_said(
    gazette: Path, story: str, tmp_path: Path, text: str | None, said: str
) -> None:
    browser = tmp_path / "none" if text is None else program(tmp_path, text)
    with WebServer([gazette], port=0, replays=FullReplays(browser)) as server:
        answer = httpx.post(f"{server.origins.own}{story}/replay", trust_env=False, timeout=60)
    assert answer.status_code in (404, 503)
    assert said in answer.text
