"""One run of ``broadsheet serve``: from its first line on the terminal to Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from broadsheet.cli.shared import Face
from broadsheet.serve.control import ControlToken
from broadsheet.serve.full_replay import FullReplays
from broadsheet.serve.run import WebServer


def run_serve(
    face: Face,
    directories: Sequence[Path],
    port: int,
    archived_port: int | None = None,
    *,
    control: bool = False,
    browser: Path | None = None,
) -> None:
    """Serve until Ctrl-C; with *control* crawls can be changed by who knows the token that is printed.

    *browser* is the program that pages are opened in with their scripts; None: the first that is found.

    Raises:
        BadInput: a folder is no collection; the port is taken.
    """
    token = ControlToken() if control else None
    with (
        WebServer(
            directories, port=port, archived_port=archived_port, token=token, replays=FullReplays(browser)
        ) as server,
        suppress(KeyboardInterrupt),
    ):
        said = {} if token is None else {"token": token.secret}
        face.print_json({"url": server.url, "archived": server.origins.archived, **said})
        if not face.as_json:
            click.echo(f"Open {server.url}   Ctrl-C ends it.", err=True)
            if token is not None:
                click.echo(f"Token, to change a crawl from its page Monitor: {token.secret}", err=True)
        threading.Event().wait()
