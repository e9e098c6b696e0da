"""A real crawl is paused, changed and let go on from its monitor, in Chromium."""

from __future__ import annotations

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError
from broadsheet.replay.browser import find_browser
from broadsheet.serve import monitor_page
from broadsheet.serve.control import ControlToken
from broadsheet.serve.run import WebServer

try:
    from playwright.sync_api import Page, sync_playwright

    BROWSER: Any = find_browser(None)
except (ImportError, BroadsheetError):
    BROWSER = None

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="needs Chromium")]
PAGES = 24
LINKS = "".join(f'<a href="/story/{n}">{n}</a> <a href="/tag/{n}">{n}</a> ' for n in range(PAGES))


class Site(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        is_page = self.path == "/" or self.path.startswith(("/story/", "/tag/", "/island"))
        body = f"<html><title>{self.path}</title><p>Words of a page.</p>{LINKS if self.path == '/' else ''}</html>".encode()
        self.send_response(200 if is_page else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def ask(page: Page, button: str, token: str, value: str = "") -> None:
    form = page.locator("form.control", has=page.get_by_role("button", name=button, exact=True))
    if value:
        form.locator("input[name=value]").fill(value)
    form.locator("input[name=reason]").fill("a test")
    form.locator("input[name=token]").fill(token)
    form.get_by_role("button").click()
    page.wait_for_url("**/monitor")


def test_a_crawl_is_paused_changed_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor_page, "_SECONDS", 0.2)
    monkeypatch.setattr(monitor_page, "_IDLE_SECONDS", 0.2)
    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{site.server_address[1]}"
    token = ControlToken()
    crawling = [
        "crawl",
        f"{url}/",
        "-o",
        str(tmp_path / "news"),
        "--delay",
        "0.4",
        "-q",
        "--workers",
        "0",
        "--no-requisites",
    ]
    Collection.create(tmp_path / "news")
    with (
        WebServer([tmp_path / "news"], port=0, token=token) as server,
        subprocess.Popen([sys.executable, "-m", "broadsheet", *crawling]) as crawl,
        sync_playwright() as playwright,
    ):
        page = playwright.chromium.launch(executable_path=str(BROWSER), args=["--no-sandbox"]).new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{server.url}news/monitor")
        page.get_by_text("A command works on it.").wait_for()  # it moves by itself
        page.locator("#status", has_text="/story/").wait_for()
        ask(page, "Pause", token.secret)
        page.locator("#status strong", has_text="Paused:").wait_for()
        quiet = len(Site.asked)
        page.wait_for_timeout(1500)  # several delays
        assert len(Site.asked) <= quiet + 2  # what was under way
        ask(page, "Leave out", token.secret, "/tag/")
        ask(page, "Add a seed", token.secret, f"{url}/island")
        ask(page, "Resume", token.secret)
        assert crawl.wait(120) == 0
        page.get_by_text("Complete.").wait_for()
        page.get_by_text("excluded: /tag/").first.wait_for()
    site.shutdown()
    asked = set(Site.asked)
    assert {"/island", *(f"/story/{n}" for n in range(PAGES))} <= asked
    assert not {f"/tag/{n}" for n in range(PAGES)} <= asked
