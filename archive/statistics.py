"""What the captures of a catalogue come to: totals, tables and a timeline, by aggregate queries.

A collection of a million captures costs seconds and little memory; the WARCs themselves are not read.  What names resolved
to is in the archive, and no exchange of a URL: it is left out.  An *answer* is a response, a revisit or a resource.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from broadsheet.archive.capture import UNDATED
from broadsheet.archive.catalogue import Catalogue, from_microseconds, to_microseconds

_EXCHANGES = "(SELECT * FROM captures WHERE url IS NULL OR url NOT LIKE 'dns:%')"
_FIRST_AND_LAST = f"min(nullif(date, {to_microseconds(UNDATED)})), max(nullif(date, {to_microseconds(UNDATED)}))"
_ANSWERS = f"(SELECT * FROM {_EXCHANGES} WHERE record_type <> 'metadata')"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Count:
    """A row of a table: how many, how many bytes in the archive."""

    name: str
    count: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """How many exchanges ended with an error, and the URLs of some of them."""

    error: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """What happened in one stretch of time; ``size`` is in bytes of the archive."""

    start: datetime
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars one after another, each as long as all of them; no bars of an empty catalogue."""

    bars: tuple[Bar, ...]
    seconds: float  # of one bar


@dataclass(frozen=True, slots=True)
class Totals:
    """``captures`` and the first and the last of them; ``answers``, of which ``repeated`` have a payload that another one
    has, too, by digest, and ``truncated`` are cut."""

    begun: datetime | None
    ended: datetime | None
    captures: int
    answers: int
    revisits: int
    repeated: int
    truncated: int


def totals(catalogue: Catalogue) -> Totals:
    """All of it in numbers."""
    db = catalogue.connection
    first, last, captures = db.execute(f"SELECT {_FIRST_AND_LAST}, count(*) FROM {_EXCHANGES}").fetchone()  # noqa: S608
    answers = db.execute(
        "SELECT count(*), coalesce(sum(record_type = 'revisit'), 0),"  # noqa: S608
        " count(payload_digest) - count(DISTINCT payload_digest),"
        f" coalesce(sum(truncated IS NOT NULL AND record_type <> 'revisit'), 0) FROM {_ANSWERS}"
    ).fetchone()
    begun, ended = (None if one is None else from_microseconds(one) for one in (first, last))
    return Totals(begun, ended, captures, *answers)


def timeline(catalogue: Catalogue, bars: int) -> Timeline:
    """When the exchanges were made, in at most that many *bars*."""
    db = catalogue.connection
    first, last = db.execute(f"SELECT {_FIRST_AND_LAST} FROM {_EXCHANGES}").fetchone()  # noqa: S608
    if first is None:
        return Timeline((), 0.0)
    width = max(last - first, 1_000_000) // bars + 1  # microseconds
    question = f"SELECT (date - ?1) / ?2, count(*), sum(length) FROM {_EXCHANGES} WHERE date >= ?1 GROUP BY 1"  # noqa: S608
    found = {bar: (count, size) for bar, count, size in db.execute(question, (first, width))}
    made = (Bar(from_microseconds(first + bar * width), *found.get(bar, (0, 0))) for bar in range(max(found) + 1))
    return Timeline(tuple(made), width / 1_000_000)


def statuses(catalogue: Catalogue) -> list[Count]:
    """Answers by status."""
    question = f"SELECT coalesce(status, '(not HTTP)'), count(*), sum(length) FROM {_ANSWERS} GROUP BY 1"  # noqa: S608
    return _counts(catalogue, question)


def media_types(catalogue: Catalogue) -> list[Count]:
    """Answers by media type as the server said."""
    return _counts(catalogue, f"SELECT coalesce(mime, '(none)'), count(*), sum(length) FROM {_ANSWERS} GROUP BY 1")  # noqa: S608


def hosts(catalogue: Catalogue) -> list[Count]:
    """Exchanges by host and port of the URL."""
    catalogue.connection.create_function("host_of", 1, _host, deterministic=True)
    question = f"SELECT host_of(url), count(*), sum(length) FROM {_EXCHANGES} WHERE url IS NOT NULL GROUP BY 1"  # noqa: S608
    return _counts(catalogue, question)


def sizes(catalogue: Catalogue, limits: Iterable[int]) -> list[Count]:
    """Records by their bytes in the archive: those below the first of *limits*, between it and the next, ... , the rest;
    named "0", "1", ...; those of a stretch that has none are there, too."""
    bounds = tuple(limits)
    case = " ".join(f"WHEN length < {int(limit)} THEN {number}" for number, limit in enumerate(bounds))
    question = f"SELECT CASE {case} ELSE {len(bounds)} END, count(*), sum(length) FROM {_EXCHANGES} GROUP BY 1"  # noqa: S608
    found = {number: (count, size) for number, count, size in catalogue.connection.execute(question)}
    return [Count(str(number), *found.get(number, (0, 0))) for number in range(len(bounds) + 1)]


def errors(catalogue: Catalogue, examples: int) -> list[ErrorCount]:
    """Exchanges by error, the most frequent first, with at most *examples* URLs each."""
    db = catalogue.connection
    question = f"SELECT error, count(*) FROM {_EXCHANGES} WHERE error IS NOT NULL GROUP BY 1"  # noqa: S608
    some = f"SELECT url FROM {_EXCHANGES} WHERE error = ? LIMIT ?"  # noqa: S608
    found = []
    for error, count in db.execute(question).fetchall():
        urls = tuple(str(url) for (url,) in db.execute(some, (error, examples)))
        found.append(ErrorCount(str(error), count, urls))
    return sorted(found, key=lambda one: -one.count)


def _counts(catalogue: Catalogue, question: str) -> list[Count]:
    """Rows of name, count and bytes, the most frequent first."""
    rows = [Count(str(name), count, size or 0) for name, count, size in catalogue.connection.execute(question)]
    return sorted(rows, key=lambda row: (-row.count, row.name))


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or "(none)"
    except ValueError:
        return "(none)"
