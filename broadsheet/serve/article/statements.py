"""What the page says of itself to machines, what was read from it, and how to cite it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from broadsheet.archive.errors import BroadsheetError
from broadsheet.pipelines.dataset.records import ArticleRow
from broadsheet.serve.article.frame import ArticleHead, article_view, head_of, rows_of
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

_MOST_META = 300
_LONG = 2_000  # characters of a value
_LEFT_OUT = frozenset({"text", "text_markdown"})  # they have a page of their own


@dataclass(frozen=True, slots=True)
class Statement:
    """A name and what is stated under it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Statements:
    """The row of the article, its page's JSON-LD (each script as text), and its meta elements."""

    head: ArticleHead
    columns: tuple[Statement, ...]
    linked_data: tuple[str, ...]
    meta: tuple[Statement, ...]
    fault: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """How to cite: ``text`` for readers, ``bibtex`` and ``csl`` for programs, and where the bytes are."""

    head: ArticleHead
    text: str
    bibtex: str
    csl: dict[str, Any]
    record: str
    query: str


def statements_page(served: ServedCollection, request: Request) -> View:
    """The columns of the row, JSON-LD and meta elements."""
    article = rows_of(served, request).article
    linked, meta, fault = _of_page(article)
    columns = tuple(
        Statement(one.name, _value(getattr(article, one.name))) for one in fields(article) if one.name not in _LEFT_OUT
    )
    data = Statements(head_of(served, article), columns, linked, meta, fault)
    return article_view("statements.html", data.head, "statements", data)


def _of_page(article: ArticleRow) -> tuple[tuple[str, ...], tuple[Statement, ...], str | None]:
    from broadsheet.pipelines.extract.extraction import PageRecord  # noqa: PLC0415 - heavy
    from broadsheet.pipelines.extract.metadata.jsonld import parse_json  # noqa: PLC0415
    from broadsheet.pipelines.extract.page.page import open_page  # noqa: PLC0415

    try:
        response = article.response()
    except BroadsheetError as error:
        return (), (), str(error)
    page = open_page(PageRecord(article.url, article.fetch_time, response.headers, response.body))
    if page is None:
        return (), (), "The page cannot be parsed."
    scripts = [one.text or "" for one in page.root.iter("script") if "ld+json" in (one.get("type") or "")]
    pretty = tuple(
        json.dumps(parse_json(one), indent=2, ensure_ascii=False, default=str)[:100_000] for one in scripts[:50]
    )
    return pretty, tuple(_meta(page.root))[:_MOST_META], None


def _meta(root: Any) -> Iterator[Statement]:
    for element in root.iter("meta", "link"):
        if element.tag == "meta":
            name = element.get("property") or element.get("name") or element.get("itemprop")
            value = element.get("content")
        else:
            rel = element.get("rel") or ""
            name, value = f"link {rel}", element.get("href")
            if rel.lower() not in ("canonical", "amphtml", "license", "author", "alternate", "shortlink"):
                continue
        if name and value:
            yield Statement(name[:200], value[:_LONG])


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple | list):
        return "; ".join(_value(one) for one in value)[:_LONG]
    if hasattr(value, "__slots__"):
        return ", ".join(str(found) for name in value.__slots__ if (found := getattr(value, name)) is not None)
    return str(value)[:_LONG]


def cite_page(served: ServedCollection, request: Request) -> View:
    """The article as a reference."""
    article = rows_of(served, request).article
    data = citation(served, article)
    return article_view("cite.html", data.head, "cite", data)


def citation(served: ServedCollection, article: ArticleRow) -> Citation:
    """*article* as a reference, with the capture that was read (the "Accessed" of most styles)."""
    names = [" ".join(person.name.split()) for person in article.authors if person.name]
    title = " ".join((article.title or article.url).split())
    published = article.date_published
    fetched = None if article.fetch_time is None else article.fetch_time.astimezone(UTC)
    site = article.sitename or article.url_host_name
    authors = f"{', '.join(names)}. " if names else ""
    when = f", {_day(published)}" if published else ""
    captured = "Captured" if fetched is None else f"Captured {_day(fetched)}, {fetched:%H:%M:%S} UTC"
    text = f"{authors}“{title}.” {site}{when}. {article.url}. {captured}; record {article.id}."
    return Citation(
        head=head_of(served, article),
        text=text,
        bibtex=_bibtex(article, names, title, site),
        csl={
            "type": "article-newspaper",
            "id": article.id,
            "title": title,
            "author": [{"literal": name} for name in names],
            "container-title": site,
            "issued": {"date-parts": [_parts(published)]} if published else None,
            "accessed": {"date-parts": [_parts(fetched)]} if fetched else None,
            "URL": article.url,
            "archive": "WARC",
            "archive_location": f"{article.warc_filename}:{article.warc_record_offset}",
        },
        record=f"{article.warc_filename}, offset {article.warc_record_offset}, {article.warc_record_length} bytes",
        query=f"SELECT * FROM articles WHERE id = '{article.id}'",  # noqa: S608 - to be copied
    )


def _bibtex(article: ArticleRow, names: list[str], title: str, site: str) -> str:
    published = article.date_published
    key = re.sub(
        r"[^a-z0-9]+", "", f"{names[0].split()[-1] if names else site}{published.year if published else ''}".lower()
    )
    lines = [
        ("author", " and ".join(f"{{{_tex(name)}}}" for name in names)),
        ("title", f"{{{_tex(title)}}}"),
        ("journal", _tex(site)),
        ("date", f"{published:%Y-%m-%d}" if published else ""),
        ("url", article.url),
        ("urldate", f"{article.fetch_time:%Y-%m-%d}" if article.fetch_time else ""),
        ("note", f"WARC record {article.id.strip('<>')}"),
    ]
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in lines if value)
    return f"@online{{{key or 'article'},\n{body}\n}}"


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", " "))


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _parts(moment: datetime) -> list[int]:
    return [moment.year, moment.month, moment.day]
