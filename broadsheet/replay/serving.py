"""A replay without a browser of ours: the proxy alone, for a program that brings its own HTTP client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from broadsheet.archive.durable import temporary_folder
from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.server import ReplayServer


@contextmanager
def serving(paths: Sequence[Path], *, port: int = 0) -> Iterator[ReplayServer]:
    """Serve what is in *paths* through a proxy on 127.0.0.1 (*port* 0: any that is free) while the context lasts.

    Raises:
        BadInput: they hold no captures.
        BrokenEnvironment: the port is taken.
    """
    with temporary_folder("replay") as folder:
        index = CaptureIndex.open(tuple(paths), Path(folder))
        if next(index.captures(), None) is None:
            raise BadInput(str(paths[0]), "holds nothing that can be replayed", "Name an archive with captures.")
        with ReplayServer(Replay(index, Spool(Path(folder))), port=port) as server:
            yield server
