"""The wall of images: what the articles show, with captions, from the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from broadsheet.archive.surt import surt
from broadsheet.serve.addresses import with_query
from broadsheet.serve.article.frame import archived_path
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.tables import quoted
from broadsheet.serve.view import View

_ON_A_PAGE = 48
_MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class WallImage:
    """An image, the article that shows it, and on how many it stands; ``archived`` is None when it was not captured."""

    image_url: str
    archived: str | None
    caption: str | None
    credit: str | None
    alt_text: str | None
    article_id: str
    title: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class ImageWall:
    """A page of images; ``more``: there is another page."""

    text: str
    captioned: bool
    page: int
    more: bool
    images: tuple[WallImage, ...]


def images_page(served: ServedCollection, request: Request) -> View:
    """The images whose caption, credit or description has the words ``q``; ``captioned=1``: those with a caption."""
    query = request.query_params
    text, number = query.get("q", "").strip()[:200], query.get("page", "1")
    page = min(_MOST_PAGES, max(1, int(number))) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
    captioned = query.get("captioned") == "1"
    rows = served.tables.rows(_question(text, page, captioned=captioned))
    images = tuple(_image(served, **row) for row in rows[:_ON_A_PAGE])
    wall = ImageWall(text, captioned, page, len(rows) > _ON_A_PAGE and page < _MOST_PAGES, images)

    def address(number: int) -> str:
        chosen = "1" if captioned else None
        return with_query(f"{served.path}images", q=text, captioned=chosen, page=number if number > 1 else None)

    return View("images.html", "Images", wall, place="images", shown={"address": address})


def _question(text: str, page: int, *, captioned: bool) -> str:
    wanted = ["i.role NOT IN ('logo', 'author')"]
    if captioned:
        wanted.append("i.caption IS NOT NULL")
    said = "lower(concat_ws(' ', i.caption, i.credit, i.alt_text, a.title))"
    wanted += [f"contains({said}, lower({quoted(word)}))" for word in text.split()[:8]]
    return f"""SELECT i.image_url, any_value(i.caption) AS caption, any_value(i.credit) AS credit,
        any_value(i.alt_text) AS alt_text,
        min_by(a.id, a.fetch_time) AS article_id, min_by(a.title, a.fetch_time) AS title,
        count(DISTINCT a.url) AS articles, min(a.fetch_time) AS fetched, max(a.date_published) AS published
        FROM images i JOIN articles a ON a.id = i.id WHERE {" AND ".join(wanted)}
        GROUP BY i.image_url ORDER BY published DESC NULLS LAST, i.image_url
        LIMIT {_ON_A_PAGE + 1} OFFSET {(page - 1) * _ON_A_PAGE}"""  # noqa: S608 - quoted


def _image(
    served: ServedCollection,
    *,
    image_url: str,
    caption: str | None,
    credit: str | None,
    alt_text: str | None,
    article_id: str,
    title: str | None,
    articles: int,
    fetched: datetime | None,
    published: datetime | None,  # noqa: ARG001 - it orders
) -> WallImage:
    captured = any(one.line.status in (200, None) for one in served.captures().lookup(surt(image_url)))
    path = archived_path(served, fetched, image_url) if captured else None
    return WallImage(image_url, path, caption, credit, alt_text, article_id, title, articles)
