"""When a page was published and modified, from the best evidence it gives.

Order of trust: JSON-LD, meta elements, itemprops, time elements near the headline, dates printed near the headline, the URL,
a short text that is a date, a distance from now ("3 hours ago"), a date beside the text, a date in a script, the main image's
URL. A page without any of these has no date.
A search through all of a page's source (htmldate) was tried: it gave 83 dates for 179 real pages, 21 of them right, 10
wrong, 52 unknown (copyright lines, other articles' dates), and cost as much as all other metadata.

The order of day and month in dates of digits is decided by evidence: the habit of the site, other dates of the page that have
one reading only or agree with one of the two, the page's locale, AM or PM beside the date.

Where a date stands outweighs what kind of evidence it is: dates of other articles, embedded posts and references are not the
article's. What stands before 1990 must be stated: by a name for machines or a word ("Published 3 May 1912").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from itertools import islice

from lxml import etree

from broadsheet.pipelines.extract.metadata.date_candidates import SHORT, may_be_date, short_date
from broadsheet.pipelines.extract.metadata.date_moment import FIRST_WEB_YEAR, Moment
from broadsheet.pipelines.extract.metadata.date_names import IN_SCRIPT, MODIFIED_METAS, PUBLISHED_KEY, PUBLISHED_METAS
from broadsheet.pipelines.extract.metadata.date_phrases import (
    MODIFIED_WORD,
    NOT_PUBLISHED,
    PUBLISHED_WORD,
    phrases_of,
)
from broadsheet.pipelines.extract.metadata.date_place import is_of_others
from broadsheet.pipelines.extract.metadata.date_relative import read_relative
from broadsheet.pipelines.extract.metadata.date_text import MAX_DATE, read_date
from broadsheet.pipelines.extract.metadata.date_url import day_in_url, locale_day_first
from broadsheet.pipelines.extract.metadata.jsonld import Linked, string_of
from broadsheet.pipelines.extract.metadata.metadata import DateHabit
from broadsheet.pipelines.extract.metadata.scan import (
    AWAY,
    COMMENT,
    MODIFIED,
    MarkedElement,
    Scan,
    place,
    spine_of,
    text_of,
)
from broadsheet.pipelines.extract.metadata.signatures import below
from broadsheet.pipelines.extract.page.page import Page

_NO_TEXT = frozenset({"script", "style", "noscript", "template", "title", "option", "select", "textarea"})
_DIGIT = re.compile(r"\d|年")
_MAX_SCRIPTS, _MAX_SCRIPT = 200, 500_000  # of a page that are read for dates, characters of each
_OLDER = 31  # days by which an address is older than the date that its page states
_SAME_MOMENT = timedelta(minutes=1)
_QUARTER = timedelta(minutes=15)  # zones are whole quarters of an hour apart
_MAX_TEXTS = 300  # that are read for a date
_MAX_TEXT = 400  # characters of a text that are looked at


@dataclass(frozen=True, slots=True)
class Dates:
    """What was decided; ``source`` names the evidence of the published date."""

    published: Moment | None = None
    source: str | None = None
    modified: Moment | None = None
    unread: str | None = None  # what the page states as its date of publication where nothing could be read from it
    two_ways: bool = (
        False  # among the dates that were looked at is one of digits with two readings: a habit may change all
    )


@dataclass(frozen=True, slots=True)
class _Found:
    moment: Moment
    source: str


def read_dates(
    found: Scan, linked: Linked, page: Page, habit: DateHabit | None, title: MarkedElement | None, language: str | None
) -> Dates:
    """Published and modified date of *page*, whose headline is *title* and whose declared language is *language*."""
    reader = _Reader(found, linked, page, habit, title, language)
    modified = reader.modified()
    published = reader.published() or reader.printed() or reader.in_url() or reader.anywhere()
    if published is None and modified is not None:
        published = _Found(modified, "meta")
    published = (
        published
        or reader.relative()
        or reader.beside()
        or reader.in_scripts()
        or reader.alone()
        or reader.in_image_url()
        or reader.coarse
    )
    settled = reader.settled(modified) if modified else None
    if published is None:
        return Dates(modified=settled, unread=reader.unread(), two_ways=reader.two_ways)
    published = reader.not_after_url(reader.zoned(published))
    final = reader.local(reader.settled(published.moment))
    return Dates(final, published.source, settled, two_ways=reader.two_ways)


class _Reader:
    """The evidence of one page."""

    def __init__(
        self,
        found: Scan,
        linked: Linked,
        page: Page,
        habit: DateHabit | None,
        title: MarkedElement | None,
        language: str | None,
    ) -> None:
        self._found, self._linked, self._page, self._title = found, linked, page, title
        self._spine = spine_of(title.element if title else None)
        self._url_day = day_in_url(page.url)
        self._language = language
        self._latest = (page.fetch_time + timedelta(days=2)).date() if page.fetch_time else date.max
        self._habit = habit.day_first if habit else None
        self._day_first = self._habit if self._habit is not None else locale_day_first(page.url, language)
        self._aside: list[Moment] = []  # dates by themselves beside or below the text
        self.two_ways = False  # a date that was met has two readings
        self.coarse: _Found | None = None  # a month or a year: taken where there is nothing finer

    def published(self) -> _Found | None:
        """The published date that the page states for machines."""
        article = self._linked.article or {}
        for key in ("datePublished", "uploadDate", "dateCreated"):
            if moment := self._stated(string_of(article.get(key))):
                return _Found(moment, "json-ld")
        for node in self._linked.nodes:
            if moment := self._stated(string_of(node.get("datePublished"))):
                return _Found(moment, "json-ld")
        for name in PUBLISHED_METAS:
            for value in self._found.metas.get(name, ())[:3]:
                moment = self._stated(value)
                if moment is not None and moment.coarse:
                    self.coarse = self.coarse or _Found(moment, "meta")
                elif moment is not None:
                    return _Found(moment, "meta")
        for name, values in self._found.metas.items():
            if PUBLISHED_KEY.search(name) and not MODIFIED_WORD.search(name) and (moment := self._stated(values[0])):
                return _Found(moment, "meta")
        for mark in self._found.props:
            if (
                mark.prop in {"datepublished", "datecreated", "dateposted", "uploaddate"}
                and not place(mark.element, self._spine) & COMMENT
            ) and (moment := self._stated(_value(mark.element))):
                return _Found(moment, "time")
        return None

    def modified(self) -> Moment | None:
        article = self._linked.article or {}
        if moment := self._stated(string_of(article.get("dateModified"))):
            return moment
        for name in MODIFIED_METAS:
            if moment := self._stated(self._found.meta(name)):
                return moment
        marks = [mark for mark in self._found.props if mark.prop == "datemodified"] + self._found.changes
        if moment := next((moment for mark in marks if (moment := self._stated(_value(mark.element)))), None):
            return moment
        for mark in self._found.dates:  # "Published X | Updated Y"
            changed = phrases_of(text_of(mark.element, 160)).modified
            if (
                changed
                and not place(mark.element, self._spine) & (AWAY | COMMENT)
                and (moment := self._stated(changed))
            ):
                return moment
        return None

    def printed(self) -> _Found | None:
        """Time elements and dates printed near the headline, not those of comments or of other articles."""
        best: tuple[float, int, _Found] | None = None
        for mark in [*self._found.times, *self._found.dates]:
            found = self._of_mark(mark)
            if found is None or found.moment.coarse:
                continue
            score = self._nearness(mark, found)
            if best is None or score > best[0] + 1e-9:
                best = (score, mark.order, found)
        if best is None or best[0] < 0.4:
            return None
        return self._with_clock(best[2])

    def _with_clock(self, found: _Found) -> _Found:
        """*found*, or the moment of that day that an abbreviation states (hAtom; Blogger, in the footer of a post)."""
        if found.moment.precision != "day":
            return found
        for mark in self._found.dates:
            if mark.element.tag == "abbr" and mark.element.get("title") and not mark.says & MODIFIED:
                moment = self._read(_value(mark.element))
                if moment is not None and moment.day == found.moment.day and moment.precision in {"minute", "second"}:
                    return _Found(moment, found.source)
        return found

    def _of_mark(self, mark: MarkedElement) -> _Found | None:
        """The date of publication in a marked element: of two in its text the one that is not of a change."""
        element, is_time = mark.element, mark.element.tag == "time"
        value, text = _value(element), text_of(element, 160)
        if not value or len(value) > 300:
            return None
        source = "time" if is_time else "text"
        phrases = phrases_of(text)
        if (
            phrases.published
            and (value == text or element.get("itemprop") == "dateModified")
            and (moment := self._stated(phrases.published))
        ):
            return _Found(moment, source)
        read = self._stated if is_time or PUBLISHED_WORD.search(text) else self._read
        moment = read(value) or (read(text) if is_time else None)
        return _Found(moment, source) if moment else None

    def _nearness(self, mark: MarkedElement, found: _Found) -> float:
        """How much speaks for the date in *mark* as the article's own; from 0.4 on it is taken for that."""
        where = place(mark.element, self._spine) | mark.says
        text = text_of(mark.element, 160)
        score = 1.0 if found.source == "time" else 0.5
        away = (bool(where & AWAY) and not self._introduced(mark)) or is_of_others(mark.element, self._spine)
        away = away and found.moment.day != self._url_day
        score -= 2.0 * away + 2.0 * bool(where & COMMENT)
        if (mark.says & MODIFIED or MODIFIED_WORD.search(text)) and not phrases_of(text).published:
            score -= 0.6
        if PUBLISHED_WORD.search(text):
            score += 0.3
        if mark.element.tag == "abbr" and mark.element.get("title"):
            score += 0.4  # hAtom: the moment for machines
        if self._title is not None and not away:
            distance = mark.order - self._title.order
            score += 1.5 if 0 < distance < 80 else 0.9 if -30 < distance <= 0 else 0.0
        if found.moment.day == self._url_day:
            score += 2.0
        return score

    def _introduced(self, mark: MarkedElement) -> bool:
        """Whether *mark* is the page's only time element, and "published" stands beside it."""
        around = mark.element.getparent()
        return (
            len(self._found.times) == 1
            and mark.element is self._found.times[0].element
            and around is not None
            and PUBLISHED_WORD.search(text_of(around, 100)) is not None
        )

    def anywhere(self) -> _Found | None:
        """A date in a short text of its own: the first after the headline, else the last before it."""
        anchor = self._title.element if self._title else None
        before: Moment | None = None
        passed = False
        size = 0
        for element in self._page.root.iter(etree.Element):
            passed = passed or element is anchor
            if element.tag in _NO_TEXT:
                continue
            for text in (element.text, element.tail):
                if not text or len(text) < 6:
                    continue
                text = _part_with_date(text[:_MAX_TEXT].strip())
                if not text:
                    continue
                size += 1
                if size > _MAX_TEXTS:
                    return _Found(before, "text") if before else None
                moment = self._stated(text) if PUBLISHED_WORD.search(text) else self._read(text)
                if moment is None or moment.coarse or NOT_PUBLISHED.search(text) or is_of_others(element, self._spine):
                    continue
                if (where := place(element, self._spine)) & (COMMENT | AWAY):
                    if not where & COMMENT:
                        self._aside.append(moment)
                    continue
                if passed or anchor is None:
                    return _Found(moment, "text")
                before = moment
        return _Found(before, "text") if before else None

    def relative(self) -> _Found | None:
        """A distance from the moment of fetching ("3 hours ago"), printed near the headline."""
        if self._title is None:
            return None
        for mark in [*self._found.times, *self._found.dates]:
            moment = read_relative(text_of(mark.element, 100), self._page.fetch_time)
            if moment is None or not -30 < mark.order - self._title.order < 80:
                continue
            where = place(mark.element, self._spine) | mark.says
            if not where & (AWAY | COMMENT | MODIFIED) and not is_of_others(mark.element, self._spine):
                return _Found(moment, "text")
        for block in below(self._page.blocks, text_of(self._title.element, _MAX_TEXT)):
            text = block.text if len(block.text) < SHORT and not MODIFIED_WORD.search(block.text) else ""
            moment = read_relative(text, self._page.fetch_time)
            element = next(iter(block.node.element), block.node.element)  # what is asked of is around it
            if (
                moment is not None
                and not place(element, self._spine) & (AWAY | COMMENT)
                and not is_of_others(element, self._spine)
            ):
                return _Found(moment, "text")
        return None

    def unread(self) -> str | None:
        """What the page states as its date, as it stands there."""
        article = self._linked.article or {}
        values = [string_of(article.get("datePublished")), *(self._found.meta(name) for name in PUBLISHED_METAS)]
        for mark in [*self._found.times, *self._found.dates]:
            text = _value(mark.element)
            if (
                may_be_date(text)
                and len(text) <= SHORT
                and not (place(mark.element, self._spine) | mark.says) & (AWAY | COMMENT)
            ):
                values.append(text)
        return next((" ".join(value[:MAX_DATE].split()) for value in values if value and _DIGIT.search(value)), None)

    def beside(self) -> _Found | None:
        """A date beside or below the text, in an element of which the page has no other with another day."""
        marks = [*self._found.times, *self._found.dates]
        dated = [
            (moment, mark)
            for mark in marks
            if not mark.says & (AWAY | COMMENT)
            and (value := _value(mark.element))
            and len(value) <= 300
            and (moment := self._read(value)) is not None
            and not moment.coarse
            and not place(mark.element, self._spine) & COMMENT
            and not is_of_others(mark.element, self._spine)
        ]
        if not dated or any(moment.day != dated[0][0].day for moment, _ in dated):
            return None
        return _Found(dated[0][0], "time" if dated[0][1].element.tag == "time" else "text")

    def alone(self) -> _Found | None:
        """The only day that the page prints by itself, wherever it stands."""
        days = {moment.day for moment in self._aside}
        return _Found(self._aside[0], "text") if len(days) == 1 else None

    def in_scripts(self) -> _Found | None:
        """The date in a value of the page's scripts."""
        for script in islice(self._page.root.iter("script"), _MAX_SCRIPTS):
            text = (script.text or "")[:_MAX_SCRIPT]
            if (match := IN_SCRIPT.search(text)) and (moment := self._read(match[1])):
                return _Found(moment, "json-ld")
        return None

    def in_image_url(self) -> _Found | None:
        """The day that the main image was stored on."""
        image = self._found.meta("og:image", "twitter:image")
        return self._read_url(image) if image else None

    def in_url(self) -> _Found | None:
        return _Found(Moment(self._url_day, self._page.url), "url") if self._url_day else None

    def _read_url(self, url: str) -> _Found | None:
        day = day_in_url(url)
        return _Found(Moment(day, url), "url") if day and day <= self._latest else None

    def not_after_url(self, published: _Found) -> _Found:
        """*published*, or the day in the URL where that is long before: a page is not younger than its URL."""
        if self._url_day is None or (published.moment.day - self._url_day).days <= _OLDER:
            return published
        return self.in_url() or published

    def zoned(self, published: _Found) -> _Found:
        """*published*; where it is in UTC, the same moment in the site's zone, if the page states that too."""
        own = published.moment
        if own.offset != 0.0 or published.source not in {"json-ld", "meta", "time"}:
            return published
        values = [value for name in PUBLISHED_METAS for value in self._found.metas.get(name, ())[:3]]
        values += [stamp for mark in self._found.times[:20] if (stamp := mark.element.get("datetime"))]
        for value in values:
            other = self._read(value)
            if other is not None and other.offset and abs(other.utc - own.utc) < _SAME_MOMENT:
                return _Found(other, published.source)
        return published

    def settled(self, moment: Moment) -> Moment:
        """*moment* in that order of day and month that the other dates of the page agree with."""
        if moment.swapped is None or self._habit is not None:
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
            other = self._read(text)
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

    def _read(self, value: str | None) -> Moment | None:
        """The date in *value*; None for what lies after the page was fetched or before there were web pages."""
        moment = self._stated(value)
        return moment if moment and moment.day.year >= FIRST_WEB_YEAR else None

    def _stated(self, value: str | None) -> Moment | None:
        """The date in *value*, which the page states as one of publication; None for what lies after the page was fetched."""
        moment = read_date(value, day_first=self._day_first, language=self._language) if value else None
        if moment is None:
            return None
        self.two_ways = self.two_ways or moment.ambiguous
        if moment.day <= self._latest:
            return moment
        moment = moment.turned()
        return replace(moment, swapped=None) if moment.day <= self._latest else None


def _part_with_date(text: str) -> str:
    """The part of *text* that may be its date of publication; "" where it is too long for one, or has none."""
    if len(text) < 2 * SHORT and _DIGIT.search(text) and (stated := phrases_of(text).published):
        text = stated
    if len(text) > SHORT:
        return short_date(text) or ""
    return text if may_be_date(text) else ""


def _value(element: etree._Element) -> str:
    """The value of a date element: its machine-readable attribute, else its text."""
    for name in ("datetime", "content", "data-datetime", "data-timestamp"):
        if (value := element.get(name)) and any(map(str.isdigit, value[:200])):
            return str(value[:200])
    if element.tag == "abbr" and (value := element.get("title")):
        return str(value[:200])
    return text_of(element, 300)
