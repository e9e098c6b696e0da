"""Pages seen through each reader of an archive, all in browsers of their own whose connections are counted.

Live, through our own replay, through pywb in proxy mode, and in replayweb.page: used by the tests and by the benchmark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import net_log
import pywb_proxy
import replayweb_page
from net_log import Connections

from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayResponse
from broadsheet.archive.replay.server import ReplayServer
from broadsheet.replay.browser import ProxyTrust, browser_arguments
from broadsheet.replay.devtools import DevTools, headless_browser
from broadsheet.replay.visit import PageVisit, visit_page

OnResponse = Callable[[ReplayRequest, ReplayResponse], None]


@dataclass(frozen=True, slots=True)
class Watched:
    """The pages in the order asked for; what the browser connected to; what pages asked for outside of their replay."""

    pages: tuple[PageVisit, ...]
    connections: Connections
    leaks: tuple[str, ...] = ()


def own(
    archive: Path,
    urls: Sequence[str],
    browser: Path,
    folder: Path,
    on_answer: OnResponse = lambda _request, _answer: None,
) -> Watched:
    """Through our own proxy over *archive*, a collection, a WARC or a WACZ; *folder* is for temporary files."""
    replay = Replay(CaptureIndex.open([archive], folder), Spool(folder))
    with ReplayServer(replay, watch=on_answer) as server:
        trust = ProxyTrust(server.address, server.authority.pin)
        return _watched(browser, folder, lambda profile: browser_arguments(profile, trust), urls, server.address)


def through_pywb(programs: Path, collection: Path, urls: Sequence[str], browser: Path, folder: Path) -> Watched:
    """Through pywb's proxy over the WARCs and the index of *collection*."""
    index = collection / "indexes/index.cdxj"
    with pywb_proxy.serving(programs, collection / "archive", folder, ours=index) as address:

        def arguments(profile: Path) -> list[str]:  # pywb signs with a key of its own
            return [*browser_arguments(profile, ProxyTrust(address, "none")), "--ignore-certificate-errors"]

        return _watched(browser, folder, arguments, urls, address)


def rewritten_by_pywb(programs: Path, collection: Path, urls: Sequence[str], browser: Path, folder: Path) -> Watched:
    """By pywb's own addresses, its pages rewritten, with a banner of its own above them."""
    index = collection / "indexes/index.cdxj"
    with pywb_proxy.serving(programs, collection / "archive", folder, ours=index) as address:
        place = f"http://{address}/ours/mp_/"

        def visit(devtools: DevTools, url: str) -> PageVisit:
            return visit_page(devtools, place + url, shown_in=lambda frame: "mp_/" in frame)

        watched = _watched(browser, folder, _no_other_host, urls, address, visit)
    leaks = [one.url for page in watched.pages for one in page.requests if not one.url.startswith(f"http://{address}/")]
    return Watched(watched.pages, watched.connections, tuple(leaks))


def in_replayweb_page(program: Path, wacz: Path, urls: Sequence[str], browser: Path, folder: Path) -> Watched:
    """In replayweb.page, which reads *wacz* in the browser."""
    with replayweb_page.serving(wacz, program) as origin:

        def visit(devtools: DevTools, url: str) -> PageVisit:
            shown: PageVisit = replayweb_page.visit(devtools, origin, url)
            return shown

        watched = _watched(browser, folder, _no_other_host, urls, origin.removeprefix("http://"), visit)
        leaks = [url for page in watched.pages for url in replayweb_page.leaks(origin, page)]
        return Watched(watched.pages, watched.connections, tuple(leaks))


def quiet_arguments(profile: Path, rules: str) -> list[str]:
    """A browser without a proxy and without errands of its own, to whom *rules* say where hosts are."""
    proxied = ("--proxy-", "--host-resolver-rules", "--ignore-certificate-errors")
    arguments = [one for one in browser_arguments(profile, ProxyTrust("none", "none")) if not one.startswith(proxied)]
    return [*arguments, f"--host-resolver-rules={rules}"]


def _no_other_host(profile: Path) -> list[str]:
    return quiet_arguments(profile, "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")


def live(browser: Path, arguments: Callable[[Path], Sequence[str]], urls: Sequence[str]) -> tuple[PageVisit, ...]:
    """The pages as they are, by a browser with these *arguments*."""
    with headless_browser(browser, arguments) as devtools:
        return tuple(visit_page(devtools, url) for url in urls)


def _watched(
    browser: Path,
    folder: Path,
    arguments: Callable[[Path], Sequence[str]],
    urls: Sequence[str],
    address: str,
    visit: Callable[[DevTools, str], PageVisit] = visit_page,
) -> Watched:
    log = folder / "network.json"
    with headless_browser(browser, lambda profile: [*arguments(profile), *net_log.arguments(log)]) as devtools:
        pages = tuple(visit(devtools, url) for url in urls)
    return Watched(pages, net_log.connections(log, address))
