"""When a page was published and modified, from the best evidence it gives.

Order of trust: JSON-LD, meta elements, itemprops, time elements near the headline, dates printed near the headline, the URL,
a short text that is a date, a date beside the text, a date in a script, the main image's URL. A page without any of these has
no date. A search through all of a page's source (htmldate) was tried: it gave 83 dates for 179 real pages, 21 of them right, 10
wrong, 52 unknown (copyright lines, other articles' dates), and cost as much as all other metadata.

The order of day and month in dates of digits is decided by evidence: the habit of the site, other dates of the page that have
one reading only or agree with one of the two, the page's locale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from itertools import islice

from lxml import etree

from broadsheet.pipelines.extract.metadata.date_text import Moment, read_date
from broadsheet.pipelines.extract.metadata.date_url import day_in_url, locale_day_first
from broadsheet.pipelines.extract.metadata.jsonld import Linked, string_of
from broadsheet.pipelines.extract.metadata.metadata import DateHabit
from broadsheet.pipelines.extract.metadata.scan import AWAY, COMMENT, MODIFIED, Mark, Scan, place, spine_of, text_of
from broadsheet.pipelines.extract.page.page import Page

_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publish-date", "publishdate", "publish_date",
    "publication_date", "publication-date", "published_date", "published_time", "published_time_telegram", "published",
    "article.published", "pubdate", "pub_date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
    "dc.date", "dcterms.date", "dc.created", "article:created", "article_date_original", "article:post_date", "bt:pubdate",
    "citation_publication_date", "citation_online_date", "citation_date", "date", "datecreated", "originalpublicationdate",
    "displaydate", "article.created", "ptime", "prism.publicationdate", "vr:published_time", "weibo:article:create_at",
    "rnews:datepublished", "release_date", "created", "date_published", "mediator_published_time", "eomportal-publishdate",
    "og:pubdate", "last_published",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "article:modified", "datemodified", "dcterms.modified", "dc.date.modified",
    "lastmod", "last-modified", "modified", "article.updated", "updated", "og:article:modified_time", "article:updated_time",
    "revised", "last_updated_date", "modified_time", "dateupdated",
)  # fmt: skip
_PUBLISHED_KEY = re.compile(r"publi(?:sh|cation)(?!er)|pub_?date|issued|releasedate|created")
_HABIT = re.compile(r"(?<![\d./-])(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d{2})(?!\d)")
_MODIFIED_WORD = re.compile(
    r"updat|modif|aktualis|actualis|actualiz|aggiorn|bijgewerkt|uppdater|oppdater|opdater|päivit|atualiz|обновл|оновл|aktualiz|revis|"
    r"last\sedit|更新|수정|geändert|stand:",
    re.I,
)
_PUBLISHED_WORD = re.compile(
    r"publi|posted|created|erschien|veröffent|geplaatst|gepubliceerd|julkaistu|опубл|written|发布|發布|입력|등록|pubblicat|datum",
    re.I,
)
_NO_TEXT = frozenset({"script", "style", "noscript", "template", "title", "option", "select", "textarea"})
_YEAR_IN = re.compile(r"\d{1,4}[./\-年]|(?:19|20)\d\d")
_OPENING = re.compile(
    r"(?:\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{4}-\d\d-\d\d)(?=\s*[-–—:|]\s)"
)  # of a paragraph: "27.1.2022 - ..."
_NOT_PUBLISHED = re.compile(r"©|copyright|\(c\)|all rights|since|seit|depuis|desde", re.I)
_IN_SCRIPT = re.compile(
    r"\b(?:date_?published|published_?(?:at|date|time|on)?|publish_?(?:ed_?)?(?:date|time)|publication_?date|created_?(?:at|date)|date_?created)"
    r"""\\{0,3}["']?\s{0,4}:\s{0,4}\\{0,3}["']((?:19|20)\d\d-\d\d-\d\d[T ]?[0-9:.+Z-]{0,24})""",
    re.I,
)
_MAX_SCRIPTS, _MAX_SCRIPT = 200, 500_000  # of a page that are read for dates, characters of each
_OLDER = 31  # days by which an address is older than the date that its page states
_SAME_MOMENT = timedelta(minutes=1)
_QUARTER = timedelta(minutes=15)  # zones are whole quarters of an hour apart
_MAX_TEXTS = 300  # that are read for a date
_MAX_TEXT, _SHORT = 400, 60  # characters of a text that are looked at; of one that may be a date and little else


@dataclass(frozen=True, slots=True)
class Dates:
    """What was decided; ``source`` names the evidence of the published date."""

    published: Moment | None = None
    source: str | None = None
    modified: Moment | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    moment: Moment
    source: str


def learn_date_habit(raw_dates: Iterable[str]) -> DateHabit:
    """The order of day and month in a site's dates of digits: what those say that have one reading only.

    Nine in ten of at least two must agree; else the habit is not known.
    """
    day_first = month_first = 0
    for raw in raw_dates:
        for found in _HABIT.finditer(raw[:200]):
            a, b = int(found[1]), int(found[2])
            day_first += 12 < a <= 31 and 1 <= b <= 12
            month_first += 12 < b <= 31 and 1 <= a <= 12
    total = day_first + month_first
    if total < 2 or 0.1 * total < min(day_first, month_first):
        return DateHabit()
    return DateHabit(day_first > month_first)


def read_dates(
    found: Scan, linked: Linked, page: Page, habit: DateHabit | None, title: Mark | None, language: str | None
) -> Dates:
    """Published and modified date of *page*, whose headline is *title* and whose declared language is *language*."""
    reader = _Reader(found, linked, page, habit, title, language)
    modified = reader.modified()
    published = reader.published() or reader.printed() or reader.in_url() or reader.anywhere()
    if published is None and modified is not None:
        published = _Found(modified, "meta")
    published = (
        published or reader.beside() or reader.in_scripts() or reader.alone() or reader.in_image_url() or reader.coarse
    )
    settled = reader.settled(modified) if modified else None
    if published is None:
        return Dates(modified=settled)
    published = reader.not_after_url(reader.zoned(published))
    return Dates(reader.local(reader.settled(published.moment)), published.source, settled)


class _Reader:
    """The evidence of one page."""

    def __init__(
        self, found: Scan, linked: Linked, page: Page, habit: DateHabit | None, title: Mark | None, language: str | None
    ) -> None:
        self._found, self._linked, self._page, self._title = found, linked, page, title
        self._spine = spine_of(title.element if title else None)
        self._url_day = day_in_url(page.url)
        self._latest = (page.fetch_time + timedelta(days=2)).date()
        self._habit = habit.day_first if habit else None
        self._day_first = self._habit if self._habit is not None else locale_day_first(page.url, language)
        self._aside: list[Moment] = []  # dates by themselves beside or below the text
        self.coarse: _Found | None = None  # a month or a year: taken where there is nothing finer

    def published(self) -> _Found | None:
        """The published date that the page states for machines."""
        article = self._linked.article or {}
        for key in ("datePublished", "uploadDate", "dateCreated"):
            if moment := self._read(string_of(article.get(key))):
                return _Found(moment, "json-ld")
        for node in self._linked.nodes:
            if moment := self._read(string_of(node.get("datePublished"))):
                return _Found(moment, "json-ld")
        for name in _PUBLISHED_METAS:
            for value in self._found.metas.get(name, ())[:3]:
                moment = self._read(value)
                if moment is not None and moment.precision in {"year", "month"}:
                    self.coarse = self.coarse or _Found(moment, "meta")
                elif moment is not None:
                    return _Found(moment, "meta")
        for name, values in self._found.metas.items():
            if _PUBLISHED_KEY.search(name) and not _MODIFIED_WORD.search(name) and (moment := self._read(values[0])):
                return _Found(moment, "meta")
        for mark in self._found.props:
            if (
                mark.prop in {"datepublished", "datecreated", "dateposted", "uploaddate"}
                and not place(mark.element, self._spine) & COMMENT
            ) and (moment := self._read(_value(mark.element))):
                return _Found(moment, "time")
        return None

    def modified(self) -> Moment | None:
        article = self._linked.article or {}
        if moment := self._read(string_of(article.get("dateModified"))):
            return moment
        for name in _MODIFIED_METAS:
            if moment := self._read(self._found.meta(name)):
                return moment
        marks = [mark for mark in self._found.props if mark.prop == "datemodified"] + self._found.changes
        return next((moment for mark in marks if (moment := self._read(_value(mark.element)))), None)

    def printed(self) -> _Found | None:
        """Time elements and dates printed near the headline, not those of comments or of other articles."""
        best: tuple[float, int, _Found] | None = None
        anchor = self._title.order if self._title else None
        for mark in [*self._found.times, *self._found.dates]:
            is_time = mark.element.tag == "time"
            value = _value(mark.element)
            if not value or len(value) > 300:
                continue
            moment = self._read(value) or (self._read(text_of(mark.element, 160)) if is_time else None)
            if moment is None or moment.precision in {"year", "month"}:
                continue
            where = place(mark.element, self._spine)
            score = 1.0 if is_time else 0.5
            score -= 2.0 * bool((where | mark.says) & AWAY) + 2.0 * bool((where | mark.says) & COMMENT)
            text = text_of(mark.element, 160)
            if mark.says & MODIFIED or _MODIFIED_WORD.search(text):
                score -= 0.6
            if _PUBLISHED_WORD.search(text):
                score += 0.3
            if anchor is not None:
                distance = mark.order - anchor
                score += 1.5 if 0 < distance < 80 else 0.9 if -30 < distance <= 0 else 0.0
            if moment.day == self._url_day:
                score += 2.0
            if best is None or score > best[0] + 1e-9:
                best = (score, mark.order, _Found(moment, "time" if is_time else "text"))
        if best is None or best[0] < 0.4:
            return None
        return best[2]

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
                text = text[:_MAX_TEXT].strip()
                if len(text) > _SHORT:
                    opening = _OPENING.match(text)
                    if opening is None:
                        continue
                    text = opening.group()
                elif _YEAR_IN.search(text) is None:
                    continue
                size += 1
                if size > _MAX_TEXTS:
                    return _Found(before, "text") if before else None
                moment = self._read(text)
                if moment is None or moment.precision in {"year", "month"} or _NOT_PUBLISHED.search(text):
                    continue
                if (where := place(element, self._spine)) & (COMMENT | AWAY):
                    if not where & COMMENT:
                        self._aside.append(moment)
                    continue
                if passed or anchor is None:
                    return _Found(moment, "text")
                before = moment
        return _Found(before, "text") if before else None

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
            and moment.precision not in {"year", "month"}
            and not place(mark.element, self._spine) & COMMENT
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
            if (match := _IN_SCRIPT.search(text)) and (moment := self._read(match[1])):
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
        values = [value for name in _PUBLISHED_METAS for value in self._found.metas.get(name, ())[:3]]
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
            if mark.says & (AWAY | COMMENT | MODIFIED) or _MODIFIED_WORD.search(text):
                continue
            other = self._read(text)
            if other is None or other.precision in {"year", "month"}:
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
        """The date in *value*; None for what lies after the page was fetched."""
        moment = read_date(value, day_first=self._day_first) if value else None
        if moment is None or moment.day <= self._latest:
            return moment
        moment = moment.turned()
        return replace(moment, swapped=None) if moment.day <= self._latest else None


def _value(element: etree._Element) -> str:
    """The value of a date element: its machine-readable attribute, else its text."""
    for name in ("datetime", "content", "data-datetime", "data-timestamp"):
        if (value := element.get(name)) and any(map(str.isdigit, value[:200])):
            return str(value[:200])
    if element.tag == "abbr" and (value := element.get("title")):
        return str(value[:200])
    return text_of(element, 300)
