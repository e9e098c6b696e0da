"""Metadata: what a page states about its article; DateHabit: how a site writes dates of digits.

Every field is None (or empty) when the page gives no evidence for it: nothing is guessed to fill a column.
Names are those of the columns in `broadsheet.pipelines.extract.extraction.Article`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from broadsheet.pipelines.extract.extraction import Person


@dataclass(frozen=True, slots=True)
class DateHabit:
    """How a site writes dates of digits: 03/04 is the 3rd of April when ``day_first``; None: not known."""

    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of one page.

    Dates are UTC; ``date_published_raw`` is the string they were read from, ``day_published`` the calendar day that the
    page prints, in its own time zone.  A date without time is midnight UTC with precision ``day`` (``month``, ``year``:
    the first of it).  ``tdm_reservation`` is 0 or 1 (TDM Reservation Protocol).
    """

    title: str | None = None
    title_alternatives: tuple[str, ...] = ()
    authors: tuple[Person, ...] = ()
    byline_raw: str | None = None
    date_published: datetime | None = None
    date_published_raw: str | None = None
    date_published_precision: str | None = None  # year | month | week | day | hour | minute | second
    date_published_source: str | None = None  # json-ld | meta | time | text | url
    day_published: date | None = None
    date_modified: datetime | None = None
    date_modified_raw: str | None = None
    section: str | None = None
    breadcrumbs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    language_score: float | None = None
    language_declared: str | None = None
    url_canonical: str | None = None
    sitename: str | None = None
    description: str | None = None
    license_url: str | None = None
    robots_meta: str | None = None
    tdm_reservation: int | None = None
    tdm_policy_url: str | None = None
    is_paywalled: bool | None = None
    main_image_url: str | None = None
    embedded_body: str | None = None  # the article's text in the page's data, where the page shows next to none
    page_type: str = "other"  # article | listing | live | gallery | video | other
    dates_two_ways: bool | None = None  # no column: whether a date has two readings, so that the site's habit decides
