"""The pages in Chromium: as people use them, with a keyboard, without scripts, in the dark, and as axe-core judges them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError
from broadsheet.facts import gather
from broadsheet.replay.browser import find_browser
from broadsheet.report.make import report_page
from broadsheet.serve.control import ControlToken
from broadsheet.serve.full_replay import FullReplays
from broadsheet.serve.run import WebServer

try:
    from playwright.sync_api import Browser, Page, sync_playwright

    BROWSER: Any = find_browser(None)
except (ImportError, BroadsheetError):
    BROWSER = None

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="needs Chromium")]
PLACES = ("search?q=lighthouse", "terms?q=lighthouse,storms", "sites", "sites/gazette.example", "images", "graph",
          "quality", "checks", "monitor", "overview", "nothing-here")  # fmt: skip
TABS = (
    "",
    "/blocks",
    "/page?replay=open",
    "/exchange",
    "/versions",
    "/versions?compare=1",
    "/duplicates",
    "/links",
    "/statements",
    "/cite",
)
MOST_BYTES = 150_000  # of a page without images


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(chromium: Browser, **how: Any) -> Page:
    page = chromium.new_context(viewport={"width": 1100, "height": 800}, **how).new_page()
    page.set_default_timeout(60_000)
    return page


def test_a_reader_searches_reads_and_looks_behind_the_text(chromium: Browser, server: WebServer) -> None:
    page = opened(chromium)
    asked: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(f"{server.url}gazette/search")
    for query, marked in (("engineer stones", "stones"), ("灯塔", "灯塔"), ("القديمة", "القديمة"), ("cafe", "café")):
        page.fill("#q", query)
        page.press("#q", "Enter")
        page.wait_for_url("**q=*")
        assert marked in page.locator("mark").all_inner_texts()
    assert page.locator(".hit h2").first.evaluate("one => getComputedStyle(one).direction") == "ltr"

    page.goto(f"{server.url}gazette/search")
    assert page.locator(".toolbar strong").inner_text() == "17"
    page.locator(".facet a", has_text="国际").first.click()
    page.wait_for_url("**section=**")
    assert page.locator(".chip").count() == 1
    assert page.locator(".toolbar strong").inner_text() == "1"

    page.goto(f"{server.url}gazette/search?q=title:lighthouse")
    page.locator(".hit h2 a").first.click()
    page.wait_for_selector("article.reader")
    picture = page.locator(".picture img").first
    page.wait_for_function("document.querySelector('.picture img').complete")
    assert picture.evaluate("one => one.naturalWidth") > 0
    text = page.locator(".text p").first
    ordinal = (text.get_attribute("id") or "b")[1:]
    text.select_text()
    page.locator("a.to-block").click()
    page.wait_for_url(f"**/blocks#s{ordinal}")
    block = page.locator(f"#s{ordinal}")
    assert block.locator(".role").inner_text() == "body"
    assert page.locator(".block.furniture").count() >= 1
    colour = "one => getComputedStyle(one).borderInlineStartColor"
    assert page.locator(".block", has_text="newsletter").first.evaluate(colour) != block.evaluate(colour)
    block.get_by_role("link", name="in the text").click()
    page.wait_for_url(f"**#b{ordinal}")

    page.get_by_role("link", name="Page as it was").click()
    frame = page.frame_locator("iframe")
    assert frame.locator("h1").inner_text().startswith("Lighthouse report")
    assert frame.locator("img").first.evaluate("one => one.naturalWidth") > 0
    inner = next(one for one in page.frames if one.url.startswith(server.origins.archived))
    assert "ran" not in inner.title()

    assert not problems
    assert {url.split("/")[2] for url in asked if not url.startswith("data:")} == {
        server.origins.own.partition("//")[2], server.origins.archived.partition("//")[2],
    }  # fmt: skip


def test_a_keyboard_is_enough(chromium: Browser, server: WebServer) -> None:
    page = opened(chromium)
    page.goto(f"{server.url}gazette/search")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("/")
    page.keyboard.type("dengta OR 灯塔")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    page.locator("#results").evaluate("one => one.scrollIntoView()")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.hit h2') !== null"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.wait_for_selector("article.reader")
    assert page.locator("h1").inner_text() == "港口的古老灯塔"


def test_without_scripts_everything_can_be_read_and_searched(chromium: Browser, server: WebServer) -> None:
    page = opened(chromium, java_script_enabled=False)
    page.goto(f"{server.url}gazette/search")
    page.fill("#q", "fermeture")
    page.click("button[type=submit]")
    page.wait_for_url("**q=fermeture")
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/article/**")
    assert "Éloïse Noël" in page.content()
    page.goto(f"{server.url}gazette/terms?q=lighthouse")
    assert page.locator("path.line").count() >= 1
    page.goto(f"{server.url}gazette/search")
    page.locator(".histogram a").first.click()
    page.wait_for_url("**since=2026-03&until=2026-03")


def test_no_page_keeps_people_out_or_is_heavy(chromium: Browser, gazette: Path, client: Any, tmp_path: Path) -> None:
    from axe_core import axe_script

    axe = axe_script()
    found = client.get("/gazette/search.json?q=title:corrected").json()["result"]["hits"][0]["id"]
    story = f"gazette/article/{found.removeprefix('<urn:uuid:').removesuffix('>')}"
    report = tmp_path / "report.html"
    report.write_text(report_page(gather(Collection.open(gazette)), software="a test", made=datetime.now(UTC)))
    faults: list[str] = []
    stack = ExitStack()
    server = stack.enter_context(WebServer([gazette], port=0, token=ControlToken()))  # with the forms of its monitor
    for scheme, width in (("light", 1100), ("dark", 390)):
        page = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()  # type: ignore[arg-type]
        weights: list[int] = []
        page.on("response", lambda answer: weights.append(_weight(answer)))  # noqa: B023 - one page at a time
        own = ["", "search?q=lighthouse", *(f"gazette/{one}" for one in PLACES), *(f"{story}{one}" for one in TABS)]
        for place in [*own, report.as_uri()]:
            weights.clear()
            page.goto(place if place.startswith("file:") else f"{server.url}{place}", wait_until="load")
            if sum(weights) > MOST_BYTES:
                faults.append(f"{place}: {sum(weights)} bytes")
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
                faults.append(f"{place} at {width}: wider than the screen")
            dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            assert (dark == "rgb(22, 22, 20)") is (scheme == "dark")
            if axe is not None:
                page.evaluate(axe)
                result = page.evaluate("axe.run(document, {iframes: false, resultTypes: ['violations']})")
                faults += [
                    f"{place} {scheme}: {one['id']} {one['nodes'][0]['html'][:150]}"
                    for one in result["violations"] if one["impact"] in ("serious", "critical")
                ]  # fmt: skip
    stack.close()
    assert not faults
    if axe is None:
        pytest.skip("axe-core cannot be fetched: everything but its judgement was checked")


def test_the_full_replay_runs_the_scripts_of_the_page_in_a_browser_of_its_own(
    chromium: Browser, gazette: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "replay.png"
    headless = FullReplays(extra=("--headless=new", f"--screenshot={picture}", "--window-size=600,400"))
    with WebServer([gazette], port=0, replays=headless) as server:
        page = opened(chromium, java_script_enabled=False)
        page.goto(f"{server.url}gazette/search?q=title:corrected")
        page.locator(".hit h2 a").first.click()
        page.get_by_role("link", name="Page as it was").click()
        page.get_by_role("button", name="Open the full replay").click()
        page.wait_for_url("**/page?replay=open")
        assert "a browser window of its own" in page.get_by_role("status").inner_text()
        (window,) = headless._open
        assert window._process.wait(60) == 0  # headless, it ends with its picture
    assert picture.stat().st_size > 1000


def _weight(answer: Any) -> int:
    if "image" in (answer.headers.get("content-type") or "") or answer.frame.parent_frame is not None:
        return 0
    return int(answer.headers.get("content-length") or 0)
