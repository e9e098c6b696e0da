"""Hosts in trouble: how often each is asked and how long it takes, by the server's log, beside an earlier version.

    uv run python benchmarks/crawl/hosts.py [--before PYTHON] [--seconds 90] [--only NAME] [--json FILE]

Each host has 60 pages, which its home page names.  *dies*: after 20 answers it closes every connection.  *throttles*: more than
five requests a second are answered with 429.  *slows*: an answer takes 50 ms times the square of how many are under way, and at
more than six it is a 503.  *retry after*: from the tenth request on 503 with ``Retry-After: 7200``.  *recovers*: four 503
after ten answers, then it is well.  The crawl has four requests at a time and no delay of its own; what has not ended after
--seconds is killed.  PYTHON is the interpreter of an environment that has the earlier version.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

PAGES = 60
KINDS = ("dies", "throttles", "slows", "retry after", "recovers")


@dataclass(slots=True)
class Host:
    """A server of one *kind*; ``asked`` counts requests for pages, ``refused`` those that got 429, 503 or nothing."""

    kind: str
    asked: int = 0
    refused: int = 0
    pages: set[str] = field(default_factory=set)
    first: float = 0.0
    last: float = 0.0
    _recent: deque[float] = field(default_factory=deque)
    _under_way: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                target = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                if target in ("/robots.txt", "/sitemap.xml"):
                    status, more = 404, ""
                else:
                    answer = await self.answer()
                    if answer is None:
                        writer.transport.abort()
                        return
                    status, more = answer
                body = (
                    "".join(f"<a href=/a-page-of-{n}>{n}</a> " for n in range(PAGES))
                    if target == "/"
                    else f"Page {target}."
                )
                body = f"<title>{target}</title><p>{body}</p>"
                head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n{more}\r\n"
                writer.write((head + body).encode())
                await writer.drain()
                if status == 200:
                    self.pages.add(target)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            with suppress(RuntimeError):  # the server has ended
                writer.close()

    async def answer(self) -> tuple[int, str] | None:
        """Status and more header lines for the next request to a page; None: the connection breaks."""
        self.asked += 1
        self.last = time.monotonic()
        self.first = self.first or self.last
        self._under_way += 1
        try:
            answer = await self._of_kind()
        finally:
            self._under_way -= 1
        self.refused += answer is None or answer[0] != 200
        return answer

    async def _of_kind(self) -> tuple[int, str] | None:
        match self.kind:
            case "dies" if self.asked > 20:
                return None
            case "throttles":
                while self._recent and self._recent[0] < self.last - 1:
                    self._recent.popleft()
                if len(self._recent) >= 5:
                    return 429, ""
                self._recent.append(self.last)
            case "slows":
                if self._under_way > 6:
                    return 503, ""
                await asyncio.sleep(0.05 * self._under_way**2)
            case "retry after" if self.asked > 10:
                return 503, "Retry-After: 7200\r\n"
            case "recovers" if 10 < self.asked <= 14:
                return 503, ""
        return 200, ""


@contextmanager
def serving(host: Host) -> Iterator[str]:
    loop, ready, ports = asyncio.new_event_loop(), threading.Event(), []

    async def start() -> None:
        server = await asyncio.start_server(host.serve, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()

    def run() -> None:
        loop.run_until_complete(start())
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()
    ready.wait()
    try:
        yield f"http://127.0.0.1:{ports[0]}/"
    finally:
        loop.call_soon_threadsafe(loop.stop)


@dataclass(frozen=True, slots=True)
class Result:
    """``seconds`` from the first to the last request."""

    kind: str
    version: str
    asked: int
    refused: int
    pages: int
    seconds: float
    exit_code: int | str


def crawl(kind: str, version: str, python: str, limit: float) -> Result:
    host = Host(kind)
    with tempfile.TemporaryDirectory() as folder, serving(host) as url:
        command = [python, "-m", "broadsheet", "crawl", url, "-q", "-o", "c", "--no-extract", "--no-requisites"]
        process = subprocess.Popen(
            [*command, "--delay", "0", "--concurrency", "4"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            code: int | str = process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            code = f"no end in {limit:g} s"
    return Result(kind, version, host.asked, host.refused, len(host.pages), round(host.last - host.first, 1), code)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", metavar="PYTHON")
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    versions = {"now": sys.executable} | ({"before": args.before} if args.before else {})
    results = []
    for kind in KINDS if args.only is None else (args.only,):
        for version, python in versions.items():
            one = crawl(kind, version, python, args.seconds)
            results.append(one)
            print(
                f"{kind:12} {version:7} {one.pages:3} of {PAGES + 1} pages, {one.asked:4} requests, {one.refused:4} refused,"
                f" {one.seconds:6.1f} s; exit {one.exit_code}",
                flush=True,
            )
    if args.json:
        args.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n")


if __name__ == "__main__":
    main()
