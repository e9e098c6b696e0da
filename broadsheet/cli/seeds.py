"""Where a crawl begins, as a person types it: URLs, and ``@FILE`` with many.

A file is a list with a URL a line (``#`` begins a comment), OPML as readers of feeds export it (each feed, and the site that it
belongs to), a sitemap or a feed; ``@-`` is standard input.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from broadsheet.archive.errors import BadInput, from_os_error
from broadsheet.cli.shared import url_argument

MAX_FILE: Final = 64 * 1024 * 1024  # bytes
MAX_SEEDS: Final = 100_000


def seed_arguments(texts: Iterable[str]) -> tuple[str, ...]:
    """The URLs that *texts* are or name, each once, in order.

    Raises:
        BadInput: one is no URL, or a file that cannot be read or names none.
    """
    seeds: dict[str, None] = {}
    for text in texts:
        seeds |= dict.fromkeys(_in_file(text[1:]) if text.startswith("@") else (url_argument(text),))
        if len(seeds) > MAX_SEEDS:
            raise BadInput(
                text, f"names more than {MAX_SEEDS:,} URLs to begin with", "Crawl them in several collections."
            )
    return tuple(seeds)


def _in_file(name: str) -> list[str]:
    from broadsheet.crawler.discovery.classify import BodyKind, classify_body  # noqa: PLC0415 - heavy, and seldom needed
    from broadsheet.crawler.discovery.feed import feed_links  # noqa: PLC0415
    from broadsheet.crawler.discovery.sitemap import read_sitemap  # noqa: PLC0415

    content = _content(name)
    match classify_body("", content):
        case BodyKind.FEED:
            found = [link.url for link in feed_links(content, "")]
        case BodyKind.SITEMAP if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or content[:2] == b"\x1f\x8b":
            found = [entry.url for entry in read_sitemap(content, "").entries]
        case _:
            found = _lines(name, content)
    if not found:
        raise BadInput(f"@{name}", "names no URL", "Write one a line, or give OPML, a feed or a sitemap.")
    return found


def _content(name: str) -> bytes:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(MAX_FILE + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MAX_FILE + 1)
    except OSError as error:
        raise from_os_error(error, name) from error
    if len(content) > MAX_FILE:
        raise BadInput(f"@{name}", f"has more than {MAX_FILE:,} bytes", "Cut it into several.")
    return content


def _lines(name: str, content: bytes) -> list[str]:
    """The URLs of a list, one a line."""
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"@{name}", "is no text in UTF-8", "Give a list of URLs, one a line.") from error
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        url = line.partition(" #")[0].strip()
        if url and not url.startswith("#"):
            try:
                found.append(url_argument(url))
            except BadInput as error:
                raise BadInput(f"{name}, line {number}: {url[:200]}", error.cause, error.remedy) from error
    return found
