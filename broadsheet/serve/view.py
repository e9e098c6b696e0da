"""A View: what a page says, as a dataclass, and how it is shown.  Every page can be had as HTML and, with ``.json``, as data.

Text of archived pages goes into templates as text: Jinja2 escapes all of it (autoescape), and a name that a template does not
know is an error, not an empty string.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.cli.shared import plain
from broadsheet.report.charts import share_bar
from broadsheet.terminal.progress import duration, size

_LONGEST_HREF = 300
_UUID = re.compile(r"[0-9A-Za-z-]{4,64}")


@dataclass(frozen=True, slots=True)
class View:
    """``data`` is a dataclass: the JSON, and ``data`` in the template; ``shown`` are names that the template alone needs.

    ``place`` is the entry of the collection's navigation that the page belongs to.
    """

    template: str
    title: str
    data: Any
    place: str = ""
    status: int = 200
    shown: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def answer(request: Request, view: View, *, as_json: bool, **shared: Any) -> Response:
    """*view* as the answer to *request*; *shared* are names for the templates of all pages."""
    if as_json:
        body = orjson.dumps(plain(view.data), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
        return Response(body, view.status, view.headers, "application/json")
    names = {"data": view.data, "title": view.title, "place": view.place, "request": request, **shared, **view.shown}
    html = _TEMPLATES.get_template(view.template).render(names)
    return Response(html, view.status, view.headers, "text/html; charset=utf-8")


def fragment(template: str, data: Any) -> str:
    """Part of a page as HTML: what is sent to a page that is open."""
    return _TEMPLATES.get_template(template).render({"data": data})


def json_address(request: Request) -> str:
    """Where the data of the page at *request* are: the same address with ``.json``."""
    path = request.url.path
    path = f"{path}index.json" if path.endswith("/") else f"{path}.json"
    return quote(path, safe="/:@!$&'()*+,;=~") + (f"?{request.url.query}" if request.url.query else "")


def day(moment: datetime | None) -> str:
    """``26 November 2026``: a day as people read it, UTC."""
    return "" if moment is None else f"{moment.astimezone(UTC).day} {moment.astimezone(UTC):%B %Y}"


def minute(moment: datetime | None) -> str:
    """``2026-11-26 10:20 UTC``."""
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def second(moment: datetime | None) -> str:
    """``2026-11-26 10:20:31 UTC``."""
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def seconds_day(seconds: int) -> str:
    """``26 November 2026`` of seconds since 1970; of a time beyond what a calendar has, nothing."""
    try:
        return day(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return ""


def iso_day(seconds: int) -> str:
    """``2026-11-26`` of seconds since 1970."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return ""


def article_name(record_id: str) -> str:
    """What an article is called in an address: the UUID of its record, else its whole id, quoted."""
    inner = record_id.removeprefix("<urn:uuid:").removesuffix(">")
    return inner if _UUID.fullmatch(inner) else quote(record_id, safe="")


def record_id_of(name: str) -> str:
    """The id of the record that is called *name* in an address."""
    return f"<urn:uuid:{name}>" if _UUID.fullmatch(name) else name


def number(value: int | float | None) -> str:
    """A number with its thousands parted; an en dash for none."""
    return "–" if value is None else f"{value:,}"


def web_address(url: str | None) -> str | None:
    """*url* if a link to it is harmless: http or https, of a length that a browser shows."""
    return url if url and url.lower().startswith(("http://", "https://")) and len(url) < 2000 else None


def short(text: str | None, length: int = _LONGEST_HREF) -> str:
    """*text*, cut to *length* characters."""
    text = text or ""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def with_query(path: str, **values: Any) -> str:
    """*path* with a query of *values*, without those that are None or empty."""
    kept = [(name, value) for name, value in values.items() if value not in (None, "", ())]
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def _templates() -> Environment:
    loader = PackageLoader("broadsheet.serve", "templates")
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"day": day, "minute": minute, "second": second, "number": number, "size": size, "short": short}
    made.filters["duration"] = duration
    made.filters |= {"seconds_day": seconds_day, "iso_day": iso_day, "article_name": article_name}
    made.filters |= {"web_address": web_address, "segment": lambda text: quote(str(text), safe="")}
    made.globals |= {"share_bar": share_bar, "json_address": json_address, "with_query": with_query}
    return made


_TEMPLATES = _templates()
