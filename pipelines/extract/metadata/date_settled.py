"""Settling a date that was found: not after the URL's, in the site's zone, day and month as in the page's other dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta

from lxml import etree

from broadsheet.pipelines.extract.metadata.date_moment import Moment
from broadsheet.pipelines.extract.metadata.date_names import PUBLISHED_METAS
from broadsheet.pipelines.extract.metadata.date_phrases import MODIFIED_WORD
from broadsheet.pipelines.extract.metadata.date_reading import DateReading, FoundDate
from broadsheet.pipelines.extract.metadata.date_text import read_date
from broadsheet.pipelines.extract.metadata.scan import AWAY, COMMENT, MODIFIED, Scan, place, text_of

_OLDER = 31  # days by which an address is older than the date that its page states
_SAME_MOMENT = timedelta(minutes=1)
_QUARTER = timedelta(minutes=15)  # zones are whole quarters of an hour apart


class DateSettling:
    """What else a page says of its dates, *found* in it and *in_url*; *spine*: the ancestors of its headline."""

    def __init__(
        self, found: Scan, reading: DateReading, in_url: FoundDate | None, spine: frozenset[etree._Element]
    ) -> None:
        self._found, self._reading, self._in_url, self._spine = found, reading, in_url, spine
        self._url_day = in_url.moment.day if in_url else None

    def not_after_url(self, published: FoundDate) -> FoundDate:
        """*published*, or the day in the URL where that is long before: a page is not younger than its URL."""
        if self._in_url is None or (published.moment.day - self._in_url.moment.day).days <= _OLDER:
            return published
        return self._in_url

    def zoned(self, published: FoundDate) -> FoundDate:
        """*published*; where it is in UTC, the same moment in the site's zone, if the page states that too."""
        own = published.moment
        if own.offset != 0.0 or published.source not in {"json-ld", "meta", "time"}:
            return published
        values = [value for name in PUBLISHED_METAS for value in self._found.metas.get(name, ())[:3]]
        values += [stamp for mark in self._found.times[:20] if (stamp := mark.element.get("datetime"))]
        for value in values:
            other = self._reading.read(value)
            if other is not None and other.offset and abs(other.utc - own.utc) < _SAME_MOMENT:
                return FoundDate(other, published.source)
        return published

    def settled(self, moment: Moment) -> Moment:
        """*moment* in that order of day and month that the other dates of the page agree with."""
        if moment.swapped is None or self._reading.has_habit:
            return moment
        for other in self._others():
            if other == moment.swapped:
                return moment.turned()
            if other == moment.day:
                return moment
        return moment

    def local(self, moment: Moment) -> Moment:
        """*moment* with the day that it has in the site's zone, where the URL or the page prints that day."""
        if moment.offset not in {None, 0.0} or moment.precision not in {"minute", "second"}:
            return moment
        for day in self._local_days(moment):
            if day == moment.day:
                return moment
            days = (day - moment.day).days
            if (days == 1 and moment.hour >= 10) or (days == -1 and moment.hour < 12):
                return replace(moment, printed=day)
        return moment

    def _local_days(self, moment: Moment) -> Iterator[date]:
        """The days, in the URL and printed near the headline, that *moment* may have in the site's zone."""
        if self._url_day:
            yield self._url_day
        for mark in [*self._found.times[:10], *self._found.dates[:10]]:
            text = text_of(mark.element, 100)
            if mark.says & (AWAY | COMMENT | MODIFIED) or MODIFIED_WORD.search(text):
                continue
            other = self._reading.read(text)
            if other is None or other.coarse:
                continue
            if place(mark.element, self._spine) & (AWAY | COMMENT):
                continue
            clock = other.precision in {"minute", "second"}
            if not clock or (other.local.replace(tzinfo=UTC) - moment.utc) % _QUARTER < _SAME_MOMENT:
                yield other.day

    def _others(self) -> Iterator[date]:
        if self._url_day:
            yield self._url_day
        for mark in self._found.times[:20]:
            stamp = mark.element.get("datetime")
            if stamp and (moment := read_date(stamp)) and not moment.ambiguous:
                yield moment.day
        for mark in self._found.dates[:20]:
            if (moment := read_date(text_of(mark.element, 100))) and not moment.ambiguous:
                yield moment.day
