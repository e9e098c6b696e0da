"""The versions of a page: all captures, what changed in the text from one to the next, the pictures, and two side by side.

``compare``: the number of a capture, from 0 for the oldest; it is shown beside the page that was there before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request

from broadsheet.api import Collection
from broadsheet.archive.capture import UNDATED
from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.lookup import moment_of
from broadsheet.archive.surt import surt
from broadsheet.pages.history import History, Version, VersionChange, page_history
from broadsheet.serve.addresses import with_query
from broadsheet.serve.article.frame import ArticleHead, archived_path, article_view, head_of, rows_of
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

_SHOWN = (200, None)
_FURNITURE = ("logo", "author", "other")


@dataclass(frozen=True, slots=True)
class VersionPicture:
    """The main image of a version; ``archived`` is its path on the archived origin, None when it was not captured; ``digest``
    that of its bytes."""

    url: str
    archived: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class PictureChange:
    """The main image before and after; None: there was none."""

    before: VersionPicture | None
    after: VersionPicture | None


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two captures of the page, by their numbers, and their paths on the archived origin."""

    before: int
    after: int
    archived_before: str
    archived_after: str


@dataclass(frozen=True, slots=True)
class PageVersions:
    """All captures of the page, with what changed.  In the order of ``history.captures``: ``archived`` are their paths on the
    archived origin, ``pictures`` the changes of the main image, ``before`` the numbers of the pages that were there before."""

    head: ArticleHead
    history: History
    archived: tuple[str, ...]
    pictures: tuple[PictureChange | None, ...]
    before: tuple[int | None, ...]
    compared: SideBySide | None = None


def versions_page(served: ServedCollection, request: Request) -> View:
    """The captures of the page, the latest first, and what changed.

    Raises:
        BadInput: the two captures to compare are not there.
    """
    article = rows_of(served, request).article
    head = head_of(served, article)
    history = page_history(served.collection.directory, article.url)
    captures = history.captures
    archived = tuple(archived_path(served, one.date, one.url) for one in captures)
    before = _pages_before(captures)
    compared = _compared(request.query_params.get("compare"), before, archived)
    data = PageVersions(head, history, archived, _pictures(served, captures, before), before, compared)

    def compare(number: int) -> str:
        return with_query(f"{head.path}/versions", compare=number) + "#compared"

    return article_view("versions.html", head, "versions", data, compare=compare)


def _pages_before(captures: Sequence[Version]) -> tuple[int | None, ...]:
    """For each capture that has the page, the number of the one before it that has it, too."""
    found: list[int | None] = []
    last = None
    for number, one in enumerate(captures):
        is_page = one.change is not VersionChange.NO_PAGE
        found.append(last if is_page else None)
        last = number if is_page else last
    return tuple(found)


def _compared(asked: str | None, before: Sequence[int | None], archived: Sequence[str]) -> SideBySide | None:
    if asked is None:
        return None
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else len(before)
    earlier = before[number] if number < len(before) else None
    if earlier is None:
        raise BadInput(
            "The comparison", "no such capture, or none before it", "The page Versions lists those there are."
        )
    return SideBySide(earlier, number, archived[earlier], archived[number])


def _pictures(
    served: ServedCollection, captures: Sequence[Version], before: Sequence[int | None]
) -> tuple[PictureChange | None, ...]:
    """The changes of the main image; one with another address is the same if its bytes are."""
    named = _main_images(served, {one.url for one in captures})
    pictures = [_picture(served, named.get((one.url, _second(one.date))), one.date) for one in captures]
    changes: list[PictureChange | None] = []
    for after, earlier in zip(pictures, before, strict=True):
        change = None if earlier is None else PictureChange(pictures[earlier], after)
        changes.append(change if change is not None and _is_change(change) else None)
    return tuple(changes)


def _main_images(served: ServedCollection, urls: set[str]) -> Mapping[tuple[str, str], str]:
    """The addresses of main images, by the address and the time of the page; none without a dataset.

    It is the one that the page calls so, else the first in its text.
    """
    found: dict[tuple[str, str], str] = {}
    pages = Collection(served.collection)
    with suppress(BadInput):  # never extracted, or that table was not made
        wanted = ["id", "url", "fetch_time", "main_image_url"]
        rows = list(pages.articles(url=sorted(urls), columns=wanted))
        places = {row.id: (row.url, _second(row.fetch_time or UNDATED)) for row in rows}
        found |= {places[row.id]: row.main_image_url for row in rows if row.main_image_url}
        images = pages.images(url=sorted(urls), columns=["id", "image_url", "role", "ordinal"])
        for image in sorted(images, key=lambda one: (one.role != "hero", one.ordinal)):
            if image.id in places and image.role not in _FURNITURE:
                found.setdefault(places[image.id], image.image_url)
    return found


def _picture(served: ServedCollection, url: str | None, moment: datetime) -> VersionPicture | None:
    """The capture of the image *url* closest to *moment*."""
    if url is None:
        return None
    lines = [one.line for one in served.captures().lookup(surt(url)) if one.line.status in _SHOWN]
    nearest = min(lines, key=lambda line: abs(moment_of(line.timestamp) - moment), default=None)
    if nearest is None:
        return VersionPicture(url)
    return VersionPicture(url, archived_path(served, moment, url), nearest.digest)


def _is_change(change: PictureChange) -> bool:
    before, after = change.before, change.after
    if before is None or after is None:
        return before is not after
    if before.digest is not None and after.digest is not None:
        return before.digest != after.digest
    return before.url != after.url


def _second(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"
