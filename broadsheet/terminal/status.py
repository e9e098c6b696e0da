"""How a crawl stands, on the terminal."""

from __future__ import annotations

from rich.table import Table

from broadsheet.cli.shared import Face
from broadsheet.status import CrawlStatus
from broadsheet.terminal.amounts import duration, size

_HOSTS = 10
_PAGES = 5


def show_status(face: Face, status: CrawlStatus) -> None:
    """A few lines for a person, one object for a program."""
    face.print_json(status)
    if face.as_json:
        return
    out = face.out()
    out.print(_state(status))
    table = Table.grid(padding=(0, 2))
    urls = f"{status.done:,} done, {status.queued:,} queued, {status.failed:,} failed, {status.refused:,} refused"
    table.add_row("URLs", urls)
    table.add_row("captures", f"{status.captures:,} ({size(status.archive_bytes)} in {status.warcs:,} WARC files)")
    speed = status.speed
    table.add_row("a second", f"{speed.pages:.2f} pages, {speed.exchanges:.2f} exchanges, {size(round(speed.bytes))}")
    if status.seconds_left is not None:
        table.add_row("for what is queued", f"about {duration(status.seconds_left)}")
    out.print(table)
    hosts = Table("host", "queued", "seconds between", "recent", "errors", "last error", box=None, padding=(0, 2, 0, 0))
    for one in status.hosts[:_HOSTS]:
        interval = "-" if one.interval is None else f"{one.interval:.2f}"
        hosts.add_row(
            one.host, f"{one.queued:,}", interval, f"{one.exchanges:,}", f"{one.errors:,}", one.last_error or ""
        )
    if status.hosts:
        out.print(hosts, markup=False)
    for page in status.pages[:_PAGES]:
        out.print(f"{page.date:%H:%M:%S}  {page.error or page.status}  {page.url}", soft_wrap=True, markup=False)


def _state(status: CrawlStatus) -> str:
    if status.is_paused:
        return "A command works on it, and pauses: `broadsheet serve --control` lets it go on."
    if status.is_working:
        return "A command works on it."
    if status.is_complete:
        return "Complete."
    return (
        "Not complete, and nothing works on it: the same command goes on." if status.queued else "Nothing works on it."
    )
