"""A page that tries all it can to reach a server on this machine, in Chromium: it reaches nothing and runs nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import needs
import pytest
from small_warcs import answered, write_warc

from broadsheet.commands import extract_warcs
from broadsheet.serve.run import WebServer

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PAGE = """<!doctype html><html><head><title>hostile</title><meta http-equiv="refresh" content="1;url=HERE/refresh">
<link rel="preconnect" href="HERE"><link rel="prefetch" href="HERE/prefetch"><link rel="stylesheet" href="HERE/a.css">
<style>@import "HERE/b.css"; body { background: url(HERE/background.png) }
@font-face { font-family: f; src: url(HERE/f.woff) } p { font-family: f } p::before { content: url("HERE/before.png") }</style>
<script src="HERE/x.js"></script>
<script>document.title = "ran"; fetch("HERE/fetch"); navigator.sendBeacon("HERE/beacon")</script>
</head><body onload="document.title='ran'; new Image().src='HERE/onload'"><p>words</p>
<img src="HERE/pixel.png" srcset="HERE/2x.png 2x" onerror="document.title='ran'">
<video src="HERE/v.mp4" poster="HERE/p.png"></video>
<iframe src="HERE/frame"></iframe><iframe srcdoc="<img src='HERE/srcdoc.png'>"></iframe>
<iframe src="data:text/html,<img src='HERE/data.png'>"></iframe><object data="HERE/object"></object><embed src="HERE/embed">
<svg><image href="HERE/svg.png"/><use href="HERE/u.svg#x"/></svg>
<input type="image" src="HERE/input.png" autofocus onfocus="document.title='ran'">
<table background="HERE/table.png"></table><div style="background-image:url('HERE/div.png')">styled</div></body></html>"""


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine, and the requests that it had."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(2)
                    try:
                        seen.append(connection.recv(200))
                    except OSError:
                        seen.append(b"connected")

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
        server.shutdown(socket.SHUT_RDWR)


def test_it_reaches_nothing_and_runs_nothing(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    chromium = needs.browser()
    with listening() as (here, seen):
        html = PAGE.replace("HERE", here)
        link = f"Link: <{here}/link.css>; rel=preload; as=style\r\nLink: <{here}>; rel=preconnect\r\n"
        link += f"Refresh: 1; url={here}/header\r\n"
        warc = write_warc(tmp_path / "warcs", "hostile", [answered("http://a.example/", html, more=link)])
        extract_warcs(warc, tmp_path / "hostile", workers=1)
        with WebServer([tmp_path / "hostile"], port=0) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
            page = browser.new_context(accept_downloads=False).new_page()
            page.goto(f"{server.origins.archived}/hostile/20261123120000/http://a.example/")
            page.wait_for_timeout(2500)
            assert page.title() == "hostile"
            assert "words" in page.inner_text("body")
            assert page.url.startswith(server.origins.archived)
            with pytest.raises(Exception, match="Download is starting"):
                page.goto(f"{server.origins.archived}/hostile/20261123120000id_/http://a.example/")
            for path in ("cdx?url=*", "timemap/json/http://a.example/", "monitor"):
                page.goto(f"{server.origins.own}/hostile/{path}")
            page.wait_for_timeout(500)
            assert seen == []
            page.set_content(html)  # the same page, where it may do what it wants
            page.wait_for_timeout(1500)
            assert seen, "the page does nothing, so this test shows nothing"
            browser.close()
