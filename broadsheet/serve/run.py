"""The two servers, on 127.0.0.1 alone: our pages on a port that the user knows, archived pages on another.

Both run on one thread with a loop of its own, as the replay's proxy does, so that a test or a program can have them while
it goes on.  Sockets are bound before anything else is done: a port that is taken is an error at the start.
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from broadsheet.archive.errors import BadInput
from broadsheet.archive.listening import cannot_listen
from broadsheet.serve.app import create_app
from broadsheet.serve.archived import create_archived_app
from broadsheet.serve.control import ControlToken
from broadsheet.serve.full_replay import FullReplays
from broadsheet.serve.security import HOST, Origins
from broadsheet.serve.served import ServedCollections

DEFAULT_PORT = 8900
_BACKLOG = 256
_GRACE = 2  # seconds for answers under way when the server ends


class _Server(uvicorn.Server):
    """One server; signals are the command line's affair."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves the collections in *directories* on 127.0.0.1:*port* (0: any free one) while the context lasts.

    Archived pages are on *archived_port*; None: on the port behind *port* if it is free, else on any.  With a *token*, crawls
    can be controlled by who knows it; *replays* opens pages with their scripts.

    Raises, when the context is entered:
        BadInput: a folder is no collection; the port is taken.
    """

    def __init__(
        self,
        directories: Sequence[Path],
        *,
        port: int = DEFAULT_PORT,
        archived_port: int | None = None,
        token: ControlToken | None = None,
        replays: FullReplays | None = None,
    ) -> None:
        self._token = token
        self._replays = replays or FullReplays()
        self._directories, self._port, self._archived_port = directories, port, archived_port
        self._folder = tempfile.TemporaryDirectory(prefix="broadsheet-serve-", ignore_cleanup_errors=True)
        self._loop = asyncio.new_event_loop()
        self._servers: list[_Server] = []
        self._served: ServedCollections | None = None
        self._thread: threading.Thread | None = None
        self.origins = Origins(0, 0)

    @property
    def url(self) -> str:
        """The address of the start page."""
        return f"{self.origins.own}/"

    def __enter__(self) -> Self:
        try:
            served = ServedCollections.open(self._directories, Path(self._folder.name))
            own = _bound(self._port)
            archived = _bound_behind(self._port) if self._archived_port is None else _bound(self._archived_port)
        except BaseException:
            self._folder.cleanup()
            self._loop.close()
            raise
        self.origins = Origins(own.getsockname()[1], archived.getsockname()[1])
        self._served = served.__enter__()
        pairs = (
            (create_app(served, self.origins, self._replays, self._token), own),
            (create_archived_app(served, self.origins), archived),
        )
        self._servers = [_server(app) for app, _ in pairs]
        sockets = [one for _, one in pairs]
        self._thread = threading.Thread(target=self._run, args=(sockets,), name="serve", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.should_exit = True
        if self._thread is not None:
            self._thread.join()
        self._replays.close()
        if self._served is not None:
            self._served.__exit__(kind, error, traceback)
        self._loop.close()
        self._folder.cleanup()

    def _run(self, sockets: Sequence[socket.socket]) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(sockets))

    async def _serve(self, sockets: Sequence[socket.socket]) -> None:
        await asyncio.gather(*(server.serve([one]) for server, one in zip(self._servers, sockets, strict=True)))


def _server(app: ASGIApp) -> _Server:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=_GRACE,
    )
    return _Server(config)


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen(_BACKLOG)
    except OSError as error:
        made.close()
        raise cannot_listen(error, port) from error
    return made


def _bound_behind(port: int) -> socket.socket:
    """The port behind *port*, so that addresses of archived pages last from run to run; any free one if it is taken."""
    if 0 < port < 65535:
        with suppress(BadInput):
            return _bound(port + 1)
    return _bound(0)
