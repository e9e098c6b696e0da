"""Sorting index lines by bytes, however many there are: sorted runs on disk, merged as they are read.

``LC_ALL=C`` order of whole lines, as the format wants it (CDXJ, Sorting), and none twice.  Memory: one run.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

RUN_BYTES = 16 * 1024 * 1024  # of lines in memory
MAX_RUNS = 64  # files that are open at a time


def sorted_lines(lines: Iterable[bytes], temporary: Path) -> Iterator[bytes]:
    """*lines*, each with its line end, in the order of their bytes, equal ones once; runs lie in *temporary*.

    Raises:
        OSError: the disk refuses.
    """
    with ExitStack() as files:
        runs: list[IO[bytes]] = []
        run: list[bytes] = []
        size = 0
        for line in lines:
            run.append(line)
            size += len(line) + 64  # what Python needs besides
            if size >= RUN_BYTES:
                runs.append(files.enter_context(_spooled(sorted(run), temporary)))
                run, size = [], 0
                if len(runs) == MAX_RUNS:
                    merged = files.enter_context(_spooled(heapq.merge(*runs), temporary))
                    for file in runs:
                        file.close()
                    runs = [merged]
        run.sort()
        before = b""
        for line in heapq.merge(*runs, run):
            if line != before:
                yield line
                before = line


def _spooled(lines: Iterable[bytes], temporary: Path) -> IO[bytes]:
    """A file without a name that holds *lines*, at its beginning."""
    file = tempfile.TemporaryFile(dir=temporary, buffering=1024 * 1024)  # noqa: SIM115 - its user closes it
    file.writelines(lines)
    file.seek(0)
    return file
