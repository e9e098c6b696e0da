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
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from broadsheet.pipelines.extract.metadata.date_candidates import SHORT, may_be_date, short_date
from broadsheet.pipelines.extract.metadata.date_moment import Moment
from broadsheet.pipelines.extract.metadata.date_names import IN_SCRIPT, MODIFIED_METAS, PUBLISHED_KEY, PUBLISHED_METAS
from broadsheet.pipelines.extract.metadata.date_phrases import (
    MODIFIED_WORD,
    NOT_PUBLISHED,
    PUBLISHED_WORD,
    phrases_of,
)
from broadsheet.pipelines.extract.metadata.date_place import is_of_others
from broadsheet.pipelines.extract.metadata.date_reading import DateReading, FoundDate
from broadsheet.pipelines.extract.metadata.date_relative import read_relative
from broadsheet.pipelines.extract.metadata.date_settled import DateSettling
from broadsheet.pipelines.extract.metadata.date_text import MAX_DATE
from broadsheet.pipelines.extract.metadata.date_url import day_in_url
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


def read_dates(
    found: Scan, linked: Linked, page: Page, habit: DateHabit | None, title: MarkedElement | None, language: str | None
) -> Dates:
    """Published and modified date of *page*, whose headline is *title* and whose declared language is *language*."""
    reading = DateReading(page, habit, language)
    reader = _Reader(found, linked, page, reading, title)
    modified = reader.modified()
    published = reader.published() or reader.printed() or reader.in_url() or reader.anywhere()
    if published is None and modified is not None:
        published = FoundDate(modified, "meta")
    published = (
        published
        or reader.relative()
        or reader.beside()
        or reader.in_scripts()
        or reader.alone()
        or reader.in_image_url()
        or reader.coarse
    )
    settling = DateSettling(found, reading, reader.in_url(), reader.spine)
    settled = settling.settled(modified) if modified else None
    if published is None:
        return Dates(modified=settled, unread=reader.unread(), two_ways=reading.two_ways)
    published = settling.not_after_url(settling.zoned(published))
    final = settling.local(settling.settled(published.moment))
    return Dates(final, published.source, settled, two_ways=reading.two_ways)


class _Reader:
    """The evidence of one page."""

    def __init__(
        self,
        found: Scan,
        linked: Linked,
        page: Page,
        reading: DateReading,
        title: MarkedElement | None,
    ) -> None:
        self._found, self._linked, self._page, self._title = found, linked, page, title
        self._reading = reading
        self.spine = spine_of(title.element if title else None)
        self._url_day = day_in_url(page.url)
        self._aside: list[Moment] = []  # dates by themselves beside or below the text
        self.coarse: FoundDate | None = None  # a month or a year: taken where there is nothing finer

    def published(self) -> FoundDate | None:
        """The published date that the page states for machines."""
        article = self._linked.article or {}
        for key in ("datePublished", "uploadDate", "dateCreated"):
            if moment := self._reading.stated(string_of(article.get(key))):
                return FoundDate(moment, "json-ld")
        for node in self._linked.nodes:
            if moment := self._reading.stated(string_of(node.get("datePublished"))):
                return FoundDate(moment, "json-ld")
        for name in PUBLISHED_METAS:
            for value in self._found.metas.get(name, ())[:3]:
                moment = self._reading.stated(value)
                if moment is not None and moment.coarse:
                    self.coarse = self.coarse or FoundDate(moment, "meta")
                elif moment is not None:
                    return FoundDate(moment, "meta")
        for name, values in self._found.metas.items():
            if (
                PUBLISHED_KEY.search(name)
                and not MODIFIED_WORD.search(name)
                and (moment := self._reading.stated(values[0]))
            ):
                return FoundDate(moment, "meta")
        for mark in self._found.props:
            if (
                mark.prop in {"datepublished", "datecreated", "dateposted", "uploaddate"}
                and not place(mark.element, self.spine) & COMMENT
            ) and (moment := self._reading.stated(_value(mark.element))):
                return FoundDate(moment, "time")
        return None

    def modified(self) -> Moment | None:
        article = self._linked.article or {}
        if moment := self._reading.stated(string_of(article.get("dateModified"))):
            return moment
        for name in MODIFIED_METAS:
            if moment := self._reading.stated(self._found.meta(name)):
                return moment
        marks = [mark for mark in self._found.props if mark.prop == "datemodified"] + self._found.changes
        if moment := next((moment for mark in marks if (moment := self._reading.stated(_value(mark.element)))), None):
            return moment
        for mark in self._found.dates:  # "Published X | Updated Y"
            changed = phrases_of(text_of(mark.element, 160)).modified
            if (
                changed
                and not place(mark.element, self.spine) & (AWAY | COMMENT)
                and (moment := self._reading.stated(changed))
            ):
                return moment
        return None

    def printed(self) -> FoundDate | None:
        """Time elements and dates printed near the headline, not those of comments or of other articles."""
        best: tuple[float, int, FoundDate] | None = None
        for mark in [*self._found.times, *self._found.dates]:
            found = self._of_mark(mark)
            if found is None:
                continue
            score = self._nearness(mark, found)
            if found.moment.coarse:
                if score >= 0.4 and PUBLISHED_WORD.search(text_of(mark.element, 160)):
                    self.coarse = self.coarse or found
                continue
            if best is None or score > best[0] + 1e-9:
                best = (score, mark.order, found)
        if best is None or best[0] < 0.4:
            return None
        return self._with_clock(best[2])

    def _with_clock(self, found: FoundDate) -> FoundDate:
        """*found*, or the moment of that day that an abbreviation states (hAtom; Blogger, in the footer of a post)."""
        if found.moment.precision != "day":
            return found
        for mark in self._found.dates:
            if mark.element.tag == "abbr" and mark.element.get("title") and not mark.says & MODIFIED:
                moment = self._reading.read(_value(mark.element))
                if moment is not None and moment.day == found.moment.day and moment.precision in {"minute", "second"}:
                    return FoundDate(moment, found.source)
        return found

    def _of_mark(self, mark: MarkedElement) -> FoundDate | None:
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
            and (moment := self._reading.stated(phrases.published))
        ):
            return FoundDate(moment, source)
        read = self._reading.stated if is_time or PUBLISHED_WORD.search(text) else self._reading.read
        moment = read(value) or (read(text) if is_time else None)
        return FoundDate(moment, source) if moment else None

    def _nearness(self, mark: MarkedElement, found: FoundDate) -> float:
        """How much speaks for the date in *mark* as the article's own; from 0.4 on it is taken for that."""
        where = place(mark.element, self.spine) | mark.says
        text = text_of(mark.element, 160)
        score = 1.0 if found.source == "time" else 0.5
        away = (bool(where & AWAY) and not self._introduced(mark)) or is_of_others(mark.element, self.spine)
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

    def anywhere(self) -> FoundDate | None:
        """A date in a short text of its own: the first after the headline, else the last before it."""
        anchor = self._title.element if self._title else None
        before: Moment | None = None
        passed = False
        size = 0
        for element in self._page.root.iter(etree.Element):
            passed = passed or element is anchor
            if element.tag in _NO_TEXT:
                continue
            for inside, text in ((True, element.text), (False, element.tail)):
                if not text or len(text) < 6:
                    continue
                text = _part_with_date(text[:_MAX_TEXT].strip())
                if not text:
                    continue
                size += 1
                if size > _MAX_TEXTS:
                    return FoundDate(before, "text") if before else None
                stated = PUBLISHED_WORD.search(text) is not None
                moment = self._reading.stated(text) if stated else self._reading.read(text)
                if moment is None or NOT_PUBLISHED.search(text) or is_of_others(element, self.spine):
                    continue
                where = place(element, self.spine, itself=inside)
                if moment.coarse:
                    if stated and passed and not where & (COMMENT | AWAY):  # "Published in March 2021"
                        self.coarse = self.coarse or FoundDate(moment, "text")
                    continue
                if where & (COMMENT | AWAY):
                    if not where & COMMENT:
                        self._aside.append(moment)
                    continue
                if passed or anchor is None:
                    return FoundDate(moment, "text")
                before = moment
        return FoundDate(before, "text") if before else None

    def relative(self) -> FoundDate | None:
        """A distance from the moment of fetching ("3 hours ago"), printed near the headline."""
        if self._title is None:
            return None
        for mark in [*self._found.times, *self._found.dates]:
            moment = read_relative(text_of(mark.element, 100), self._page.fetch_time)
            if moment is None or not -30 < mark.order - self._title.order < 80:
                continue
            where = place(mark.element, self.spine) | mark.says
            if not where & (AWAY | COMMENT | MODIFIED) and not is_of_others(mark.element, self.spine):
                return FoundDate(moment, "text")
        for block in below(self._page.blocks, text_of(self._title.element, _MAX_TEXT)):
            text = block.text if len(block.text) < SHORT and not MODIFIED_WORD.search(block.text) else ""
            moment = read_relative(text, self._page.fetch_time)
            element = next(iter(block.node.element), block.node.element)  # what is asked of is around it
            if (
                moment is not None
                and not place(element, self.spine) & (AWAY | COMMENT)
                and not is_of_others(element, self.spine)
            ):
                return FoundDate(moment, "text")
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
                and not (place(mark.element, self.spine) | mark.says) & (AWAY | COMMENT)
            ):
                values.append(text)
        return next((" ".join(value[:MAX_DATE].split()) for value in values if value and _DIGIT.search(value)), None)

    def beside(self) -> FoundDate | None:
        """A date beside or below the text, in an element of which the page has no other with another day."""
        marks = [*self._found.times, *self._found.dates]
        dated = [
            (moment, mark)
            for mark in marks
            if not mark.says & (AWAY | COMMENT)
            and (value := _value(mark.element))
            and len(value) <= 300
            and (moment := self._reading.read(value)) is not None
            and not moment.coarse
            and not place(mark.element, self.spine) & COMMENT
            and not is_of_others(mark.element, self.spine)
        ]
        if not dated or any(moment.day != dated[0][0].day for moment, _ in dated):
            return None
        return FoundDate(dated[0][0], "time" if dated[0][1].element.tag == "time" else "text")

    def alone(self) -> FoundDate | None:
        """The only day that the page prints by itself, wherever it stands."""
        days = {moment.day for moment in self._aside}
        return FoundDate(self._aside[0], "text") if len(days) == 1 else None

    def in_scripts(self) -> FoundDate | None:
        """The date in a value of the page's scripts."""
        for script in islice(self._page.root.iter("script"), _MAX_SCRIPTS):
            text = (script.text or "")[:_MAX_SCRIPT]
            if (match := IN_SCRIPT.search(text)) and (moment := self._reading.read(match[1])):
                return FoundDate(moment, "json-ld")
        return None

    def in_image_url(self) -> FoundDate | None:
        """The day that the main image was stored on."""
        image = self._found.meta("og:image", "twitter:image")
        return self._read_url(image) if image else None

    def in_url(self) -> FoundDate | None:
        return FoundDate(Moment(self._url_day, self._page.url), "url") if self._url_day else None

    def _read_url(self, url: str) -> FoundDate | None:
        day = day_in_url(url)
        return FoundDate(Moment(day, url), "url") if day and day <= self._reading.latest else None


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
