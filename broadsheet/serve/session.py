"""One run of ``broadsheet serve``: from its first line on the terminal to Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from broadsheet.cli.shared import Face
from broadsheet.serve.run import WebServer


def run_serve(face: Face, directories: Sequence[Path], port: int, archived_port: int | None = None) -> None:
    """Serve until Ctrl-C.

    Raises:
        BadInput: a folder is no collection; the port is taken.
    """
    with WebServer(directories, port=port, archived_port=archived_port) as server, suppress(KeyboardInterrupt):
        face.print_json({"url": server.url, "archived": server.origins.archived})
        if not face.as_json:
            click.echo(f"Open {server.url}   Ctrl-C ends it.", err=True)
        threading.Event().wait()
