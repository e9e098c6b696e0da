"""Pages in a browser that sees the archive alone: what they ask for and do not get, as scripts ask for it, too.

Each page is opened in a context of its own (no cookies, no cache).  A page that the browser dies of costs that page: a
new browser goes on with the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.archive.errors import from_os_error
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayOutcome, ReplayResponse
from broadsheet.archive.replay.server import ReplayServer
from broadsheet.check.fates import Fates
from broadsheet.check.quality import BrowserView, Fate, Missed, Verdict
from broadsheet.replay.browser import ProxyTrust, browser_arguments, is_browser_own
from broadsheet.replay.devtools import DevTools, DevToolsError, headless_browser
from broadsheet.replay.visit import visit_page


class BrowserViewer:
    """Looks at pages through *replay* with the browser *program*; pictures of them go to *screenshots*, a folder."""

    def __init__(self, replay: Replay, fates: Fates, program: Path, screenshots: Path | None) -> None:
        self._replay = replay
        self._fates = fates
        self._program = program
        self._screenshots = screenshots
        self._missed: list[str] = []

    def looks(self, urls: Sequence[str]) -> Iterator[BrowserView]:
        """A look at each of *urls*, in their order.

        Raises:
            BroadsheetError: the browser does not start, or a picture cannot be written.
        """
        done = 0
        with ReplayServer(self._replay, watch=self._watch) as server:
            trust = ProxyTrust(server.address, server.authority.pin)
            while done < len(urls):
                with headless_browser(self._program, lambda profile: browser_arguments(profile, trust)) as devtools:
                    for url in urls[done:]:
                        done += 1
                        try:
                            look = self._look(devtools, url, done)
                        except DevToolsError as error:
                            yield BrowserView(error=str(error))
                            break
                        yield look

    def _watch(self, request: ReplayRequest, answer: ReplayResponse) -> None:
        if answer.outcome in (ReplayOutcome.MISSING, ReplayOutcome.UNUSABLE) and not is_browser_own(request.url):
            self._missed.append(request.url)

    def _look(self, devtools: DevTools, url: str, number: int) -> BrowserView:
        self._missed.clear()
        visit = visit_page(devtools, url)
        missed = [self._why(one) for one in dict.fromkeys(self._missed) if not self._is_no_pages(one)]
        return BrowserView(
            seconds=round(visit.seconds, 3),
            requests=len(visit.requests),
            missed=tuple(missed),
            images=visit.images,
            broken=visit.broken,
            script_errors=visit.errors,
            screenshot=None if self._screenshots is None else _keep(self._screenshots, number, url, visit.screenshot),
        )

    def _is_no_pages(self, url: str) -> bool:
        """Whether it is the icon that browsers ask every host for, which no page named."""
        return urlsplit(url).path == "/favicon.ico" and self._fates.of(url) == Verdict(Fate.NEVER_ASKED)

    def _why(self, url: str) -> Missed:
        verdict = self._fates.of(url)
        return Missed(url, verdict.fate, verdict.reason)


def _keep(folder: Path, number: int, url: str, picture: bytes) -> Path:
    name = re.sub(r"[^a-z0-9]+", "-", url.partition("://")[2].lower()).strip("-")[:80]
    path = folder / f"{number:04}-{name}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)
    except OSError as error:
        raise from_os_error(error, str(path)) from error
    return path
