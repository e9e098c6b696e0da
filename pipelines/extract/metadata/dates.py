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

from broadsheet.pipelines.extract.metadata.date_candidates import SHORT, may_be_date
from broadsheet.pipelines.extract.metadata.date_moment import Moment
from broadsheet.pipelines.extract.metadata.date_names import IN_SCRIPT, MODIFIED_METAS, PUBLISHED_KEY, PUBLISHED_METAS
from broadsheet.pipelines.extract.metadata.date_phrases import (
    MODIFIED_WORD,
    PUBLISHED_WORD,
    phrases_of,
)
from broadsheet.pipelines.extract.metadata.date_place import is_masthead, is_of_others
from broadsheet.pipelines.extract.metadata.date_reading import DateReading, FoundDate
from broadsheet.pipelines.extract.metadata.date_relative import read_relative
from broadsheet.pipelines.extract.metadata.date_settled import DateSettling
from broadsheet.pipelines.extract.metadata.date_text import MAX_DATE
from broadsheet.pipelines.extract.metadata.date_texts import MAX_TEXT, DateTexts
from broadsheet.pipelines.extract.metadata.date_url import day_in_url
from broadsheet.pipelines.extract.metadata.jsonld import Linked, string_of
from broadsheet.pipelines.extract.metadata.metadata import DateHabit
from broadsheet.pipelines.extract.metadata.scan import (
    AWAY,
    COMMENT,
    MODIFIED,
    MarkedElement,
    Scan,
    lines_of,
    place,
    spine_of,
    text_of,
)
from broadsheet.pipelines.extract.metadata.signatures import below
from broadsheet.pipelines.extract.page.page import Page

_DIGIT = re.compile(r"\d|年")
_MAX_SCRIPTS, _MAX_SCRIPT = 200, 500_000  # of a page that are read for dates, characters of each
_MAX_PARTS = 6  # elements of a date whose day, month and year stand in elements of their own
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?|Uhr)?", re.I)
_YEAR_STEP = re.compile(r"/((?:19|20)\d\d)/")
_DAY_OF_YEAR = re.compile(  # "12 Feb, 10:05"
    r"(?:[^\W\d_]{2,12}\.?,?\s)?(?:\d{1,2}\.?\s[^\W\d_]{3,12}\.?|[^\W\d_]{3,12}\.?\s\d{1,2})(?:,?\s\d{1,2}[:.]\d\d.{0,8})?"
)
_MACHINE = re.compile(r"\d{10}(?:\d{3})?|(?:19|20)\d\d-\d\d-\d\d(?:[T ][\d:.]{5,12}.{0,6})?")


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
    texts = reader.texts
    published = reader.published() or reader.printed() or reader.in_url() or texts.first() or reader.printed(posts=True)
    if published is None and modified is not None:
        published = FoundDate(modified, "meta")
    published = (
        published
        or reader.relative()
        or reader.of_the_year()
        or reader.beside()
        or reader.in_scripts()
        or reader.alone()
        or reader.in_image_url()
        or reader.coarse
        or texts.coarse
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
        url_day = day_in_url(page.url)
        self._url_day = url_day if url_day and url_day <= reading.latest else None
        self._today = page.fetch_time.date() if page.fetch_time else None
        self.texts = DateTexts(page, reading, title.element if title else None, self.spine, self._today)
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

    def printed(self, *, posts: bool = False) -> FoundDate | None:
        """Time elements and dates printed near the headline, not those of comments or of other articles.

        Several that show clocks alone are those of a live blog's *posts*: the blog may have a date of its own."""
        best: tuple[float, int, FoundDate] | None = None
        passed = set() if posts else self._posts()
        for mark in [*self._found.times, *self._found.dates]:
            if mark.element in passed:
                continue
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

    def _posts(self) -> set[etree._Element]:
        """The time elements, if several, that show nothing but a clock, each another."""
        shown = {
            mark.element: text
            for mark in self._found.times
            if len(self._found.times) > 1
            and _CLOCK.fullmatch(text := text_of(mark.element, 20))
            and not place(mark.element, self.spine) & (AWAY | COMMENT)
        }
        return set(shown) if len(set(shown.values())) > 1 else set()

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
        if moment is None and (said := element.get("title")):
            moment = self._reading.read(said)  # the day of what is shown as a distance ("7 months ago")
        if moment is None and 2 < len(element) < _MAX_PARTS:
            moment = self._reading.read(" ".join(lines_of(element, 60)))  # the leaf of a calendar
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
        if (
            self._title is not None
            and mark.order < self._title.order
            and is_masthead(mark.element, found.moment, self.spine, self._today)
        ):
            return 0.0
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
        for block in below(self._page.blocks, text_of(self._title.element, MAX_TEXT)):
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

    def of_the_year(self) -> FoundDate | None:
        """A day without its year below the headline, in the year of the page's address ("12 Feb, 10:05" at /2025/...)."""
        year = _YEAR_STEP.search(self._page.url) if self._title else None
        if year is None or self._title is None:
            return None
        for block in below(self._page.blocks, text_of(self._title.element, MAX_TEXT)):
            if len(block.text) < SHORT // 2 and _DAY_OF_YEAR.fullmatch(block.text):
                moment = self._reading.read(f"{block.text} {year[1]}")
                if moment is not None and not moment.coarse and not is_of_others(block.node.element, self.spine):
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
            and not is_masthead(mark.element, moment, self.spine, self._today)
        ]
        if not dated or any(moment.day != dated[0][0].day for moment, _ in dated):
            return None
        return FoundDate(dated[0][0], "time" if dated[0][1].element.tag == "time" else "text")

    def alone(self) -> FoundDate | None:
        """The only day that the page prints by itself, wherever it stands."""
        days = {moment.day for moment in self.texts.aside}
        return FoundDate(self.texts.aside[0], "text") if len(days) == 1 else None

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


def _value(element: etree._Element) -> str:
    """The value of a date element: its machine-readable attribute, else its text."""
    for name in ("datetime", "content", "data-datetime", "data-timestamp"):
        if (value := element.get(name)) and any(map(str.isdigit, value[:200])):
            return str(value[:200])
    if element.tag == "abbr" and (value := element.get("title")):
        return str(value[:200])
    text = text_of(element, 300)
    if not _DIGIT.search(text):
        for name, stated in zip(map(str, element.keys()), map(str, element.values()), strict=True):
            if name.startswith("data-") and _MACHINE.fullmatch(stated):
                return stated
    return text
