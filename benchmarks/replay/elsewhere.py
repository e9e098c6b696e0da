"""The rest of the Web, played by made pages: what the frames of a site show that are on hosts out of reach.

A crawl captures such frames with its pages; here nobody can, so each reader would show a page of its own that says so, and
the live page whatever the browser says.  Instead the live side and every reader get the same archive of stand-ins, one
for each frame.  All else on other hosts stays out of reach, on all sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter
from broadsheet.replay.visit import PageVisit
from broadsheet.warcs.indexing import index_inputs


def frames_elsewhere(visits: Iterable[PageVisit], hosts: set[str]) -> list[str]:
    """What frames of these pages show of other hosts than *hosts*.

    That is what the page says, and what the browser asked their hosts for, in vain: Chromium has the address of YouTube's HTML
    player for that of its Flash player.
    """
    found: dict[str, None] = {}
    for visit in visits:
        said = [box.url for box in visit.frames if box.url.startswith("http")]
        elsewhere = {urlsplit(url).hostname for url in said} - hosts
        for url in [*said, *(one.url for one in visit.failed)]:
            if urlsplit(url).hostname in elsewhere:
                found[url.partition("#")[0]] = None
    return list(found)


def stand_ins(urls: Iterable[str], folder: Path) -> Path:
    """A WARC in *folder* with a page for each of *urls*."""
    now = datetime.now(UTC)
    with WarcWriter(folder, prefix="elsewhere", info=WarcInfo(software="benchmarks/replay")) as writer:
        for url in urls:
            parts = urlsplit(url)
            body = (
                f"<!doctype html><title>{parts.hostname}</title><body style='background:#357;color:#fff'>{parts.hostname}"
            ).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            request = f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
            writer.write_exchange(Exchange(url, now, 0.0, request, b"", head + body, len(head), 200), Provenance())
    return folder / writer.finished[-1].filename


def together(collection: Path, elsewhere: Path, folder: Path) -> Path:
    """A new *folder*, laid out like a collection, of the WARCs of *collection* and that of the stand-ins."""
    for name in ("archive", "indexes"):
        (folder / name).mkdir(parents=True)
    for warc in [*sorted((collection / "archive").iterdir()), elsewhere]:
        (folder / "archive" / warc.name).symlink_to(warc.absolute())
    index_inputs([folder], folder / "indexes/index.cdxj")
    return folder
