"""One replay from beginning to end: open the archive, serve it, open a browser or say how, count what was missed."""

from __future__ import annotations

import re
import signal
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import click

from broadsheet.archive.durable import temporary_folder
from broadsheet.archive.ending import ENDINGS
from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment
from broadsheet.archive.named_warcs import is_missing
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayOutcome, ReplayResponse
from broadsheet.archive.replay.server import ReplayServer
from broadsheet.archive.replay.suggestions import nearest
from broadsheet.cli.shared import Face, url_argument
from broadsheet.replay.browser import ProxyTrust, find_browser, is_browser_own, started_browser

_DATE = re.compile(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d)(?:[T _-]?(\d\d):?(\d\d)(?::?(\d\d))?)?)?)?(?:\.\d+)?(?:Z|\+00:00)?")
_MOST_MISSES = 1000
NO_WINDOW = (
    "Start it by hand to see why. On a machine without a screen use --no-browser, or `broadsheet check --browser`, "
    "which needs none."
)


@dataclass(slots=True)
class RequestTally:
    """What the browser asked for.  ``missing`` counts the URLs that were not there; ``fuzzy`` names for others the capture
    that answered, that of a query which differs in a cache-buster.  ``incomplete``: a WARC was not where it was."""

    outcomes: Counter[ReplayOutcome] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    fuzzy: dict[str, str] = field(default_factory=dict)
    incomplete: bool = False

    def add(self, request: ReplayRequest, answer: ReplayResponse) -> None:
        """Count one request."""
        if answer.outcome is ReplayOutcome.MISSING and is_browser_own(request.url):
            return
        self.outcomes[answer.outcome] += 1
        if answer.outcome is ReplayOutcome.FUZZY and len(self.fuzzy) < _MOST_MISSES:
            self.fuzzy[request.url] = next(value for name, value in answer.headers if name == "Content-Location")
        if answer.outcome in (ReplayOutcome.MISSING, ReplayOutcome.UNUSABLE) and len(self.missing) < _MOST_MISSES:
            self.missing[request.url] += 1


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """What ``broadsheet replay`` was told."""

    paths: tuple[Path, ...]
    url: str | None = None
    at: datetime | None = None
    port: int = 0
    open_browser: bool = True
    browser: Path | None = None
    conversions: bool = False


def split_arguments(arguments: Sequence[str]) -> tuple[tuple[Path, ...], str | None]:
    """Paths, and the URL that may stand behind them.

    Raises:
        BadInput: something is neither, or there is no path.
    """
    *first, last = arguments
    paths, url = [Path(one) for one in arguments], None
    if not Path(last).exists() and ("://" in last or (first and _looks_like_address(last))):
        paths, url = [Path(one) for one in first], url_argument(last)
    if not paths:
        raise BadInput(last, "is a URL, and no archive is named", "Write: broadsheet replay DIR_OR_WARC URL.")
    for path in paths:
        if not path.exists():
            raise BadInput(str(path), "no such file or folder", "Check the path; a URL comes last.")
    return tuple(paths), url


def _looks_like_address(text: str) -> bool:
    host = text.partition("/")[0]
    return "." in host and not text.endswith((".warc", ".gz", ".wacz", ".zst")) and not text.startswith((".", "/"))


def parse_moment(text: str) -> datetime:
    """A date as people and archives write it (2026, 2026-11, 2026-11-24, 2026-11-24T10:20, 20261124102030), UTC.

    Of a date without a time the middle is meant, so that what was captured on that day is closest to it.

    Raises:
        BadInput: it is no date.
    """
    match = _DATE.fullmatch(text.strip())
    numbers = match.groups() if match is not None else ("0",) * 6  # there is no year 0
    try:
        year, month, day, hour, minute, second = (None if part is None else int(part) for part in numbers)
        moment = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=UTC)
    except ValueError as error:
        raise BadInput(text, "is not a date", "Write it like 2026-11-24 or 2026-11-24T10:20.") from error
    if month is None:
        return moment + timedelta(days=182)
    if day is None:
        return moment + timedelta(days=15)
    return moment + timedelta(hours=12) if hour is None else moment


def _end_once(_number: int, _frame: FrameType | None) -> None:
    """End as by Ctrl-C.  Once: a second signal, as uv passes on what its whole group got, would cut the clearing away short."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def run_replay(face: Face, options: ReplayOptions) -> RequestTally:
    """Serve the archive until the browser is closed, or until Ctrl-C.

    Raises:
        BroadsheetError: no archive, no browser, no such capture, port taken: the message says.
    """
    program = find_browser(options.browser) if options.open_browser else None
    tally = RequestTally()
    if threading.current_thread() is threading.main_thread():
        for number in ENDINGS:  # SIGINT also where a shell has it ignored: browser and folders must go
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _end_once)
    with temporary_folder("replay") as temporary:
        index = CaptureIndex.open(options.paths, temporary, conversions=options.conversions)
        for damage in index.damages:
            tally.incomplete = tally.incomplete or is_missing(damage)
            where = "" if is_missing(damage) else f" at offset {damage.offset}"
            message = f"{damage.source}: {damage.reason}{where}; left out. broadsheet verify says more."
            face.err().print(message, markup=False, soft_wrap=True)
        if next(index.captures(), None) is None:
            raise BadInput(
                str(options.paths[0]), "holds nothing that can be replayed", "Name an archive with captures."
            )
        replay = Replay(index, Spool(temporary), options.at)
        captured = None if options.url is None else _capture_date(replay, index, options.url)
        with ReplayServer(replay, port=options.port, watch=tally.add) as server, suppress(KeyboardInterrupt):
            certificate = temporary / "replay-authority.pem"
            certificate.write_bytes(server.authority.certificate)
            if captured is not None:
                face.err().print(f"{options.url} was captured on {captured}.", markup=False, soft_wrap=True)
            if program is None:
                _say_how(options, server, certificate)
                threading.Event().wait()
            else:
                face.err().print(f"Replaying on {server.address}. Close the browser, or press Ctrl-C, to end.")
                trust = ProxyTrust(server.address, server.authority.pin)
                start = options.url or f"http://{server.address}/"
                with started_browser(program, trust, [start]) as process:
                    code = process.wait()
                if code and not tally.outcomes:
                    cause = f"ended with exit code {code} and asked for no page"
                    raise BrokenEnvironment(str(program), cause, NO_WINDOW)
    return tally


def _capture_date(replay: Replay, index: CaptureIndex, url: str) -> str:
    """When what *url* shows was captured.

    Raises:
        BroadsheetError: it was not.
    """
    answer = replay.answer(ReplayRequest("GET", url.partition("#")[0], (("Accept", "text/plain"),)))
    if answer.outcome.is_archived:
        return next(value for name, value in answer.headers if name == "Memento-Datetime")
    near = nearest(index, url, 5)
    why = answer.payload.slice(answer.start, answer.end).decode("utf-8", "replace").splitlines()[-1]
    remedy = "Captured nearby: " + "  ".join(near) if near else "Leave out the URL to see what there is."
    raise BroadsheetError(url, f"is not in this archive. {why}", remedy)


def _say_how(options: ReplayOptions, server: ReplayServer, certificate: Path) -> None:
    """How to set a browser up; said even when quiet, as nobody could use the replay otherwise."""
    start = options.url or f"http://{server.address}/"
    for line in (
        f"Replaying on {server.address}. Ctrl-C ends it.",
        "Set a browser up, in a profile that you use for nothing else:",
        f"  HTTP and HTTPS proxy: {server.address}, for all addresses, loopback not excepted",
        "  Chromium family: start it with",
        f"    --user-data-dir=NEW_FOLDER --proxy-server=http://{server.address} '--proxy-bypass-list=<-loopback>'",
        f"    --ignore-certificate-errors-spki-list={server.authority.pin}",
        f"  Firefox and others: take the certificate {certificate} as an authority for websites",
        "    (its key ends with this replay), and set network.proxy.allow_hijacking_localhost to true",
        f"Then open {start}",
    ):
        click.echo(line, err=True)


def show_tally(face: Face, tally: RequestTally) -> None:
    """Say what the browser asked for and what of it was not there."""
    face.print_json({"requests": tally.outcomes, "missing": tally.missing, "fuzzy": tally.fuzzy})
    if face.as_json:
        return
    out = face.out()
    found, missed = (
        sum(count for outcome, count in tally.outcomes.items() if outcome.is_archived),
        sum(tally.missing.values()),
    )
    out.print(f"{found:,} requests answered from the archive, {missed:,} not in it")
    for url, _ in tally.missing.most_common(20):
        out.print(f"  not captured: {url}", markup=False, soft_wrap=True)
    for url, captured in list(tally.fuzzy.items())[:20]:
        out.print(f"  {url} was shown with {captured}", markup=False, soft_wrap=True)
