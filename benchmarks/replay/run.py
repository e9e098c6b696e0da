"""Live pages against the same pages replayed, in a headless Chromium: likeness, images and fonts decoded, seconds.

    uv run --group bench python benchmarks/replay/run.py DIR... [--pages 10] [--through own,pywb] [--pywb FOLDER]
        [--json FILE] [--pictures FOLDER]

Each DIR is a collection that `broadsheet crawl` made, requisites and all, whose site is served at the addresses it was
crawled from.  Its pages are sampled evenly; each is visited live, and again through our own replay, or through pywb in
proxy mode over our WARCs and our index (FOLDER holds its `wayback`, in an environment of its own).  Other hosts are out of
reach: live, too, they are answered with the 404 of a replay, of an empty archive.

A page is "whole" when the archive has all that the browser fetched live with success.  SSIM is the mean over 8 x 8 windows
of the grey pictures (Wang et al. 2004), 1 for the same picture; "text" the share of the words that both sides show.  "only
in replay" counts requests that failed in replay and not live.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

from archive.replay.answer import Outcome
from archive.replay.holdings import Holdings
from archive.replay.payload import Spool
from archive.replay.replay import Replay
from archive.replay.request import ReplayRequest
from archive.replay.server import ReplayServer
from archive.replay.suggest import pages
from broadsheet.replay.browser import ProxyTrust, browser_arguments, find_browser, is_browser_own
from broadsheet.replay.devtools import DevTools, headless_browser
from broadsheet.replay.visit import PageVisit, visit_page

COLUMNS = (
    "site",
    "through",
    "pages (whole)",
    "SSIM mean / min",
    "min of whole",
    "same picture",
    "text min",
    "images live/replay",
    "fonts",
    "s a page",
    "only in replay",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One page, one way."""

    url: str
    ssim: float
    same: bool
    text: float
    images: tuple[int, int]
    fonts: tuple[int, int]
    seconds: float
    only_in_replay: tuple[str, ...]
    whole: bool


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


def lacks(replay: Replay, visit: PageVisit, hosts: set[str]) -> list[str]:
    """What the browser fetched live from *hosts*, with success, and the collection cannot answer."""
    asked = [
        one.url.partition("#")[0]
        for one in visit.requests
        if 0 < one.status < 400 and one.method == "GET" and urlsplit(one.url).hostname in hosts
    ]
    return [
        url for url in dict.fromkeys(asked) if replay.answer(ReplayRequest("GET", url)).outcome is not Outcome.FOUND
    ]


def through_own(collection: Path, folder: Path, browser: Path, urls: list[str]) -> Iterator[PageVisit]:
    left: list[str] = []

    def watch(request: ReplayRequest, answer: object) -> None:
        if answer.outcome is not Outcome.FOUND and not is_browser_own(request.url):
            left.append(request.url)

    replay = Replay(Holdings.open([collection], folder), Spool(folder))
    with ReplayServer(replay, watch=watch) as server:
        trust = ProxyTrust(server.address, server.authority.pin)
        with headless_browser(browser, lambda profile: browser_arguments(profile, trust)) as devtools:
            yield from (visit_page(devtools, url) for url in urls)
    print(f"# {collection.name}: {len(left)} requests had no capture", file=sys.stderr)


def through_pywb(collection: Path, folder: Path, browser: Path, urls: list[str], programs: Path) -> Iterator[PageVisit]:
    with pywb_serving(programs, collection.absolute(), folder) as address:

        def arguments(profile: Path) -> list[str]:
            return [*browser_arguments(profile, ProxyTrust(address, "none")), "--ignore-certificate-errors"]

        with headless_browser(browser, arguments) as devtools:
            yield from (visit_page(devtools, url) for url in urls)


@contextlib.contextmanager
def pywb_serving(programs: Path, collection: Path, folder: Path) -> Iterator[str]:
    """The address of a pywb, as a proxy, over the index and the WARCs of *collection*."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    (folder / "config.yaml").write_text(
        f"collections:\n  ours:\n    index_paths: {collection}/indexes/index.cdxj\n"
        f"    archive_paths: {collection}/archive/\n"
        "proxy:\n  coll: ours\n  use_banner: false\n  use_head_insert: false\n"
    )
    command = [programs / "wayback", "--bind", "127.0.0.1", "--port", str(port)]
    with (folder / "pywb.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_for(process, port)
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.1)
    raise SystemExit("pywb did not start")


def words(visit: PageVisit) -> set[str]:
    return set(visit.text.split())


def compare(live: PageVisit, again: PageVisit, *, whole: bool) -> Row:
    failed_live = {one.url for one in live.failed}
    both, either = words(live) & words(again), words(live) | words(again)
    return Row(
        url=live.url,
        ssim=round(similarity(live.screenshot, again.screenshot), 5),
        same=live.screenshot == again.screenshot,
        text=round(len(both) / len(either), 4) if either else 1.0,
        images=(live.decoded, again.decoded),
        fonts=(live.fonts, again.fonts),
        seconds=round(again.seconds, 2),
        only_in_replay=tuple(sorted({one.url for one in again.failed} - failed_live)),
        whole=whole,
    )


def measure(collection: Path, options: argparse.Namespace, browser: Path) -> Iterator[tuple[str, list[Row]]]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        holdings = Holdings.open([collection], folder)
        urls = sampled(holdings, options.pages)
        hosts = {urlsplit(url).hostname or "" for url in urls}
        with live_browser(hosts, folder, browser) as devtools:
            live = [visit_page(devtools, url) for url in urls]
        replay = Replay(holdings, Spool(folder))
        lacking = [lacks(replay, visit, hosts) for visit in live]
        for url in sorted({url for urls in lacking for url in urls}):
            print(f"# {collection.name}: not captured: {url}", file=sys.stderr)
        for way in options.through.split(","):
            (folder / way).mkdir()
            if way == "pywb":
                visits = through_pywb(collection, folder / way, browser, urls, options.pywb)
            else:
                visits = through_own(collection, folder / way, browser, urls)
            rows, again = [], []
            with contextlib.closing(visits):
                for other, one, lack in zip(visits, live, lacking, strict=False):
                    rows.append(compare(one, other, whole=not lack))
                    again.append(other)
                    if len(rows) == 1 and rows[0].ssim < 0.5:
                        print(f"# {way}: the first page fails already; the others are left out", file=sys.stderr)
                        break
            if options.pictures:
                keep_pictures(options.pictures / collection.name / way, live, again, rows)
            yield way, rows


def keep_pictures(folder: Path, live: list[PageVisit], again: list[PageVisit], rows: list[Row]) -> None:
    """Both pictures of every page that is not the same."""
    folder.mkdir(parents=True, exist_ok=True)
    for one, other, row in zip(live, again, rows, strict=False):
        if not row.same:
            name = "".join(char if char.isalnum() else "_" for char in row.url)[-80:]
            (folder / f"{name}-live.png").write_bytes(one.screenshot)
            (folder / f"{name}-replay.png").write_bytes(other.screenshot)


def show(name: str, way: str, rows: list[Row]) -> None:
    for row in rows:
        if row.ssim < 0.999 or row.only_in_replay:
            print(f"# {way} {row.ssim:.5f} {row.text:.4f} {row.images[0]}/{row.images[1]} {row.url}", file=sys.stderr)
            for url in row.only_in_replay:
                print(f"#     only in replay: {url}", file=sys.stderr)
    likeness = [row.ssim for row in rows]
    images, fonts = ([sum(getattr(row, what)[side] for row in rows) for side in (0, 1)] for what in ("images", "fonts"))
    whole = f"{min(row.ssim for row in rows if row.whole):.5f}" if any(row.whole for row in rows) else "-"
    print(
        f"| {name} | {way} | {len(rows)} ({sum(row.whole for row in rows)}) | {np.mean(likeness):.5f} / {min(likeness):.5f} | "
        f"{whole} | {sum(row.same for row in rows)} | "
        f"{min(row.text for row in rows):.4f} | {images[0]}/{images[1]} | {fonts[0]}/{fonts[1]} | "
        f"{np.mean([row.seconds for row in rows]):.2f} | {sum(len(row.only_in_replay) for row in rows)} |",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--through", default="own", help="own, pywb, or both with a comma")
    parser.add_argument("--pywb", type=Path, metavar="FOLDER", help="where pywb's programs are")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--pictures", type=Path, help="keep pictures of pages that differ")
    parser.add_argument("--browser", type=Path)
    options = parser.parse_args()
    if unknown := set(options.through.split(",")) - {"own", "pywb"}:
        parser.error(f"--through takes own and pywb, not {', '.join(sorted(unknown))}")
    if "pywb" in options.through and options.pywb is None:
        parser.error("--through pywb needs --pywb FOLDER")
    browser = find_browser(options.browser)
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    everything: dict[str, dict[str, list[dict[str, object]]]] = {}
    for collection in options.collections:
        for way, rows in measure(collection, options, browser):
            show(collection.name, way, rows)
            everything.setdefault(collection.name, {})[way] = [asdict(row) for row in rows]
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1))
    own = [row for site in everything.values() for row in site.get("own", ()) if row["whole"]]
    return 0 if all(row["ssim"] >= 0.999 for row in own) else 1


if __name__ == "__main__":
    sys.exit(main())
