"""Live pages against the same pages replayed, in a headless Chromium: likeness, images and fonts decoded, seconds.

    uv run --group bench python benchmarks/replay/run.py DIR... [--pages 10] [--json FILE] [--pictures FOLDER] [--keep FOLDER]

Each DIR is a collection whose site is served at the addresses it was crawled from.  Its pages are sampled evenly; each
is visited live, the requisites that the browser asked for and the collection lacks are fetched by the capture client
into a WARC of their own, and the page is visited again through the replay.  Other hosts are out of reach: live, too,
they are answered with the 404 of a replay, of an empty archive.

SSIM is the mean over 8 x 8 windows of the grey pictures (Wang et al. 2004), 1 for the same picture.  "only in replay"
counts requests that failed in replay and not live; "leaving" those that the replay would have had to fetch.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from crawler.client.addresses import AddressPolicy
from PIL import Image

from archive.exchange import Provenance
from archive.replay.answer import Outcome
from archive.replay.holdings import Holdings
from archive.replay.payload import Spool
from archive.replay.replay import Replay
from archive.replay.request import ReplayRequest
from archive.replay.server import ReplayServer
from archive.replay.suggest import pages
from archive.warc.writer import WarcInfo, WarcWriter
from broadsheet.replay.browser import ProxyTrust, browser_arguments, find_browser, is_browser_own
from broadsheet.replay.devtools import DevTools, headless_browser
from broadsheet.replay.visit import PageVisit, visit_page
from crawler.client.client import CaptureClient, ClientOptions
from crawler.client.request import CaptureRequest

COLUMNS = (
    "site",
    "pages",
    "SSIM mean / min",
    "same picture",
    "same text",
    "images live/replay",
    "fonts",
    "s a page live / replay",
    "failed only in replay",
    "404s",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One page."""

    url: str
    ssim: float
    same: bool
    text_same: bool
    images: tuple[int, int]
    fonts: tuple[int, int]
    live_seconds: float
    replay_seconds: float
    requests: int
    only_in_replay: tuple[str, ...]


def similarity(one: bytes, other: bytes, window: int = 8) -> float:
    """Mean SSIM of two PNGs; pictures of unequal size are compared where both are, and lose the share that is not."""
    first, second = (np.asarray(Image.open(io.BytesIO(png)).convert("L"), np.float64) for png in (one, other))
    height, width = min(first.shape[0], second.shape[0]), min(first.shape[1], second.shape[1])
    share = height * width / max(first.size, second.size)
    first, second = first[:height, :width], second[:height, :width]

    def means(values: np.ndarray) -> np.ndarray:
        table = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
        sums = table[window:, window:] - table[:-window, window:] - table[window:, :-window] + table[:-window, :-window]
        return sums / window**2

    mean1, mean2 = means(first), means(second)
    variance1, variance2 = means(first**2) - mean1**2, means(second**2) - mean2**2
    covariance = means(first * second) - mean1 * mean2
    steady1, steady2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean1 * mean2 + steady1) * (2 * covariance + steady2)
    below = (mean1**2 + mean2**2 + steady1) * (variance1 + variance2 + steady2)
    return float((above / below).mean()) * share


def sampled(holdings: Holdings, count: int) -> list[str]:
    """*count* pages, evenly over the collection."""
    found = pages(holdings, 4000)
    step = max(1, len(found) // count)
    return found[::step][:count]


def live_arguments(hosts: set[str], trust: ProxyTrust, profile: Path) -> list[str]:
    """A browser that reaches *hosts*, and for all others the proxy of *trust*."""
    bypass = "--proxy-bypass-list="
    arguments = [
        one for one in browser_arguments(profile, trust) if not one.startswith((bypass, "--host-resolver-rules"))
    ]
    return [*arguments, bypass + ";".join(sorted(hosts))]


@contextlib.contextmanager
def live_browser(hosts: set[str], folder: Path, browser: Path) -> Iterator[DevTools]:
    with ReplayServer(Replay(Holdings([]), Spool(folder))) as nothing:
        trust = ProxyTrust(nothing.address, nothing.authority.pin)
        with headless_browser(browser, lambda profile: live_arguments(hosts, trust, profile)) as devtools:
            yield devtools


async def fetch(urls: list[str], folder: Path) -> None:
    """Capture *urls* into a WARC in *folder*."""
    headers = (("User-Agent", "broadsheet-benchmark"), ("Accept", "*/*"), ("Accept-Encoding", "gzip, br"))
    with WarcWriter(folder, prefix="requisites", info=WarcInfo(software="broadsheet")) as writer:
        async with CaptureClient(ClientOptions(timeout=20), AddressPolicy(allow_private=True)) as client:
            for url in urls:
                writer.write_exchange(await client.fetch(CaptureRequest(url, headers=headers)), Provenance())


def lacking(replay: Replay, visits: list[PageVisit]) -> list[str]:
    """What the browser fetched live with success and the collection cannot answer."""
    asked = [one.url for visit in visits for one in visit.requests if 0 < one.status < 400 and one.method == "GET"]
    return [
        url
        for url in dict.fromkeys(url.partition("#")[0] for url in asked)
        if replay.answer(ReplayRequest("GET", url)).outcome is not Outcome.FOUND
    ]


@contextlib.contextmanager
def replayed(sources: list[Path], folder: Path, browser: Path, missed: list[str]) -> Iterator[DevTools]:
    """A browser on the replay of *sources*."""

    def watch(request: ReplayRequest, answer: object) -> None:
        if answer.outcome is not Outcome.FOUND and not is_browser_own(request.url):
            missed.append(request.url)

    replay = Replay(Holdings.open(sources, folder), Spool(folder))
    with ReplayServer(replay, watch=watch) as server:
        trust = ProxyTrust(server.address, server.authority.pin)
        with headless_browser(browser, lambda profile: browser_arguments(profile, trust)) as devtools:
            yield devtools


def compare(live: PageVisit, again: PageVisit) -> Row:
    failed_live = {one.url for one in live.failed}
    failures = tuple(sorted({one.url for one in again.failed} - failed_live))
    return Row(
        url=live.url,
        ssim=round(similarity(live.screenshot, again.screenshot), 5),
        same=live.screenshot == again.screenshot,
        text_same=live.text == again.text,
        images=(live.decoded, again.decoded),
        fonts=(live.fonts, again.fonts),
        live_seconds=round(live.seconds, 2),
        replay_seconds=round(again.seconds, 2),
        requests=len(again.requests),
        only_in_replay=failures,
    )


def measure(collection: Path, options: argparse.Namespace, browser: Path) -> tuple[list[Row], int]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        holdings = Holdings.open([collection], folder)
        urls = sampled(holdings, options.pages)
        hosts = {urlsplit(url).hostname or "" for url in urls}
        with live_browser(hosts, folder, browser) as devtools:
            live = [visit_page(devtools, url) for url in urls]
        wanted = lacking(Replay(holdings, Spool(folder)), live)
        requisites = (options.keep or folder / "requisites") / collection.name
        requisites.mkdir(parents=True)
        asyncio.run(fetch(wanted, requisites))
        extra = sorted(requisites.glob("*.warc.gz"))
        missed: list[str] = []
        start = time.monotonic()
        with replayed([collection, *extra], folder, browser, missed) as devtools:
            print(f"# {collection.name}: browser and replay up in {time.monotonic() - start:.1f} s", file=sys.stderr)
            again = [visit_page(devtools, url) for url in urls]
        rows = [compare(*pair) for pair in zip(live, again, strict=True)]
        if options.pictures:
            keep_pictures(options.pictures, live, again, rows)
        return rows, len(missed)


def keep_pictures(folder: Path, live: list[PageVisit], again: list[PageVisit], rows: list[Row]) -> None:
    """Both pictures of every page that is not the same."""
    folder.mkdir(exist_ok=True)
    for one, other, row in zip(live, again, rows, strict=True):
        if not row.same:
            name = "".join(char if char.isalnum() else "_" for char in row.url)[-80:]
            (folder / f"{name}-live.png").write_bytes(one.screenshot)
            (folder / f"{name}-replay.png").write_bytes(other.screenshot)


def show(name: str, rows: list[Row], missed: int) -> None:
    for row in rows:
        print(
            f"{row.ssim:.5f} {row.images[0]:>3}/{row.images[1]:<3} {row.live_seconds:5.2f} {row.replay_seconds:5.2f} {row.url}"
        )
        for url in row.only_in_replay:
            print(f"        only in replay: {url}")
    likeness = [row.ssim for row in rows]
    images = [sum(row.images[side] for row in rows) for side in (0, 1)]
    fonts = [sum(row.fonts[side] for row in rows) for side in (0, 1)]
    print(
        f"| {name} | {len(rows)} | {np.mean(likeness):.5f} / {min(likeness):.5f} | {sum(row.same for row in rows)} | "
        f"{sum(row.text_same for row in rows)} | {images[0]}/{images[1]} | {fonts[0]}/{fonts[1]} | "
        f"{np.mean([row.live_seconds for row in rows]):.2f} / {np.mean([row.replay_seconds for row in rows]):.2f} | "
        f"{sum(len(row.only_in_replay) for row in rows)} | {missed} |",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--pictures", type=Path, help="keep pictures of pages that differ")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the WARCs of the requisites here")
    parser.add_argument("--browser", type=Path)
    options = parser.parse_args()
    browser = find_browser(options.browser)
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    everything = {}
    for collection in options.collections:
        rows, missed = measure(collection, options, browser)
        show(collection.name, rows, missed)
        everything[collection.name] = {"rows": [asdict(row) for row in rows], "missed": missed}
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1))
    likest = min(row["ssim"] for site in everything.values() for row in site["rows"])
    return 0 if likest >= 0.999 else 1


if __name__ == "__main__":
    sys.exit(main())
