"""What a start of ``broadsheet crawl`` costs before anything is fetched: CPU seconds of the process when its first request comes.

    uv run python benchmarks/crawl/start.py [--before PYTHON] [--rounds 10] [--pending 0]

A server on loopback reads, as its first request arrives, how much CPU the crawling process has used (user and system, all
threads).  --before is the interpreter of an environment that has an earlier version; the versions and ``import scrapy`` alone
take turns.  With --pending, the collection has so many URLs waiting, and the crawl goes on with it.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def cpu_of(process: int) -> float:
    """User and system seconds of *process*, all of its threads."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_request(python: str, folder: Path, pending: int) -> tuple[float, float]:
    """Seconds of CPU, and by the clock, of a crawl until its first request; it is killed then."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"127.0.0.1:{server.getsockname()[1]}"
        if pending:
            make_pending(python, folder / "c", host, pending)
        command = [
            python,
            "-m",
            "broadsheet",
            "crawl",
            f"http://{host}/",
            *["-o", "c", "-q", "--no-extract", "--delay", "0"],
        ]
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
        server.settimeout(60)
        try:
            connection, _ = server.accept()
            with connection:
                connection.recv(1)
                return cpu_of(process.pid), time.monotonic() - started
        finally:
            process.kill()
            process.wait()


def make_pending(python: str, directory: Path, host: str, count: int) -> None:
    """A collection whose crawl of *host* has *count* URLs waiting."""
    subprocess.run([python, __file__, "--fill", str(directory), "--host", host, "--pending", str(count)], check=True)


def fill(directory: Path, host: str, count: int) -> None:
    """Make that collection, as a crawl that found them leaves it."""
    from enqueue import frontier_over  # noqa: PLC0415 - of the version that runs it

    from broadsheet.archive.catalogue import Catalogue  # noqa: PLC0415
    from broadsheet.archive.collection import Collection  # noqa: PLC0415
    from broadsheet.crawler.kept_options import store_options  # noqa: PLC0415
    from broadsheet.crawler.options import CrawlOptions  # noqa: PLC0415
    from broadsheet.crawler.state.sqlite import SqliteStore  # noqa: PLC0415
    from broadsheet.pipelines.capture.submission import Submission  # noqa: PLC0415

    with Catalogue.open(Collection.create(directory).journal) as catalogue:
        store = SqliteStore.prepared(catalogue)
        submitted: list[Submission] = []
        store_options(store, CrawlOptions(directory, (f"http://{host}/",)))
        urls = (f"http://{host}/section/{number // 1000}/an-article-{number}.html" for number in range(count))
        frontier_over(store, submitted).seed(urls, hops="L")
        with store.transaction():
            for submission in submitted:
                assert submission.change is not None
                store.apply(submission.change, None)


def cpu_of_import(python: str, statement: str) -> float:
    process = subprocess.Popen([python, "-c", statement])
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", metavar="PYTHON")
    parser.add_argument("--now", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--pending", type=int, default=0)
    parser.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--host", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.fill:
        fill(arguments.fill, arguments.host, arguments.pending)
        return
    pythons = {"now": arguments.now, **({"before": arguments.before} if arguments.before else {})}
    cpu: dict[str, list[float]] = {}
    wall: dict[str, list[float]] = {}
    for _ in range(arguments.rounds):
        for version, python in pythons.items():
            with tempfile.TemporaryDirectory() as folder:
                spent, waited = first_request(python, Path(folder), arguments.pending)
            cpu.setdefault(version, []).append(spent)
            wall.setdefault(version, []).append(waited)
        cpu.setdefault("import scrapy", []).append(cpu_of_import(arguments.now, "import scrapy.crawler"))
    for version, seconds in cpu.items():
        line = f"{version:13} {min(seconds):.2f} least, {statistics.median(seconds):.2f} median CPU s"
        if version in wall:
            line += f"; {min(wall[version]):.2f} least, {statistics.median(wall[version]):.2f} median s by the clock"
        print(line)


if __name__ == "__main__":
    main()
