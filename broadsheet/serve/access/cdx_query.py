"""A query string -> CdxQuery: what is asked of a CDX server.

The parameters are pywb's (CDX Server API); the Wayback Machine's server has the same but for its filters, which are regular
expressions of the whole field, and for the resume key.  What is not known is passed over, as clients of public archives
send much that only these understand; what is known and cannot be understood is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Self, TypeVar
from urllib.parse import quote, unquote

from starlette.datastructures import QueryParams

from broadsheet.archive.cdxj.line import CdxjLine
from broadsheet.archive.errors import BadInput
from broadsheet.serve.access.cdx_fields import FIELD_NAMES, is_field
from broadsheet.serve.access.cdx_filter import CdxFilter, Collapse, parse_collapse, parse_filter
from broadsheet.serve.access.parameters import PAGE_SIZE, MatchType, Output, Sort

_TIMESTAMP = re.compile(r"[0-9]{1,14}")
_INTEGER = re.compile(r"-?[0-9]{1,9}")
_YES, _NO = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no", ""})
_Choice = TypeVar("_Choice", bound=StrEnum)


class Dialect(Enum):
    """Whose server is spoken."""

    PYWB = "pywb"
    WAYBACK = "wayback"


@dataclass(frozen=True, slots=True)
class ResumeKey:
    """Behind *count* captures under *urlkey* at *timestamp*."""

    urlkey: str
    timestamp: str
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in *text*.

        Raises:
            BadInput: it is none.
        """
        urlkey, _, rest = unquote(text).rpartition(" ")[0].rpartition(" ")
        count = unquote(text).rpartition(" ")[2]
        if not urlkey or not _TIMESTAMP.fullmatch(rest) or not _INTEGER.fullmatch(count):
            raise BadInput(
                f"resumeKey={text}", "is not a key of this server", "Take it from the last line of an answer."
            )
        return cls(urlkey, rest, int(count))

    def __str__(self) -> str:
        return quote(f"{self.urlkey} {self.timestamp} {self.count}", safe="")

    def after(self, given: Iterable[CdxjLine]) -> ResumeKey:
        """The key behind *given* too, which is not empty."""
        lines = list(given)
        last = lines[-1]
        same = sum((one.urlkey, one.timestamp) == (last.urlkey, last.timestamp) for one in lines)
        goes_on = (self.urlkey, self.timestamp) == (last.urlkey, last.timestamp)
        return ResumeKey(last.urlkey, last.timestamp, same + (self.count if goes_on else 0))


@dataclass(frozen=True, slots=True)
class CdxQuery:
    """What is asked.  ``begin`` and ``end`` are 1 to 14 digits of a time or ""; ``limit`` is None for no limit, and below zero
    for the last ones; ``page`` is None for all of them."""

    url: str
    match: MatchType
    begin: str
    end: str
    filters: tuple[CdxFilter, ...]
    collapses: tuple[Collapse, ...]
    fields: tuple[str, ...]
    limit: int | None
    offset: int
    sort: Sort
    closest: str
    output: Output
    page: int | None
    page_size: int
    counts_pages: bool
    resume: ResumeKey | None
    shows_resume_key: bool

    @property
    def gives_resume_key(self) -> bool:
        """Whether the answer ends with a resume key if there is more: it has an end, and goes forward."""
        return self.shows_resume_key and self.sort is Sort.DEFAULT and self.limit is not None and self.limit > 0

    @classmethod
    def parse(cls, asked: QueryParams, dialect: Dialect) -> Self:
        """The query in *asked*.

        Raises:
            BadInput: the URL is missing, or a parameter cannot be understood.
        """
        url, match = _url(asked)
        sort, closest = _choice(asked, "sort", Sort) or Sort.DEFAULT, _timestamp(asked, "closest")
        if sort is Sort.CLOSEST and not closest:
            raise BadInput("sort=closest", "closest to what time is not said", "Add closest=20261124.")
        key = asked.get("resumeKey") if dialect is Dialect.WAYBACK else None
        resume = ResumeKey.parse(key) if key else None
        return cls(
            url=url,
            match=match,
            begin=_timestamp(asked, "from") or _timestamp(asked, "from_ts"),
            end=_timestamp(asked, "to"),
            filters=tuple(
                parse_filter(one, whole=dialect is Dialect.WAYBACK) for one in asked.getlist("filter") if one
            ),
            collapses=tuple(parse_collapse(one) for one in asked.getlist("collapse") if one),
            fields=_fields(asked.get("fl") or asked.get("fields") or ""),
            limit=_integer(asked, "limit"),
            offset=0 if resume else _integer(asked, "offset", least=0) or 0,
            sort=Sort.CLOSEST if closest and sort is Sort.DEFAULT else sort,
            closest=closest,
            output=_choice(asked, "output", Output) or Output.TEXT,
            page=_integer(asked, "page", least=0),
            page_size=_integer(asked, "pageSize", least=1) or PAGE_SIZE,
            counts_pages=_yes(asked, "showNumPages"),
            resume=resume,
            shows_resume_key=dialect is Dialect.WAYBACK and _yes(asked, "showResumeKey"),
        )


def _url(asked: QueryParams) -> tuple[str, MatchType]:
    url = (asked.get("url") or "").strip()
    if not url:
        raise BadInput("url", "the parameter is missing", "Ask like ?url=example.org/*.")
    match = _choice(asked, "matchType", MatchType)
    if match is not None:
        return url, match
    if url.startswith("*."):
        return url[2:], MatchType.DOMAIN
    if url.endswith("*"):
        return url[:-1], MatchType.PREFIX
    return url, MatchType.EXACT


def _fields(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if unknown := next((name for name in names if not is_field(name)), None):
        raise BadInput(f"fl={text}", f"there is no field {unknown!r}", f"There are: {', '.join(FIELD_NAMES)}.")
    return names


def _timestamp(asked: QueryParams, name: str) -> str:
    text = asked.get(name) or ""
    if text and not _TIMESTAMP.fullmatch(text):
        raise BadInput(f"{name}={text}", "is not 1 to 14 digits of YYYYMMDDhhmmss", f"Write it like {name}=20261124.")
    return text


def _integer(asked: QueryParams, name: str, least: int | None = None) -> int | None:
    text = asked.get(name) or ""
    if not text:
        return None
    if not _INTEGER.fullmatch(text) or (least is not None and int(text) < least):
        what = "a number" if least is None else f"a number from {least} on"
        raise BadInput(f"{name}={text}", f"is not {what}", f"Write it like {name}=10.")
    return int(text)


def _choice(asked: QueryParams, name: str, choices: type[_Choice]) -> _Choice | None:
    text = asked.get(name) or ""
    if not text:
        return None
    try:
        return choices(text)
    except ValueError:
        raise BadInput(f"{name}={text}", "is not known", f"There are: {', '.join(choices)}.") from None


def _yes(asked: QueryParams, name: str) -> bool:
    text = (asked.get(name) or "").lower()
    if text not in _YES | _NO:
        raise BadInput(f"{name}={text}", "is neither true nor false", f"Write it like {name}=true.")
    return text in _YES
