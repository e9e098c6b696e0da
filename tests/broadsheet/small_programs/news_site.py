"""The site of a small paper, and what a small program is given: the site, what a crawl made of it, its pages as files."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from crawled_site import Answer

from broadsheet import Collection
from broadsheet.cli import main

_SENTENCES = {
    "en": "In part {n} of its story the paper says that the council met about the {what} and that most members voted for it.",
    "de": "Im Teil {n} des Berichts schreibt die Zeitung, dass der Rat über {what} beraten und mit Mehrheit zugestimmt hat.",
}


def story(title: str, what: str, *, language: str = "en", day: int = 1, author: str = "Bo Ek") -> str:
    """A page with an article, and what stands around one."""
    body = "".join(f"<p>{_SENTENCES[language].format(n=n, what=what)}</p>" for n in range(8))
    return f"""<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title} - The Council Paper</title>
<meta name="author" content="{author}"><meta property="og:site_name" content="The Council Paper">
<meta property="og:type" content="article"><meta property="article:section" content="Town">
<meta property="article:published_time" content="2026-05-{day:02}T07:08:09Z"><meta name="keywords" content="{what}, vote">
<meta name="description" content="What the council said of the {what}."><meta property="og:image" content="/top.jpg">
<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">
<link rel="alternate" type="application/rss+xml" href="/feed.xml">
</head><body><nav><a href="/">Start</a> <a href="/town">Town</a></nav>
<article><h1>{title}</h1>
{body}<h2>The vote</h2><ul><li>Nine for it</li><li>Two against it</li></ul>
<table><tr><th>Party</th><th>Votes</th></tr><tr><td>Harbour list</td><td>9</td></tr></table>
<p>Read <a href="/bridge">the minutes</a> of the meeting, and <a href="https://law.example/act">the act</a> itself.</p>
<figure><img src="/hall.jpg" alt="A hall"><figcaption>The hall where they met</figcaption></figure></article>
<section class="comments" id="comments"><h3>Comments</h3>
<div class="comment"><p>What a good idea, I was there.</p></div></section>
<footer><p>Copyright The Council Paper</p></footer></body></html>"""


STORIES = {
    "bridge": story("Council votes for a bridge", "new bridge", day=4),
    "harbour": story("Harbour gets a light", "harbour light", day=5, author="Ann Lee"),
    "school": story("School opens in May", "old school", day=6),
    "park": story("Park is closed for a week", "quiet park", day=7),
    "bruecke": story("Rat stimmt für die Brücke", "die neue Brücke", language="de", day=8, author="Ute Ahl"),
}
_LINKS = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in STORIES)
_FRONT = f"""<html lang="en"><head><title>The Council Paper</title>
<link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body><h1>News</h1><ul>{_LINKS}</ul>
<a href="/town">Town</a></body></html>"""
_FEED = "".join(f"<item><title>{name}</title><link>{{base}}/{name}</link></item>" for name in STORIES)
_URLS = "".join(f"<url><loc>{{base}}/{name}</loc></url>" for name in STORIES)
_PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(40)

ANSWERS = {
    "/": Answer(_FRONT.encode()),
    "/town": Answer(_FRONT.replace("News", "Town").encode()),
    "/robots.txt": Answer(b"User-agent: *\nDisallow: /drafts/\nSitemap: {base}/sitemap.xml\n", "text/plain"),
    "/sitemap.xml": Answer(f"<urlset>{_URLS}</urlset>".encode(), "application/xml"),
    "/feed.xml": Answer(f"<rss><channel><title>News</title>{_FEED}</channel></rss>".encode(), "application/rss+xml"),
    "/hall.jpg": Answer(_PIXEL, "image/png"),
    "/top.jpg": Answer(_PIXEL, "image/png"),
    "/drafts/secret": Answer(STORIES["park"].encode()),
    "/moved": Answer(status=301, headers={"Location": "/bridge"}),
    **{f"/{name}": Answer(html.encode()) for name, html in STORIES.items()},
}


@dataclass(frozen=True)
class News:
    url: str
    collection: Collection
    pages: Path

    @property
    def warcs(self) -> list[Path]:
        return sorted((self.collection.directory / "archive").glob("*.warc.gz"))


class Programs:
    """The small programs of a file, in its order."""

    def __init__(self) -> None:
        self._all: list[Callable[[News, Path], None]] = []

    def __call__(self, program: Callable[[News, Path], None]) -> Callable[[News, Path], None]:
        self._all.append(program)
        return program

    def run(self, news: News, folder: Path) -> None:
        """Run each of ten or more, with an empty folder of its own."""
        assert len(self._all) >= 10
        for number, program in enumerate(self._all):
            own = folder / str(number)
            own.mkdir()
            program(news, own)


def broadsheet(*arguments: object) -> str:
    """What the command prints; it must succeed."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    try:
        with redirect_stdout(printed):
            main([str(one) for one in arguments])
    except SystemExit as end:
        assert not end.code, arguments  # noqa: PT017 - the way in which a command ends
    printed.seek(0)
    return printed.read()
