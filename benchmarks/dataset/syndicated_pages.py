"""Real pages, and real pages of other sites that carry the same articles: truth for deduplication through extraction.

Of each article with a known body copies are made (exact, edited, cut, syndicated: as in the tests' generator) and put into the
HTML of another real page, in place of that page's own paragraphs: all around it, its site's own text stays.  Every second
copy goes to one of a few sites, which so have many pages; the others have one to three.
"""

from __future__ import annotations

import copy
import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import trafilatura
from made_articles import Press, language
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

KINDS = ("exact", "edited", "cut", "syndicated")
BUSY_SITES = 20
COPIES = 2
MAX_LEFT = 100  # words that trafilatura finds in a frame without its paragraphs
_MIN_WORDS, _MIN_PARAGRAPHS = 150, 4


@dataclass(frozen=True, slots=True)
class Story:
    """A real page with its known body."""

    url: str
    html: bytes
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SyndicatedPage:
    """``family`` is the story that it tells; ``kind`` original, or how the copy was made; ``busy``: its site has many pages."""

    url: str
    family: int
    kind: str
    busy: bool


def stories(corpora: Path, count: int) -> list[Story]:
    """At most *count* pages whose body is known and long enough, each story once."""
    found: list[Story] = []
    seen: set[str] = set()
    for file in sorted(corpora.glob("*/truth.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            truth = json.loads(line)
            body = str(truth.get("body") or "")
            paragraphs = tuple(one.strip() for one in body.split("\n") if one.strip())
            url = str(truth.get("url") or "")
            if len(body.split()) < _MIN_WORDS or len(paragraphs) < _MIN_PARAGRAPHS or not url.startswith("http"):
                continue
            if paragraphs[1][:60] in seen or paragraphs[2][:60] in seen or url in seen:
                continue
            seen |= {paragraphs[1][:60], paragraphs[2][:60], url}
            html = gzip.decompress((file.parent / "html" / f"{truth['id']}.html.gz").read_bytes())
            found.append(Story(url, html, paragraphs))
    random.Random(3).shuffle(found)
    return found[:count]


def write_pages(corpora: Path, count: int, path: Path, seed: int = 5) -> list[SyndicatedPage]:
    """Write *count* stories and their copies into the WARC *path*."""
    originals = stories(corpora, count)
    rng = random.Random(seed)
    press, tongue = Press(seed, languages=("latin",)), language("latin")
    frames = [frame for story in originals if (frame := _frame(story)) is not None]
    busy = frames[:BUSY_SITES]
    pages: list[SyndicatedPage] = []
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for family, story in enumerate(originals):
            _write(writer, story.url, story.html)
            pages.append(SyndicatedPage(story.url, family, "original", busy=False))
        for family, story in enumerate(originals):
            for number, kind in enumerate(rng.sample(KINDS, COPIES)):
                site = rng.choice(busy if number % 2 else frames)
                if site.story.url == story.url:
                    continue
                body = story.paragraphs if kind == "exact" else press._copy(kind, tongue, story.paragraphs)
                parts = urlsplit(site.story.url)
                url = f"{parts.scheme}://{parts.netloc}/syndicated/{family}-{number}"
                _write(writer, url, site.filled(body, story.paragraphs[0]))
                pages.append(SyndicatedPage(url, family, kind, busy=site in busy))
    return pages


class Frame:
    """A page whose paragraphs can be others."""

    def __init__(self, story: Story, tree: lxml.html.HtmlElement, slots: Sequence[str]) -> None:
        self.story = story
        self._tree = tree
        self._slots = slots

    def filled(self, body: Sequence[str], title: str) -> bytes:
        """The page with *body*, under another headline."""
        tree = copy.deepcopy(self._tree)
        found = [tree.getroottree().xpath(path)[0] for path in self._slots]
        for element, text in zip(found, body, strict=False):
            tail = element.tail
            element.clear()
            element.text, element.tail = text, tail
        last = found[min(len(found), len(body)) - 1]
        for text in reversed(body[len(found) :]):
            more = lxml.html.Element("p")
            more.text = text
            last.addnext(more)
        for element in found[len(body) :]:
            element.getparent().remove(element)
        for heading in tree.iter("h1", "title"):
            heading.text = " ".join(title.split()[:9])
        return lxml.html.tostring(tree, encoding="utf-8", doctype="<!doctype html>")


def _frame(story: Story) -> Frame | None:
    """The frame that *story* stands in; None when its paragraphs are not elements beside each other, or not all of its text can
    be taken out: a copy must not carry the frame's own story."""
    tree = lxml.html.document_fromstring(story.html)
    for script in list(
        tree.iter("script", "style", "noscript", "template")
    ):  # embedded data tells the page's own story
        script.drop_tree()
    body = " ".join(" ".join(story.paragraphs).split())
    by_parent: dict[lxml.html.HtmlElement, list[lxml.html.HtmlElement]] = {}
    for element in tree.iter("p"):
        text = " ".join(element.text_content().split())
        if len(text) > 40 and text in body:
            by_parent.setdefault(element.getparent(), []).append(element)
    if not by_parent:
        return None
    slots = max(by_parent.values(), key=len)
    if len(slots) < 3:
        return None
    for element in list(tree.iter("p", "li", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "figcaption", "dd")):
        text = " ".join(element.text_content().split())
        if element.getparent() is not None and element not in slots and len(text) > 15 and text in body:
            element.drop_tree()
    rest = " ".join(" ".join(one.text_content() for one in tree.iter("body")).split())
    for element in slots:
        rest = rest.replace(" ".join(element.text_content().split()), " ")
    words = body.split()
    left = sum(" ".join(words[n : n + 6]) in rest for n in range(0, len(words) - 6, 6))
    others = sum(len(one.text_content()) for one in tree.iter("p") if one not in slots)
    if left * 6 > 0.03 * len(words) or others > 0.25 * len(body):  # more of its own than a site's furniture is
        return None
    emptied = copy.deepcopy(tree)
    for path in [tree.getroottree().getpath(element) for element in slots][::-1]:
        emptied.getroottree().xpath(path)[0].drop_tree()
    still = trafilatura.extract(lxml.html.tostring(emptied, encoding="unicode"), favor_recall=True) or ""
    if len(still.split()) > MAX_LEFT:  # code, tables, a second article: its own, and not its site's furniture
        return None
    return Frame(story, tree, [tree.getroottree().getpath(element) for element in slots])


def _write(writer: WARCWriter, url: str, html: bytes) -> None:
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(html), http_headers=head))


def few_pages(pages: Sequence[SyndicatedPage]) -> Iterator[SyndicatedPage]:
    """The pages of sites that have few."""
    return (page for page in pages if not page.busy)
