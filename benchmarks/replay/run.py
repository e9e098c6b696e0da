"""Live pages against the same pages replayed, in a headless Chromium: likeness, images and fonts decoded, leaks, seconds.

    uv run --group bench python benchmarks/replay/run.py DIR... [--pages 10] [--through own,pywb,replayweb.page]
        [--json FILE] [--pictures FOLDER]

Each DIR is a collection that `broadsheet crawl` made, requisites and all, whose site is served at the addresses it was
crawled from.  Its pages are sampled evenly; each is visited live, and again through our own replay, through pywb in proxy
mode over our WARCs and our index, and in replayweb.page over the WACZ that `broadsheet pack` makes of it.  The programs of
others are installed as the tests do it (tests/broadsheet/replay/oracle_programs.py).  Other hosts are out of reach, but
for the documents of frames on them: those are made pages that the live side and every reader have (elsewhere.py).  All else is
answered with a replay's 404, live, too.

A page is "whole" when the archive has all that the browser fetched live with success.  SSIM is the mean over 8 x 8 windows
of the grey pictures (Wang et al. 2004), 1 for the same picture; "of the captured" is the same without the boxes of frames
whose documents are not in the archive: there every reader shows a page of its own that says so.  "text" the share of the words that both sides show.  "only
in replay" counts requests that failed in replay and not live, without icons, which browsers ask for when it suits them.  "leaks" are the connections of the browser to any address
but the reader's, by its own log of the network, names it looked up, and requests of replayweb.page that were not rewritten.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/broadsheet/replay"))

import oracle_programs  # noqa: E402
import replayweb_page  # noqa: E402
import watching  # noqa: E402
from elsewhere import frames_elsewhere, stand_ins, together  # noqa: E402
from likeness import likeness  # noqa: E402

from broadsheet.archive.replay.capture_index import CaptureIndex  # noqa: E402
from broadsheet.archive.replay.payload import Spool  # noqa: E402
from broadsheet.archive.replay.replay import Replay  # noqa: E402
from broadsheet.archive.replay.request import ReplayRequest  # noqa: E402
from broadsheet.archive.replay.response import ReplayOutcome  # noqa: E402
from broadsheet.archive.replay.server import ReplayServer  # noqa: E402
from broadsheet.archive.replay.suggestions import pages  # noqa: E402
from broadsheet.replay.browser import ProxyTrust, browser_arguments, find_browser  # noqa: E402
from broadsheet.replay.visit import PageVisit  # noqa: E402
from broadsheet.warcs.packing import pack_inputs  # noqa: E402

WAYS = ("own", "pywb", "replayweb.page")
COLUMNS = (
    "site",
    "through",
    "pages (whole)",
    "SSIM mean / min",
    "of the captured",
    "same picture",
    "text min",
    "images live/replay",
    "fonts",
    "s a page",
    "only in replay",
    "leaks",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One page, one way."""

    url: str
    ssim: float
    captured: float  # SSIM without the frames that are not in the archive
    same: bool
    text: float
    images: tuple[int, int]
    fonts: tuple[int, int]
    seconds: float
    only_in_replay: tuple[str, ...]
    whole: bool


def sampled(index: CaptureIndex, count: int) -> list[str]:
    """*count* pages, evenly over the collection."""
    found = pages(index, 4000)
    step = max(1, len(found) // count)
    return found[::step][:count]


def live_arguments(hosts: set[str], trust: ProxyTrust, profile: Path) -> list[str]:
    """A browser that reaches *hosts*, and for all others the proxy of *trust*."""
    bypass = "--proxy-bypass-list="
    arguments = [
        one for one in browser_arguments(profile, trust) if not one.startswith((bypass, "--host-resolver-rules"))
    ]
    return [*arguments, bypass + ";".join(sorted(hosts))]


def visited_live(
    hosts: set[str], others: CaptureIndex, folder: Path, browser: Path, urls: list[str]
) -> tuple[PageVisit, ...]:
    """The pages, with *others* for what is not on *hosts*."""
    with ReplayServer(Replay(others, Spool(folder))) as elsewhere:
        trust = ProxyTrust(elsewhere.address, elsewhere.authority.pin)
        return watching.live(browser, lambda profile: live_arguments(hosts, trust, profile), urls)


def lacks(replay: Replay, visit: PageVisit, hosts: set[str]) -> list[str]:
    """What the browser fetched live from *hosts*, with success, and the collection cannot answer."""
    asked = [
        one.url.partition("#")[0]
        for one in visit.requests
        if 0 < one.status < 400 and one.method == "GET" and urlsplit(one.url).hostname in hosts
    ]
    return [url for url in dict.fromkeys(asked) if not is_there(replay, url)]


def is_there(replay: Replay, url: str) -> bool:
    return replay.answer(ReplayRequest("GET", url)).outcome is ReplayOutcome.FOUND


def words(visit: PageVisit) -> set[str]:
    return set(visit.text.split())


def _archived(url: str, way: str) -> str | None:
    """What a request is for; None when it is for a part of the reader that lives in the page."""
    return replayweb_page.archived_url(url) if way == "replayweb.page" else url


def _bare(url: str) -> str:
    """Without the scheme: Chromium asks some hosts by https alone, but not where another host answers for them."""
    return url.partition("://")[2]


def compare(way: str, live: PageVisit, again: PageVisit, replay: Replay, *, whole: bool) -> Row:
    failed_live = {_bare(one.url) for one in live.failed}
    failed_again = {_bare(url) for one in again.failed if (url := _archived(one.url, way)) is not None}
    failed_again = {url for url in failed_again if not url.endswith("/favicon.ico")}
    absent = [box for box in live.frames if box.url.startswith("http") and not is_there(replay, box.url)]
    both, either = words(live) & words(again), words(live) | words(again)
    return Row(
        url=live.url,
        ssim=round(likeness(live.screenshot, again.screenshot), 5),
        captured=round(likeness(live.screenshot, again.screenshot, without=absent), 5),
        same=live.screenshot == again.screenshot,
        text=round(len(both) / len(either), 4) if either else 1.0,
        images=(live.decoded, again.decoded),
        fonts=(live.fonts, again.fonts),
        seconds=round(again.seconds, 2),
        only_in_replay=tuple(sorted(failed_again - failed_live)),
        whole=whole,
    )


def watched(way: str, inputs: Sequence[Path], urls: list[str], browser: Path, folder: Path) -> watching.Watched:
    """The pages through a reader; *inputs* are a collection and, if need be, a WARC of stand-ins."""
    folder.mkdir()
    collection = together(*inputs, folder / "together") if len(inputs) == 2 else inputs[0]
    if way == "pywb":
        return watching.through_pywb(oracle_programs.pywb(), collection, urls, browser, folder)
    if way == "replayweb.page":
        pack_inputs(inputs, folder / "site.wacz")
        program = oracle_programs.replayweb_page()
        return watching.in_replayweb_page(program, folder / "site.wacz", urls, browser, folder)
    return watching.own(collection, urls, browser, folder)


def measure(collection: Path, options: argparse.Namespace, browser: Path) -> Iterator[tuple[str, list[Row], int]]:
    """For each way its name, the pages, and the leaks."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        index = CaptureIndex.open([collection], folder)
        urls = sampled(index, options.pages)
        hosts = {urlsplit(url).hostname or "" for url in urls}
        live = visited_live(hosts, CaptureIndex([]), folder, browser, urls)
        inputs = [collection.absolute()]
        if frames := frames_elsewhere(live, hosts):
            print(f"# {collection.name}: {len(frames)} frames are made pages", file=sys.stderr)
            inputs.append(stand_ins(frames, folder))
            live = visited_live(hosts, CaptureIndex.open(inputs[1:], folder), folder, browser, urls)
        replay = Replay(CaptureIndex.open(inputs, folder), Spool(folder))
        lacking = [lacks(replay, visit, hosts) for visit in live]
        for url in sorted({url for urls in lacking for url in urls}):
            print(f"# {collection.name}: not captured: {url}", file=sys.stderr)
        for way in options.through:
            told = watched(way, inputs, urls, browser, folder / way)
            rows = [
                compare(way, one, other, replay, whole=not lack)
                for one, other, lack in zip(live, told.pages, lacking, strict=True)
            ]
            if options.pictures:
                keep_pictures(options.pictures / collection.name / way, live, told.pages, rows)
            leaks = [*told.connections.elsewhere, *told.connections.names, *told.leaks]
            for leak in sorted(set(leaks)):
                print(f"# {collection.name}, {way}: leak to {leak}", file=sys.stderr)
            yield way, rows, len(leaks)


def keep_pictures(folder: Path, live: Sequence[PageVisit], again: Sequence[PageVisit], rows: list[Row]) -> None:
    """Both pictures of every page that is not the same."""
    folder.mkdir(parents=True, exist_ok=True)
    for one, other, row in zip(live, again, rows, strict=False):
        if not row.same:
            name = "".join(char if char.isalnum() else "_" for char in row.url)[-80:]
            (folder / f"{name}-live.png").write_bytes(one.screenshot)
            (folder / f"{name}-replay.png").write_bytes(other.screenshot)


def show(name: str, way: str, rows: list[Row], leaks: int) -> None:
    for row in rows:
        if row.ssim < 0.999 or row.only_in_replay:
            print(f"# {way} {row.ssim:.5f} {row.text:.4f} {row.images[0]}/{row.images[1]} {row.url}", file=sys.stderr)
            for url in row.only_in_replay:
                print(f"#     only in replay: {url}", file=sys.stderr)
    likenesses = [row.ssim for row in rows]
    images, fonts = ([sum(getattr(row, what)[side] for row in rows) for side in (0, 1)] for what in ("images", "fonts"))
    captured = [row.captured for row in rows]
    print(
        f"| {name} | {way} | {len(rows)} ({sum(row.whole for row in rows)}) | {np.mean(likenesses):.5f} / {min(likenesses):.5f} | "
        f"{np.mean(captured):.5f} / {min(captured):.5f} | {sum(row.same for row in rows)} | "
        f"{min(row.text for row in rows):.4f} | {images[0]}/{images[1]} | {fonts[0]}/{fonts[1]} | "
        f"{np.mean([row.seconds for row in rows]):.2f} | {sum(len(row.only_in_replay) for row in rows)} | {leaks} |",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collections", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--through", default="own", help=f"of {', '.join(WAYS)}, with commas between")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--pictures", type=Path, help="keep pictures of pages that differ")
    parser.add_argument("--browser", type=Path)
    options = parser.parse_args()
    options.through = options.through.split(",")
    if unknown := set(options.through) - set(WAYS):
        parser.error(f"--through takes {', '.join(WAYS)}, not {', '.join(sorted(unknown))}")
    browser = find_browser(options.browser)
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    everything: dict[str, dict[str, list[dict[str, object]]]] = {}
    for collection in options.collections:
        for way, rows, leaks in measure(collection, options, browser):
            show(collection.name, way, rows, leaks)
            everything.setdefault(collection.name, {})[way] = [asdict(row) for row in rows]
    if options.json:
        options.json.write_text(json.dumps(everything, indent=1))
    own = [row for site in everything.values() for row in site.get("own", ()) if row["whole"]]
    return 0 if all(row["ssim"] >= 0.999 for row in own) else 1


if __name__ == "__main__":
    sys.exit(main())
