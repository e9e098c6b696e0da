"""Dates in short texts of their own: the first behind the headline, what an article is said to have been changed on after that,
else the last before the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lxml import etree

from broadsheet.pipelines.extract.metadata.date_candidates import SHORT, may_be_date, short_date
from broadsheet.pipelines.extract.metadata.date_moment import Moment
from broadsheet.pipelines.extract.metadata.date_phrases import (
    ISSUE,
    MODIFIED_WORD,
    NOT_PUBLISHED,
    OTHER_STEP,
    PUBLISHED_WORD,
    phrases_of,
)
from broadsheet.pipelines.extract.metadata.date_place import is_masthead, is_of_others
from broadsheet.pipelines.extract.metadata.date_reading import DateReading, FoundDate
from broadsheet.pipelines.extract.metadata.scan import AWAY, COMMENT, place, text_of
from broadsheet.pipelines.extract.page.page import Page

_NO_TEXT = frozenset({"script", "style", "noscript", "template", "title", "option", "select", "textarea"})
_LABELS = frozenset({"dt", "th", "td", "span", "b", "strong", "em", "label", "div", "p"})
_DIGIT = re.compile(r"\d|年")
_MAX_TEXTS = 300  # that are read for a date
MAX_TEXT = 400  # characters of a text that are looked at
_SOON = 12  # elements behind a date of change within which that of publication may stand
_LABEL = 40  # characters of a label beside a date


class DateTexts:
    """The short texts of *page* with a date; *anchor* its headline, *spine* what that stands in, *today* that of fetching.

    ``coarse``: a month or a year that is stated; ``aside``: days that stand beside or below the text."""

    def __init__(
        self,
        page: Page,
        reading: DateReading,
        anchor: etree._Element | None,
        spine: frozenset[etree._Element],
        today: date | None,
    ) -> None:
        self._page, self._reading, self._anchor, self._spine, self._today = page, reading, anchor, spine, today
        self.aside: list[Moment] = []
        self.coarse: FoundDate | None = None

    def first(self) -> FoundDate | None:
        """The date of the first such text that is the article's."""
        before: Moment | None = None
        changed: Moment | None = None
        waits = passed = 0  # elements since what was printed as a change; whether the headline was passed
        for element, inside, text, behind in self._texts():
            passed = passed or behind
            if changed is not None and behind - waits > _SOON:
                break
            moment = self._own(element, text, inside=inside, passed=bool(passed))
            if moment is None:
                continue
            label = _label_of(element) if inside else ""
            if OTHER_STEP.search(label):
                continue
            if not passed and self._anchor is not None:
                if not is_masthead(element, moment, self._spine, self._today):
                    before = moment
            elif not PUBLISHED_WORD.search(text) and (MODIFIED_WORD.search(text) or MODIFIED_WORD.search(label)):
                if changed is None:
                    changed, waits = moment, behind
            else:
                return FoundDate(moment, "text")
        found = changed or before
        return FoundDate(found, "text") if found else None

    def _texts(self) -> Iterator[tuple[etree._Element, bool, str, int]]:
        """An element, whether its text or the one behind it, the text, and how many elements it stands behind the headline."""
        behind = size = 0
        for element in self._page.root.iter(etree.Element):
            if behind or element is self._anchor:
                behind += 1
            if element.tag in _NO_TEXT:
                continue
            for inside, text in ((True, element.text), (False, element.tail)):
                if text and len(text) >= 6 and (text := part_with_date(text[:MAX_TEXT].strip())):
                    size += 1
                    if size > _MAX_TEXTS:
                        return
                    yield element, inside, text, behind

    def _own(self, element: etree._Element, text: str, *, inside: bool, passed: bool) -> Moment | None:
        """The day in *text*, if it may be the article's; what is coarse or stands beside the text is kept for later."""
        stated = PUBLISHED_WORD.search(text) is not None
        moment = self._reading.stated(text) if stated else self._reading.read(text)
        if moment is None or NOT_PUBLISHED.search(text) or is_of_others(element, self._spine):
            return None
        where = place(element, self._spine, itself=inside)
        if moment.coarse:  # "Published in March 2021"
            if passed and (stated or ISSUE.search(text)) and not where & (COMMENT | AWAY):
                self.coarse = self.coarse or FoundDate(moment, "text")
            return None
        if where & AWAY and not where & COMMENT:
            self.aside.append(moment)
        return None if where & (COMMENT | AWAY) else moment


def part_with_date(text: str) -> str:
    """The part of *text* that may be its date of publication; "" where it is too long for one, or has none."""
    if len(text) < 3 * SHORT and _DIGIT.search(text) and (stated := phrases_of(text).published):
        text = stated
    if len(text) > SHORT:
        return short_date(text) or ""
    return text if may_be_date(text) else ""


def _label_of(element: etree._Element) -> str:
    """The short text before *element* that says what its date is of ("Received" in a ``<dt>``); "" where there is none."""
    before = element.getprevious()
    text = text_of(before, _LABEL) if before is not None and before.tag in _LABELS else ""
    return text if len(text) < _LABEL and not _DIGIT.search(text) else ""
