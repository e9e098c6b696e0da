"""``broadsheet replay``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, conversions_option, speaks


@click.command("replay")
@click.argument("arguments", nargs=-1, required=True, metavar="DIR|WARC|WACZ... [URL]")
@option("--at", metavar="DATE", help="Show captures closest to this date (UTC): 2026, 2026-11-24, 2026-11-24T10:20. "
              "Without it, the latest.")  # fmt: skip
@option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the proxy on 127.0.0.1; else any free one.")
@option("--no-browser", is_flag=True, help="Open none; say how to set one up.")
@option("--browser", type=click.Path(path_type=Path), metavar="PATH", help="The Chrome or Chromium to open.")
@conversions_option
@speaks
def replay_command(
    face: Face,
    arguments: tuple[str, ...],
    at: str | None,
    port: int,
    no_browser: bool,
    browser: Path | None,
    conversions: bool,
) -> int:
    """See archived pages in a real browser, as they were, with no network.

    \b
    The browser fetches everything through a proxy on this machine that answers from the archive alone; pages are not
    rewritten, so scripts run as they did. What was not captured is answered with 404, never fetched. The browser's
    profile is thrown away when it is closed.

    \b
    broadsheet replay example
    broadsheet replay example https://blog.example.org/ --at 2026-11-24
    broadsheet replay old.warc.gz new.wacz --no-browser --port 8080
    """
    from broadsheet.replay.session import (  # noqa: PLC0415 - heavy
        ReplayOptions,
        parse_moment,
        run_replay,
        show_tally,
        split_arguments,
    )

    paths, url = split_arguments(arguments)
    moment = None if at is None else parse_moment(at)
    tally = run_replay(face, ReplayOptions(paths, url, moment, port, not no_browser, browser, conversions))
    show_tally(face, tally)
    return 1 if tally.incomplete else 0
