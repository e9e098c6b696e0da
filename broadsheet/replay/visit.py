"""One page in a browser: loaded, scrolled through so that lazy images come, and looked at.

What is taken down serves to compare a replayed page with the live one: the picture, the visible text, the images and
fonts that were really decoded, every request with its status, every script error.  Animations are brought to their end
before the picture, endless ones to their beginning: two pictures of one page must be the same.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from broadsheet.replay.devtools import DevTools, DevToolsError

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
    height: document.documentElement.scrollHeight,
    frames: [...document.querySelectorAll('iframe, frame, embed, object')].map(one => {
      const box = one.getBoundingClientRect();
      return {url: one.src || one.data || '', left: box.left, top: box.top, width: box.width, height: box.height};
    })}
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
class FrameBox:
    """Where on the picture a document of another URL is shown, in pixels."""

    url: str
    left: float
    top: float
    width: float
    height: float


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
    frames: tuple[FrameBox, ...]

    @property
    def failed(self) -> tuple[Requested, ...]:
        """The requests that got no answer, or one of 400 and above."""
        return tuple(one for one in self.requests if one.failure is not None or one.status >= 400)


@dataclass(slots=True)
class _Watch:
    """What happens in a tab."""

    requests: dict[str, Requested] = field(default_factory=dict)
    past: list[Requested] = field(default_factory=list)
    under_way: dict[str, str] = field(default_factory=dict)  # the frames that asked, by request
    last: float = 0.0
    loaded: bool = False
    errors: list[str] = field(default_factory=list)

    def sent(self, event: dict[str, Any]) -> None:
        if (redirect := event.get("redirectResponse")) is not None:
            self.past.append(Requested(redirect["url"], status=redirect["status"]))
        url = event["request"]["url"]
        if url.startswith(("http:", "https:")):
            self.requests[event["requestId"]] = Requested(url, event["request"]["method"])
            self.under_way[event["requestId"]] = event.get("frameId", "")
            self.last = time.monotonic()

    def received(self, event: dict[str, Any]) -> None:
        if (request := self.requests.get(event["requestId"])) is not None:
            request.status = event["response"]["status"]

    def finished(self, event: dict[str, Any]) -> None:
        self.under_way.pop(event["requestId"], None)
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

    def wait_for_none_but(self, frames: set[str]) -> None:
        """Forget what others than *frames* have asked for: what they are busy with is not the page's."""
        self.under_way = {request: frame for request, frame in self.under_way.items() if frame in frames}

    def is_quiet(self) -> bool:
        silence = time.monotonic() - self.last
        return silence > (_HANGING if self.under_way else _QUIET)


def visit_page(
    devtools: DevTools,
    url: str,
    *,
    size: ViewSize | None = None,
    timeout: float = 30.0,
    shown_in: Callable[[str], bool] | None = None,
) -> PageVisit:
    """Open *url* in a tab of its own, in a context of its own (no cookies, no cache), and look at it.

    With *shown_in* the page that is looked at is in a frame, as replay programs that live in a page show it: the frame
    for whose URL it holds.  A page that is not loaded after *timeout* seconds is looked at as it is.

    Raises:
        DevToolsError: the browser failed, or there was no such frame within *timeout* seconds.
    """
    size = size or ViewSize()
    context = devtools.call("Target.createBrowserContext")["browserContextId"]
    target = devtools.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
    session = devtools.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    try:
        return _visit(_Tab(devtools, session), url, size, timeout, shown_in)
    finally:
        devtools.call("Target.disposeBrowserContext", browserContextId=context)


@dataclass(slots=True)
class _Tab:
    """A tab, and the world within it where scripts of ours run: the page's own, or one beside a frame's."""

    devtools: DevTools
    session: str
    watch: _Watch = field(default_factory=_Watch)
    world: int | None = None

    def call(self, method: str, timeout: float = 30.0, **parameters: Any) -> Any:
        return self.devtools.call(method, session=self.session, timeout=timeout, **parameters)

    def listen(self) -> None:
        for event, listener in (
            ("Network.requestWillBeSent", self.watch.sent),
            ("Network.responseReceived", self.watch.received),
            ("Network.loadingFinished", self.watch.finished),
            ("Network.loadingFailed", self.watch.failed),
            ("Runtime.exceptionThrown", self.watch.threw),
            ("Page.loadEventFired", self.watch.load),
        ):
            self.devtools.listen(event, listener, session=self.session)
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")

    def resize(self, width: int, height: int) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def settle(self) -> None:
        self.evaluate(f"{_SCROLL}(5)")
        self.devtools.wait(self.watch.is_quiet, 6.0)

    def evaluate(self, script: str) -> Any:
        where = {} if self.world is None else {"contextId": self.world}
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, **where)
        return result["result"].get("value")

    def enter_frame(self, shown_in: Callable[[str], bool], timeout: float) -> None:
        """Run scripts beside those of the frame that *shown_in* means from now on, as soon as it is loaded."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            tree = self.call("Page.getFrameTree")["frameTree"]
            for part in _subtrees(tree):
                frame = part["frame"]
                if shown_in(frame["url"]):
                    self.world = self.call("Page.createIsolatedWorld", frameId=frame["id"])["executionContextId"]
                    if self.evaluate("document.readyState") == "complete":
                        self.watch.wait_for_none_but({one["frame"]["id"] for one in _subtrees(part)})
                        return
            self.devtools.wait(lambda: False, 0.1)
        raise DevToolsError("the browser", f"showed no such frame in {timeout:g} s")


def _subtrees(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree.get("childFrames", ()):
        yield from _subtrees(child)


def _visit(tab: _Tab, url: str, size: ViewSize, timeout: float, shown_in: Callable[[str], bool] | None) -> PageVisit:
    tab.listen()
    tab.resize(size.width, size.height)
    start = time.monotonic()
    tab.call("Page.navigate", timeout=timeout, url=url)
    tab.devtools.wait(lambda: tab.watch.loaded, timeout)
    if shown_in is not None:
        tab.enter_frame(shown_in, timeout)
    seconds = time.monotonic() - start
    tab.settle()
    height = max(200, min(size.most, tab.evaluate("document.documentElement.scrollHeight")))
    tab.resize(size.width, height)
    tab.settle()
    tab.evaluate(_STILL)
    look = tab.evaluate(_LOOK)
    picture = tab.call("Page.captureScreenshot", timeout=60, format="png")["data"]
    return PageVisit(
        url=url,
        seconds=seconds,
        screenshot=base64.b64decode(picture),
        requests=(*tab.watch.past, *tab.watch.requests.values()),
        errors=tuple(tab.watch.errors),
        frames=tuple(FrameBox(**box) for box in look.pop("frames")),
        **look,
    )
