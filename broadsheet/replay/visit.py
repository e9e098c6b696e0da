"""One page in a browser: loaded, scrolled through so that lazy images come, and looked at.

What is taken down serves to compare a replayed page with the live one: the picture, the visible text, the images and
fonts that were really decoded, every request with its status, every script error.  Animations are brought to their end
before the picture, endless ones to their beginning: two pictures of one page must be the same.
"""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from typing import Any

from broadsheet.replay.devtools import DevTools

_QUIET = 0.5  # seconds without a request under way that count as "loaded"
_HANGING = 2.5  # seconds without any news of those under way: a worker's script ends where we do not hear of it
_SCROLL = """(async seconds => {
  const sleep = ms => new Promise(done => setTimeout(done, ms));
  const end = Date.now() + seconds * 1000;
  for (let y = 0; Date.now() < end && y < document.documentElement.scrollHeight; y += innerHeight * 0.8) {
    scrollTo({top: y, behavior: 'instant'}); await sleep(40);
  }
  scrollTo({top: 0, behavior: 'instant'});
  await Promise.race([document.fonts.ready, sleep(3000)]);
})"""
_STILL = """(async () => {
  const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  scrollTo({top: 0, behavior: 'instant'});
  await new Promise(done => setTimeout(done, 500));
  for (let round = 0; round < 2; round++) {
    for (const one of document.getAnimations()) { try { one.finish() } catch (error) { one.cancel() } }
    await frames();
  }
})()"""
_LOOK = """(() => {
  const images = [...document.images];
  const sheets = [...document.styleSheets].filter(s => { try { return s.cssRules.length } catch (e) { return true } });
  return {title: document.title, text: document.body ? document.body.innerText : '',
    images: images.length, decoded: images.filter(i => i.complete && i.naturalWidth > 0).length,
    broken: images.filter(i => i.complete && i.naturalWidth === 0 && i.currentSrc && !i.currentSrc.startsWith('data:')).length,
    fonts: [...document.fonts].filter(f => f.status === 'loaded').length, sheets: sheets.length,
    height: document.documentElement.scrollHeight}
})()"""


@dataclass(slots=True)
class Requested:
    """One request of a page.  ``status`` is 0 while there is no answer; ``failure`` is the browser's word for none."""

    url: str
    method: str = "GET"
    status: int = 0
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class ViewSize:
    """What of a page is seen and pictured, in pixels; a page higher than *most* is cut there."""

    width: int = 1280
    height: int = 900
    most: int = 4000


@dataclass(frozen=True, slots=True)
class PageVisit:
    """A page as the browser saw it.  ``seconds`` until it was loaded; ``screenshot`` is a PNG."""

    url: str
    seconds: float
    title: str
    text: str
    images: int
    decoded: int
    broken: int  # images with a source that could not be shown
    fonts: int
    sheets: int
    height: int
    screenshot: bytes
    requests: tuple[Requested, ...]
    errors: tuple[str, ...]

    @property
    def failed(self) -> tuple[Requested, ...]:
        """The requests that got no answer, or one of 400 and above."""
        return tuple(one for one in self.requests if one.failure is not None or one.status >= 400)


@dataclass(slots=True)
class _Watch:
    """What happens in a tab."""

    requests: dict[str, Requested] = field(default_factory=dict)
    past: list[Requested] = field(default_factory=list)
    under_way: set[str] = field(default_factory=set)
    last: float = 0.0
    loaded: bool = False
    errors: list[str] = field(default_factory=list)

    def sent(self, event: dict[str, Any]) -> None:
        if (redirect := event.get("redirectResponse")) is not None:
            self.past.append(Requested(redirect["url"], status=redirect["status"]))
        url = event["request"]["url"]
        if url.startswith(("http:", "https:")):
            self.requests[event["requestId"]] = Requested(url, event["request"]["method"])
            self.under_way.add(event["requestId"])
            self.last = time.monotonic()

    def received(self, event: dict[str, Any]) -> None:
        if (request := self.requests.get(event["requestId"])) is not None:
            request.status = event["response"]["status"]

    def finished(self, event: dict[str, Any]) -> None:
        self.under_way.discard(event["requestId"])
        self.last = time.monotonic()

    def failed(self, event: dict[str, Any]) -> None:
        if (request := self.requests.get(event["requestId"])) is not None:
            request.failure = event["errorText"]
        self.finished(event)

    def threw(self, event: dict[str, Any]) -> None:
        details = event["exceptionDetails"]
        self.errors.append((details.get("exception") or {}).get("description") or details["text"])

    def load(self, event: dict[str, Any]) -> None:  # noqa: ARG002 - a listener
        self.loaded = True

    def is_quiet(self) -> bool:
        silence = time.monotonic() - self.last
        return silence > (_HANGING if self.under_way else _QUIET)


def visit_page(devtools: DevTools, url: str, *, size: ViewSize | None = None, timeout: float = 30.0) -> PageVisit:
    """Open *url* in a tab of its own, in a context of its own (no cookies, no cache), and look at it.

    A page that is not loaded after *timeout* seconds is looked at as it is.

    Raises:
        DevToolsError: the browser failed.
    """
    size = size or ViewSize()
    context = devtools.call("Target.createBrowserContext")["browserContextId"]
    target = devtools.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
    session = devtools.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    try:
        return _visit(devtools, session, url, size, timeout)
    finally:
        devtools.call("Target.disposeBrowserContext", browserContextId=context)


def _visit(devtools: DevTools, session: str, url: str, size: ViewSize, timeout: float) -> PageVisit:
    watch = _Watch()
    _listen(devtools, session, watch)
    _resize(devtools, session, size.width, size.height)
    start = time.monotonic()
    devtools.call("Page.navigate", session=session, url=url, timeout=timeout)
    devtools.wait(lambda: watch.loaded, timeout)
    seconds = time.monotonic() - start
    _settle(devtools, session, watch)
    height = max(200, min(size.most, _evaluate(devtools, session, "document.documentElement.scrollHeight")))
    _resize(devtools, session, size.width, height)
    _settle(devtools, session, watch)
    _evaluate(devtools, session, _STILL)
    look = _evaluate(devtools, session, _LOOK)
    picture = devtools.call("Page.captureScreenshot", session=session, format="png", timeout=60)["data"]
    return PageVisit(
        url=url,
        seconds=seconds,
        screenshot=base64.b64decode(picture),
        requests=(*watch.past, *watch.requests.values()),
        errors=tuple(watch.errors),
        **look,
    )


def _listen(devtools: DevTools, session: str, watch: _Watch) -> None:
    for event, listener in (
        ("Network.requestWillBeSent", watch.sent),
        ("Network.responseReceived", watch.received),
        ("Network.loadingFinished", watch.finished),
        ("Network.loadingFailed", watch.failed),
        ("Runtime.exceptionThrown", watch.threw),
        ("Page.loadEventFired", watch.load),
    ):
        devtools.listen(event, listener, session=session)
    for domain in ("Page", "Network", "Runtime"):
        devtools.call(f"{domain}.enable", session=session)


def _resize(devtools: DevTools, session: str, width: int, height: int) -> None:
    devtools.call(
        "Emulation.setDeviceMetricsOverride",
        session=session,
        width=width,
        height=height,
        deviceScaleFactor=1,
        mobile=False,
    )


def _settle(devtools: DevTools, session: str, watch: _Watch) -> None:
    _evaluate(devtools, session, f"{_SCROLL}(5)")
    devtools.wait(watch.is_quiet, 6.0)


def _evaluate(devtools: DevTools, session: str, script: str) -> Any:
    result = devtools.call(
        "Runtime.evaluate", session=session, expression=script, awaitPromise=True, returnByValue=True, timeout=30
    )
    return result["result"].get("value")
