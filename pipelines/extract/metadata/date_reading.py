"""Reading texts of one page as dates: by the habit of its site, its locale and language, none after it was fetched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from broadsheet.pipelines.extract.metadata.date_moment import FIRST_WEB_YEAR, Moment
from broadsheet.pipelines.extract.metadata.date_text import read_date
from broadsheet.pipelines.extract.metadata.date_url import locale_day_first
from broadsheet.pipelines.extract.metadata.metadata import DateHabit
from broadsheet.pipelines.extract.page.page import Page

_ZONES = timedelta(days=2)  # by which a date may lie after the moment of fetching


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date, and the kind of evidence that it is."""

    moment: Moment
    source: str


class DateReading:
    """``two_ways``: a date that was met has two readings.  ``has_habit``: the site's habit decides between them."""

    def __init__(self, page: Page, habit: DateHabit | None, language: str | None) -> None:
        day_first = habit.day_first if habit else None
        self.has_habit = day_first is not None
        self.two_ways = False
        self.latest = (page.fetch_time + _ZONES).date() if page.fetch_time else date.max
        self._day_first = day_first if day_first is not None else locale_day_first(page.url, language)
        self._language = language

    def read(self, value: str | None) -> Moment | None:
        """The date in *value*; None for what lies after the page was fetched or before there were web pages."""
        moment = self.stated(value)
        return moment if moment and moment.day.year >= FIRST_WEB_YEAR else None

    def stated(self, value: str | None) -> Moment | None:
        """The date in *value*, which the page states as one of publication; None for what lies after the page was fetched."""
        moment = read_date(value, day_first=self._day_first, language=self._language) if value else None
        if moment is None:
            return None
        self.two_ways = self.two_ways or moment.ambiguous
        if moment.day <= self.latest:
            return moment
        moment = moment.turned()
        return replace(moment, swapped=None) if moment.day <= self.latest else None
