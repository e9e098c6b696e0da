"""A real browser sees in the archive what it saw on the live site, to the pixel, and asks nobody else."""

from __future__ import annotations

import os
from pathlib import Path

import needs
import pytest
from made_site import PAGES, SITE, MadeSite, served

from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.certificates import Authority
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayOutcome, ReplayResponse
from broadsheet.archive.replay.server import ReplayServer
from broadsheet.replay.browser import ProxyTrust, browser_arguments, is_browser_own
from broadsheet.replay.devtools import headless_browser
from broadsheet.replay.visit import PageVisit, visit_page

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Shown = dict[str, PageVisit]
Watched = list[tuple[ReplayRequest, ReplayResponse]]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shown, Shown, Watched]:
    """Every page live and replayed; the live site is switched off before the replay begins."""
    browser = needs.browser()
    site, authority = MadeSite(), Authority()
    with served(site, authority) as (http, https):

        def live_arguments(profile: Path) -> list[str]:
            return [
                f"--user-data-dir={profile}",
                f"--host-resolver-rules=MAP *:80 127.0.0.1:{http} , MAP *:443 127.0.0.1:{https}",
                f"--ignore-certificate-errors-spki-list={authority.pin}",
                "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
                "--no-first-run",
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
            ]

        with headless_browser(browser, live_arguments) as devtools:
            live = {url: visit_page(devtools, url) for url in PAGES}
    folder = tmp_path_factory.mktemp("made")
    warc = site.write_archive(folder)
    watched: Watched = []
    replay = Replay(CaptureIndex.open([warc], folder), Spool(folder))
    with ReplayServer(replay, watch=lambda request, answer: watched.append((request, answer))) as server:
        trust = ProxyTrust(server.address, server.authority.pin)
        with headless_browser(browser, lambda profile: browser_arguments(profile, trust)) as devtools:
            replayed = {url: visit_page(devtools, url) for url in PAGES}
    return live, replayed, watched


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_the_same_to_the_pixel(both: tuple[Shown, Shown, Watched], url: str) -> None:
    live, replayed, _ = both
    was, shown = live[url], replayed[url]
    assert shown.text == was.text
    assert "failed" not in shown.text
    assert (shown.images, shown.decoded, shown.fonts, shown.sheets) == (was.images, was.decoded, was.fonts, was.sheets)
    assert shown.decoded == shown.images
    assert (shown.height, shown.title, shown.errors) == (was.height, was.title, was.errors)
    assert shown.screenshot == was.screenshot


def test_what_is_hard_really_happened(both: tuple[Shown, Shown, Watched]) -> None:
    """Guards the comparison: two pages that both failed would be alike, too."""
    _, replayed, _ = both
    home = replayed[f"{SITE}/"]
    for line in (
        "hello from the module",
        "came late",
        "worker says 40",
        "vote counted",
        "three results for storm",
        "from afar",
        "206 bytes 1000-1003/50000 0123",
        "lasts 2",
        "secure context true",
    ):
        assert line in home.text, line
    assert home.text.count("nine o'clock") == 2
    assert (home.images, home.fonts) == (4, 1)
    assert replayed[f"{SITE}/spa/story/2"].title == "Story two"
    assert "今天下雨" in replayed[f"{SITE}/gbk.html"].text
    assert "сегодня дождь" in replayed[f"{SITE}/old"].text
    assert replayed[f"{SITE}/worker-page.html"].text.strip() == "worker adds to: nine o'clock"
    assert replayed["http://plain.example/"].decoded == 1


def test_nothing_is_missing_and_nothing_leaves(both: tuple[Shown, Shown, Watched]) -> None:
    """The browser's own errands (update, sign-in) come to the proxy, too, and get a 404; there is no other way out."""
    _, _, watched = both
    missing = [request.url for request, answer in watched if not answer.outcome.is_archived]
    assert [url for url in missing if not is_browser_own(url)] == []
    assert sum(answer.outcome is ReplayOutcome.FOUND for _, answer in watched) > 30
