"""The templates, and how values stand in them: of the pages of `broadsheet serve`, and of the file of `broadsheet report`.

Text of archived pages goes into templates as text: Jinja2 escapes all of it (autoescape), and a name that a template does not
know is an error, not an empty string.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from broadsheet.serve.addresses import article_name, json_address, web_address, with_query
from broadsheet.serve.charts import bars, share_bar
from broadsheet.terminal.amounts import duration, size

_LONGEST_HREF = 300


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


def number(value: int | float | None) -> str:
    """A number with its thousands parted; an en dash for none."""
    return "–" if value is None else f"{value:,}"


def whole(value: float) -> str:
    """A number that counts, on the axis of a chart."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def part_of(part: int, all_of_it: int) -> str:
    """``12 (3.4 %)``: a count, and its share."""
    return f"{part:,} ({100 * part / all_of_it:.1f} %)" if all_of_it else f"{part:,}"


def short(text: str | None, length: int = _LONGEST_HREF) -> str:
    """*text*, cut to *length* characters."""
    text = text or ""
    return text if len(text) <= length else f"{text[: length - 1]}…"


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
    made.filters["part_of"] = part_of
    made.globals |= {"bars": bars, "size": size, "whole": whole}
    made.globals |= {"share_bar": share_bar, "json_address": json_address, "with_query": with_query}
    return made


_TEMPLATES = _templates()


def rendered(template: str, names: dict[str, Any]) -> str:
    """*template* with *names* as HTML."""
    return _TEMPLATES.get_template(template).render(names)
