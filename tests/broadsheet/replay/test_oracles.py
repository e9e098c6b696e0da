"""A site that is hard to replay, crawled as users crawl it, then held against programs of others that know nothing of us.

One crawl over TLS on loopback makes the archive.  Its pages are seen live, through our replay, through pywb's proxy and
by its rewriting (our WARC and CDXJ), and in replayweb.page (our WACZ).  cdxj-indexer makes the index again, py-wacz
validates the WACZ.
"""

from __future__ import annotations

import json
import subprocess
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import needs
import net_log
import oracle_programs
import pytest
import watching
from crawled_site import crawl
from likeness import likeness
from loopback_socks import all_names_here
from made_site import CDN, PAGES, SITE, MadeSite, resources, served
from watching import Watched

from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.certificates import Authority
from broadsheet.replay.browser import find_browser
from broadsheet.replay.visit import PageVisit
from broadsheet.warcs.packing import pack_inputs

pytestmark = [pytest.mark.slow, pytest.mark.oracle]

# What only scripts know, as a user would name it to the crawl
BY_SCRIPT = ("/api/now", "/api/now?id=3", "/api/story/2", "/film.bin", "/sw.js")
READERS = ("own", "pywb", "pywb, rewriting", "replayweb.page")
LEAST = {"own": 1.0, "pywb": 0.995, "replayweb.page": 0.98}  # what rewriting pywb shows is under its banner
# Where readers show other words than the live page, for reasons of their own
OTHER_WORDS = {
    ("pywb", f"{SITE}/"): "no rule for the cache-buster cb=",
    ("pywb, rewriting", f"{SITE}/"): "it puts eval into modules",
    ("pywb, rewriting", f"{SITE}/worker-page.html"): "no service workers",
    ("replayweb.page", f"{SITE}/gbk.html"): "an encoding that the header alone names",
    ("replayweb.page", f"{SITE}/worker-page.html"): "pages cannot have service workers beside its own",
}


@dataclass(frozen=True, slots=True)
class Archived:
    """The crawl's collection, its WACZ, and how the site looked while it was there."""

    collection: Path
    wacz: Path
    live: dict[str, PageVisit] | None


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Archived:
    folder = tmp_path_factory.mktemp("oracles")
    collection, wacz = folder / "collection", folder / "site.wacz"
    site, authority = MadeSite(resources(posting=False)), Authority()
    with served(site, authority) as (http, https), all_names_here(http, https) as (proxy, hosts):
        with ThreadPoolExecutor(1) as beside:
            looking = beside.submit(_live, authority, http, https)
            asked = (*PAGES, *(SITE + path for path in BY_SCRIPT), f"{CDN}/data.json")
            code, _, told = crawl(collection, *asked, "--proxy", proxy)
        assert code == 0, told
        assert hosts == {"news.example", "cdn.example", "plain.example"}
        live = looking.result()
    _, damages = pack_inputs([collection], wacz)
    assert damages == []
    return Archived(collection, wacz, live)


def _live(authority: Authority, http: int, https: int) -> dict[str, PageVisit] | None:
    try:
        browser = find_browser()
    except BadInput:
        return None
    rules = f"MAP *:80 127.0.0.1:{http} , MAP *:443 127.0.0.1:{https}"

    def arguments(profile: Path) -> list[str]:
        trust = f"--ignore-certificate-errors-spki-list={authority.pin}"
        return [*watching.quiet_arguments(profile, rules), trust]

    return dict(zip(PAGES, watching.live(browser, arguments, PAGES), strict=True))


@pytest.fixture(scope="module")
def seen(archived: Archived, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[Watched]]:
    """The pages through each reader, all at once, for much of it is waiting."""
    browser = needs.browser()
    folders = {reader: tmp_path_factory.mktemp("reader") for reader in READERS}
    ways: dict[str, Callable[[], Watched]] = {
        "own": lambda: watching.own(archived.collection, PAGES, browser, folders["own"]),
        "pywb": lambda: watching.through_pywb(
            oracle_programs.pywb(), archived.collection, PAGES, browser, folders["pywb"]
        ),
        "pywb, rewriting": lambda: watching.rewritten_by_pywb(
            oracle_programs.pywb(), archived.collection, PAGES, browser, folders["pywb, rewriting"]
        ),
        "replayweb.page": lambda: watching.in_replayweb_page(
            oracle_programs.replayweb_page(), archived.wacz, PAGES, browser, folders["replayweb.page"]
        ),
    }
    with ThreadPoolExecutor(len(ways)) as pool:
        return {reader: pool.submit(way) for reader, way in ways.items()}


def watched(seen: dict[str, Future[Watched]], reader: str) -> Watched:
    try:
        return seen[reader].result()
    except oracle_programs.Unavailable as error:
        warnings.warn(f"AN ORACLE IS NOT HERE: {error}", stacklevel=1)
        pytest.skip(str(error))


@pytest.mark.browser
@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_shows_the_page_as_it_was(
    archived: Archived, seen: dict[str, Future[Watched]], reader: str, url: str
) -> None:
    assert archived.live is not None
    was, shown = archived.live[url], watched(seen, reader).pages[PAGES.index(url)]
    assert (shown.images, shown.decoded, shown.fonts) == (was.images, was.decoded, was.fonts)
    assert shown.decoded == shown.images
    if (reader, url) in OTHER_WORDS:
        assert shown.text != was.text, f"it does now, in spite of: {OTHER_WORDS[reader, url]}"
    else:
        assert shown.text == was.text
        assert reader not in LEAST or likeness(was.screenshot, shown.screenshot) >= LEAST[reader]
        assert reader != "own" or shown.screenshot == was.screenshot


@pytest.mark.browser
def test_what_is_hard_really_happened(archived: Archived) -> None:
    """Guards the comparison: two pages that both failed would be alike, too."""
    assert archived.live is not None
    home = archived.live[f"{SITE}/"]
    for line in ("hello from the module", "came late", "worker says 40", "from afar", "lasts 2", "206 bytes 1000-1003"):
        assert line in home.text
    assert (home.decoded, home.fonts, home.text.count("nine o'clock")) == (4, 1, 2)
    assert archived.live[f"{SITE}/spa/story/2"].title == "Story two"
    assert "今天下雨" in archived.live[f"{SITE}/gbk.html"].text
    assert archived.live[f"{SITE}/worker-page.html"].text.strip() == "worker adds to: nine o'clock"


@pytest.mark.browser
@pytest.mark.parametrize("reader", READERS)
def test_nothing_leaves_this_machine(seen: dict[str, Future[Watched]], reader: str) -> None:
    told = watched(seen, reader)
    assert told.connections.elsewhere == ()
    assert told.connections.names == ()
    assert told.leaks == ()
    assert told.connections.here > 0  # the log was written, and read


def test_leaks_would_be_seen(tmp_path: Path) -> None:
    """The count itself: a log as Chromium writes it, of a browser that reached out in each way, cut off at the end."""
    kinds = {name: number for number, name in enumerate(("TCP_CONNECT_ATTEMPT", "UDP_CONNECT", "UDP_BYTES_SENT"))}
    constants = {"constants": {"logEventTypes": {**kinds, "HOST_RESOLVER_SYSTEM_TASK": 3}}}
    events = [
        {"type": 0, "source": {"id": 1}, "params": {"address": "127.0.0.1:80"}},
        {"type": 0, "source": {"id": 2}, "params": {"address": "192.0.2.7:443"}},
        {"type": 0, "source": {"id": 2}, "params": {"address": "127.0.0.1:8080"}},  # the live site is no replay, either
        {"type": 1, "source": {"id": 3}, "params": {"address": "[2001:db8::1]:443"}},  # no packet follows
        {"type": 1, "source": {"id": 4}, "params": {"address": "[2001:db8::2]:53"}},
        {"type": 2, "source": {"id": 4}, "params": {"byte_count": 12}},
        {"type": 3, "source": {"id": 5}, "params": {"hostname": "tracker.example"}},
        {"type": 3, "source": {"id": 5}},
    ]
    text = json.dumps(constants)[:-1] + ',\n"events": [\n' + ",\n".join(map(json.dumps, events)) + ',\n{"type": 0, "par'
    (tmp_path / "log.json").write_text(text)
    found = net_log.connections(tmp_path / "log.json", "127.0.0.1:80")
    assert found == net_log.Connections(
        1, ("192.0.2.7:443", "127.0.0.1:8080", "[2001:db8::2]:53"), ("tracker.example",)
    )


def test_cdxj_indexer_gives_the_same_lines(archived: Archived) -> None:
    programs = needs.installed(oracle_programs.indexers)
    warcs = sorted((archived.collection / "archive").glob("*.warc.gz"))
    command = [str(programs / "cdxj-indexer"), "--sort", *map(str, warcs)]
    theirs = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    ours = (archived.collection / "indexes/index.cdxj").read_text("utf-8")
    assert ours == theirs
    assert len(ours.splitlines()) > 35


def test_py_wacz_takes_the_wacz(archived: Archived, tmp_path: Path) -> None:
    programs = needs.installed(oracle_programs.indexers)

    def validate(path: Path) -> subprocess.CompletedProcess[str]:
        command = [str(programs / "wacz"), "validate", "-f", str(path)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    done = validate(archived.wacz)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Validation succeeded" in done.stdout
    damaged = bytearray(archived.wacz.read_bytes())
    damaged[2000] ^= 1  # within the WARC
    (tmp_path / "damaged.wacz").write_bytes(bytes(damaged))
    assert "Validation succeeded" not in validate(tmp_path / "damaged.wacz").stdout
