"""The way of one page through the crawl: which of the project's functions run from its last byte to its place being free.

    uv run python benchmarks/crawl/way_of_a_page.py [--pages 30] [--list]

A site of small linked pages is served on loopback and crawled with one request at a time, under a profile function on every
thread.  A page's way begins when the connection is given the last bytes of its answer and ends when the frontier frees its
place; of all pages but the first two the medians are printed.  Calls are entries into functions of the project, a coroutine
that goes on counts again; a move is a call whose file is not that of the call before it on the same thread.
--list prints the way of one page, a line a call.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from loopback import NOTHING, Answer, serving

from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.progress import CrawlProgress
from broadsheet.crawler.run import crawl

ROOT = Path(__file__).resolve().parents[2]
BEGIN, END = ("crawler/client/connection.py", "data_received"), ("crawler/frontier/frontier.py", "leave")


@dataclass(frozen=True, slots=True)
class Call:
    thread: int
    file: str
    function: str


class Trace:
    """All calls of the project's functions, in the order in which they happened."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._files: dict[str, str | None] = {}

    def start(self) -> None:
        threading.setprofile(self._see)
        sys.setprofile(self._see)

    def stop(self) -> None:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]

    def ways(self) -> Iterator[list[Call]]:
        """The way of each visit: of the bytes that came in several pieces, the last piece begins it."""
        way: list[Call] = []
        for call in self.calls:
            place = (call.file, call.function)
            if place == BEGIN:
                way = []
            way.append(call)
            if place == END and (way[0].file, way[0].function) == BEGIN:
                yield way
                way = []

    def _see(self, frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_name
        if event != "call" or (name[0] == "<" and name != "<lambda>"):  # a comprehension is no function
            return
        file = self._file(frame.f_code.co_filename)
        if file is not None:
            self.calls.append(Call(threading.get_ident(), file, name))

    def _file(self, name: str) -> str | None:
        """The file within the project; None of other code."""
        if name not in self._files:
            path = Path(name).resolve()
            inside = path.is_file() and path.is_relative_to(ROOT) and not {".venv", "benchmarks"} & set(path.parts)
            self._files[name] = path.relative_to(ROOT).as_posix() if inside else None
        return self._files[name]


class Quiet:
    def update(self, progress: CrawlProgress) -> None:
        pass

    def note(self, line: str) -> None:
        pass


def site_of(pages: int) -> Callable[[str, str], Answer]:
    """A site of so many small pages, each linked by the one before it."""

    def answer(target: str, _: str) -> Answer:
        name = target.strip("/") or "0"
        if not name.isdigit() or int(name) >= pages:
            return NOTHING
        text = "<p>A sentence of a story.</p>" * 40
        return Answer(f'<html><title>{name}</title><a href="/{int(name) + 1}">next</a>{text}</html>'.encode())

    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=30)
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    trace = Trace()
    with tempfile.TemporaryDirectory() as folder, serving(site_of(arguments.pages)) as (base, _):
        options = CrawlOptions(
            directory=Path(folder) / "c",
            seeds=(f"{base}/",),
            delay=0,
            concurrency=1,
            extract=False,
        )
        trace.start()
        crawl(options, Quiet())
        trace.stop()
    ways = [way for way in trace.ways() if any(call.function == "scan_page" for call in way)][2:]
    if arguments.list:
        for call in ways[len(ways) // 2]:
            print(f"{call.file:45} {call.function}")
    calls = statistics.median(len(way) for way in ways)
    files = statistics.median(len({call.file for call in way}) for way in ways)
    print(
        f"{len(ways)} pages: {calls:.0f} calls in {files:.0f} files, {statistics.median(map(moves, ways)):.0f} moves between files"
    )


def moves(way: list[Call]) -> int:
    """How often the way goes from one file to another, thread by thread."""
    last: dict[int, str] = {}
    count = 0
    for call in way:
        count += last.get(call.thread, call.file) != call.file
        last[call.thread] = call.file
    return count


if __name__ == "__main__":
    main()
