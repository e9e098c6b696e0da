"""Which rows are wanted, in the words of a reader; made into an expression that Parquet's statistics are skipped by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from broadsheet.archive.errors import BadInput

if TYPE_CHECKING:
    import pyarrow.compute as pc

_DATES = {"articles": "date_published", "captures": "fetch_time"}


def moment(value: str | date | datetime | None) -> date | datetime | None:
    """A day or a moment, as a person writes it: ``2026-09-01``, ``2026-09-01T12:00:00+02:00``.

    Raises:
        BadInput: it is neither.
    """
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
    except ValueError as error:
        raise BadInput(value, "is no date", "Write it like 2026-09-01 or 2026-09-01T12:00:00Z.") from error


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What rows must be; empty: anything.  ``urls``, ``hosts``, ``languages``, ``page_types``, ``statuses`` and ``ids`` are
    each alternatives.

    ``since`` and ``until`` are inclusive, UTC; of ``until`` a date without time is the whole day.  They are held against
    ``date_published`` of an article (a row without one is left out) and ``fetch_time`` of a capture; ``fetched_since`` is held
    against ``fetch_time`` of both.  ``latest``: of the rows that are all this, the newest of each URL
    (`broadsheet.pipelines.dataset.newest`).
    """

    hosts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    page_types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: date | datetime | None = None
    until: date | datetime | None = None
    urls: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    fetched_since: date | datetime | None = None
    latest: bool = False

    def __bool__(self) -> bool:
        return self != RowFilter()

    def expression(self, table: str) -> pc.Expression | None:
        """The rows of *table*, ``articles`` or ``captures``, as an expression without ``latest``; None for all.

        Raises:
            BadInput: the table has no such column.
        """
        import pyarrow.compute as pc  # noqa: PLC0415 - half a second

        values = {
            "id": self.ids,
            "url": self.urls,
            "url_host_name": self.hosts,
            "language": self.languages,
            "page_type": self.page_types,
            "extraction_status": self.statuses,
        }
        wanted = {name: list(some) for name, some in values.items() if some}
        if table == "captures" and (unknown := [name for name in wanted if name not in ("url", "url_host_name")]):
            raise BadInput(unknown[0], "is no column of captures", "Filter by URL, host and date, or ask for articles.")
        terms = [pc.field(name).isin(some) for name, some in wanted.items()]
        if self.since is not None:
            terms.append(pc.field(_DATES[table]) >= _moment(self.since))
        if self.until is not None:
            last = _moment(self.until)
            if isinstance(self.until, datetime):
                terms.append(pc.field(_DATES[table]) <= last)
            else:
                terms.append(pc.field(_DATES[table]) < last + timedelta(days=1))
        if self.fetched_since is not None:
            terms.append(pc.field("fetch_time") >= _moment(self.fetched_since))
        return all_of(terms)


def all_of(terms: list[pc.Expression]) -> pc.Expression | None:
    """All of *terms* together; None for none."""
    whole: pc.Expression | None = None
    for term in terms:
        whole = term if whole is None else whole & term
    return whole


def _moment(value: date | datetime) -> datetime:
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
