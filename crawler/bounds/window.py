"""The time that a crawl is asked for: articles of some days, as far as their dates are known before they are fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from broadsheet.archive.errors import BadInput
from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.bounds.form import UrlForm, date_in, form_of, is_day
from broadsheet.crawler.discovery.lastmod import changed_until, stated_moment

BEFORE, AFTER = "before --since", "after --until"
_FORM = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class DateWindow:
    """From ``since`` until before ``until``, both UTC; None: no bound there.

    A sitemap says when a page was changed, so a page changed before ``since`` is older; it says nothing against ``until``.
    What has no date is fetched.
    """

    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, since: str | None, until: str | None) -> DateWindow:
        """The window from the beginning of the day, month or year *since* to the end of *until*.

        Raises:
            BadInput: one of them is no date, or they are in the wrong order.
        """
        window = cls(
            None if since is None else _first(since, "--since"), None if until is None else _last(until, "--until")
        )
        if window.since and window.until and window.since >= window.until:
            raise BadInput(f"--until {until}", f"is before --since {since}", "Name an earlier day to begin with.")
        return window

    def leaves_out(self, link: Outlink) -> str | None:
        """Why what *link* leads to is not of this time; None: it is, or may be."""
        if self.since is None and self.until is None:
            return None
        if link.hop == "I":
            said = changed_until(link.lastmod) if link.lastmod else None
            return BEFORE if self.since and said and said < self.since else None
        if link.hop != "L":
            return None
        if self.since and link.lastmod:
            said = changed_until(link.lastmod) if link.context.startswith("sitemap:") else stated_moment(link.lastmod)
            if said is not None and said < self.since:
                return BEFORE
        if self.until and link.lastmod and not link.context.startswith("sitemap:"):
            published = stated_moment(link.lastmod)
            if published is not None and published >= self.until:
                return AFTER
        return self._by_url(link.url)

    def _by_url(self, url: str) -> str | None:
        day = date_in(url) if form_of(url) is UrlForm.DATED_ARTICLE else None
        if day is None:
            return None
        if self.until and day >= self.until:
            return AFTER
        over = day + timedelta(days=1 if is_day(url) else 31)
        return BEFORE if self.since and over <= self.since else None


def _first(text: str, option: str) -> datetime:
    moment = stated_moment(text) if _FORM.fullmatch(text) else None
    if moment is None:
        raise BadInput(f"{option} {text}", "is no date", "Write it as 2026-11-29, 2026-11 or 2026.")
    return moment


def _last(text: str, option: str) -> datetime:
    begin = _first(text, option)
    if len(text) == 4:
        return datetime(begin.year + 1, 1, 1, tzinfo=UTC)
    if len(text) == 7:
        return datetime(begin.year + begin.month // 12, begin.month % 12 + 1, 1, tzinfo=UTC)
    return begin + timedelta(days=1)


ALL_TIMES = DateWindow()
