"""A check as a table that a person can read, or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from broadsheet.check.check import Progress
from broadsheet.check.quality import Fate, PageQuality, Quality
from broadsheet.cli.shared import Face, plain
from broadsheet.terminal.progress import PLAIN_SECONDS

_SHOWN = 20


def show_quality(face: Face, quality: Quality) -> None:
    """Print it."""
    if face.as_json:
        face.print_json(_json(quality))
        return
    out = face.out()
    counts = quality.counts()
    table = Table(box=None, pad_edge=False)
    table.add_column("needed")
    for fate in Fate:
        table.add_column(str(fate), justify="right")
    for kind in sorted({kind for kind, _ in counts}):
        table.add_row(kind, *(f"{counts[kind, fate]:,}" for fate in Fate))
    table.add_row("all", *(f"{sum(page.count(fate) for page in quality.pages):,}" for fate in Fate), style="bold")
    out.print(table)
    _show_missing(out, quality)
    _show_looks(out, quality)
    complete = sum(page.is_complete for page in quality.pages)
    of = "" if quality.of == len(quality.pages) else f" (a sample of {quality.of:,})"
    share = f"{100 * quality.missing_share:.2f} % is missing"
    out.print(f"{complete:,} of {len(quality.pages):,} pages{of} lack nothing; {share}", soft_wrap=True)


def _show_missing(out: Console, quality: Quality) -> None:
    for page in quality.pages:
        if page.fault is not None:
            out.print(f"cannot be read: {page.url} ({page.fault})", soft_wrap=True, markup=False)
    missing = quality.missing_urls()
    for url, reason, pages in missing[:_SHOWN]:
        on = "1 page" if pages == 1 else f"{pages:,} pages"
        out.print(f"missing on {on}: {url} ({reason})", soft_wrap=True, markup=False)
    if len(missing) > _SHOWN:
        out.print(f"... and {len(missing) - _SHOWN:,} more (--json has them)")


def _show_looks(out: Console, quality: Quality) -> None:
    looks = [(page.url, page.look) for page in quality.pages if page.look is not None]
    if not looks:
        return
    troubled = [(url, look) for url, look in looks if look.missing or look.broken or look.script_errors or look.error]
    if troubled:
        table = Table(box=None, pad_edge=False)
        table.add_column("in the browser", overflow="fold")
        for name in ("requests", "missing", "broken images", "script errors"):
            table.add_column(name, justify="right", no_wrap=True)
        for url, look in troubled[:_SHOWN]:
            numbers = (look.requests, len(look.missing), look.broken, len(look.script_errors))
            table.add_row(Text(look.error or url), *(f"{number:,}" for number in numbers))
        out.print(table)
        if len(troubled) > _SHOWN:
            out.print(f"... and {len(troubled) - _SHOWN:,} more pages (--json has them)")
    errors = Counter(error.splitlines()[0][:160] for _, look in looks for error in look.script_errors if error)
    for error, count in errors.most_common(5):
        out.print(f"script error, {count:,} times: {error}", soft_wrap=True, markup=False)
    images, broken = sum(look.images for _, look in looks), sum(look.broken for _, look in looks)
    out.print(
        f"{len(looks):,} pages in the browser: {sum(look.requests for _, look in looks):,} requests, "
        f"{sum(len(look.missing) for _, look in looks):,} missing; {images:,} images, {broken:,} broken; "
        f"{errors.total():,} script errors; {sum(look.seconds for _, look in looks) / len(looks):.2f} s a page",
        soft_wrap=True,
    )


def _json(quality: Quality) -> dict[str, Any]:
    counts = quality.counts()
    return {
        "pages": len(quality.pages),
        "of": quality.of,
        "complete": sum(page.is_complete for page in quality.pages),
        "missing_share": round(quality.missing_share, 6),
        "missing_share_in_browser": round(quality.missing_in_browser, 6),
        "needs": {
            kind: {fate.value: counts[kind, fate] for fate in Fate} for kind in sorted({kind for kind, _ in counts})
        },
        "missing": [{"url": url, "reason": reason, "pages": pages} for url, reason, pages in quality.missing_urls()],
        "checked": [_page(page) for page in quality.pages],
    }


def _page(page: PageQuality) -> dict[str, Any]:
    return {
        "url": page.url,
        "fault": page.fault,
        "needs": {fate.value: page.count(fate) for fate in Fate},
        "lacking": plain(page.lacking),
        "browser": plain(page.look),
    }


@contextmanager
def check_progress(face: Face) -> Iterator[Progress]:
    """A line on standard error every few seconds, unless numbers to be quiet."""
    line = _Line(face.err(), monotonic() + PLAIN_SECONDS)
    yield (lambda *_: None) if face.quiet else line.update


@dataclass(slots=True)
class _Line:
    console: Console
    next: float

    def update(self, done: int, total: int, url: str) -> None:
        if monotonic() >= self.next:
            self.next = monotonic() + PLAIN_SECONDS
            self.console.print(f"checking {done:,} of {total:,}: {url}", soft_wrap=True, markup=False)
