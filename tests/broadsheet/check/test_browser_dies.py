"""A browser that dies in the middle of a check costs the page it dies of, and no other."""

from __future__ import annotations

import base64
import os
import signal
import sys
import warnings
from pathlib import Path

import pytest
from checked_archive import HOST, PNG, write_archive

from broadsheet.archive.errors import BadInput
from broadsheet.check import browser_view
from broadsheet.check.check import CheckOptions, check
from broadsheet.replay.browser import find_browser
from broadsheet.replay.devtools import DevTools
from broadsheet.replay.visit import PageVisit, visit_page

PAGES = ("/a.html", "/deadly.html", "/other.html", "/whole.html")
FILES = {path: (200, "text/html", f"<!doctype html><title>{path}</title><p>text".encode()) for path in PAGES}
# Speaks as much of the DevTools protocol as a visit needs; the page with "deadly" in its name ends it.
PLAYER = """#!{python}
import base64, json, os
buffer = b""
looked = dict(title="", text="", images=0, decoded=0, broken=0, fonts=0, sheets=0, height=300, frames=[])
def send(message):
    os.write(4, json.dumps(message).encode() + b"\\0")
while True:
    data = os.read(3, 65536)
    if not data:
        break
    *messages, buffer = (buffer + data).split(b"\\0")
    for message in map(json.loads, messages):
        method, parameters = message["method"], message["params"]
        if "deadly" in parameters.get("url", ""):
            os._exit(1)
        expression = parameters.get("expression", "")
        value = 300 if expression.endswith("scrollHeight") else looked if "images" in expression else None
        send(dict(id=message["id"], result=dict(
            browserContextId="c", targetId="t", sessionId="s", result=dict(value=value), data={png!r})))
        if method == "Page.navigate":
            send(dict(method="Page.loadEventFired", sessionId="s", params={{}}))
"""


def test_the_next_page_gets_a_new_browser(tmp_path: Path) -> None:
    program = tmp_path / "player"
    program.write_text(PLAYER.format(python=sys.executable, png=base64.b64encode(PNG).decode()))
    program.chmod(0o755)
    quality = check(CheckOptions((write_archive(tmp_path, FILES),), look=True, browser=program))
    assert [page.url for page in quality.pages] == [HOST + path for path in PAGES]
    errors = [page.look.error if page.look else "no look" for page in quality.pages]
    assert errors[0] is errors[2] is errors[3] is None
    assert "ended unexpectedly" in str(errors[1])


@pytest.mark.slow
@pytest.mark.browser
def test_so_it_is_with_a_real_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        find_browser()
    except BadInput as error:
        warnings.warn(f"A DYING BROWSER IS NOT TESTED: {error}", stacklevel=1)
        pytest.skip(f"needs Chromium: {error}")

    def visited(devtools: DevTools, url: str) -> PageVisit:
        if "deadly" in url:
            for child in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split():
                if "chrom" in Path(f"/proc/{child}/cmdline").read_text():
                    os.kill(int(child), signal.SIGKILL)
        return visit_page(devtools, url)

    monkeypatch.setattr(browser_view, "visit_page", visited)
    quality = check(CheckOptions((write_archive(tmp_path, FILES),), look=True))
    looks = [page.look for page in quality.pages]
    assert [bool(one and one.error) for one in looks] == [False, True, False, False]
    assert all(one is not None and (one.error or one.requests) for one in looks)
