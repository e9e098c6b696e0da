"""What an address says of dates: the day in its path, and whether people there write the day before the month."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from broadsheet.pipelines.extract.metadata.date_moment import FIRST_WEB_YEAR, make_day
from broadsheet.pipelines.extract.metadata.date_text import read_date

_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})[/_.-]?([01]\d|\d(?=[/_.-]))[/_.-]?([0-3]\d|\d(?!\d))(?!\d)")
_URL_DAY_FIRST = re.compile(r"(?<!\d)([0-3]?\d)\.([01]?\d)\.((?:19|20)\d{2})(?!\d)")
_URL_MONTH_NAME = re.compile(r"/((?:19|20)\d{2})/([a-z]{3,9})/(\d{1,2})(?:/|$)", re.I)
_MONTH_FIRST_TLDS = frozenset({"us", "com", "org", "net", "gov", "edu", "io", "co", "tv", "info", "ph", "mil"})


def day_in_url(url: str) -> date | None:
    """The day in the path of *url*: /2024/04/03/, /20240403-, _03.04.2024_, /2024/apr/03/."""
    try:
        path = urlsplit(url).path[:600]
    except ValueError:
        return None
    for found in _URL_DAY.finditer(path):
        if day := _web_day(make_day(int(found[1]), int(found[2]), int(found[3]))):
            return day
    if (found_first := _URL_DAY_FIRST.search(path)) is not None:
        return _web_day(make_day(int(found_first[3]), int(found_first[2]), int(found_first[1])))
    if named := _URL_MONTH_NAME.search(path):
        moment = read_date(f"{named[3]} {named[2]} {named[1]}")
        return _web_day(moment.day) if moment else None
    return None


def _web_day(day: date | None) -> date | None:
    """*day*, if there were web pages then: numbers in URLs are many things."""
    return day if day and day.year >= FIRST_WEB_YEAR else None


def locale_day_first(url: str, language: str | None) -> bool | None:
    """Whether people write the day first where *url* and *language* (a tag such as en-GB) are at home.

    None: they do, as nearly all do, but for what the date itself says (AM and PM); English on a domain of no country."""
    tag = (language or "").replace("_", "-").lower()
    if not tag.startswith("en") and tag:
        return True
    region = tag.split("-")[1] if "-" in tag else ""
    try:
        tld = (urlsplit(url).hostname or "").rsplit(".", 1)[-1]
    except ValueError:
        tld = ""
    if region:
        return region not in {"us", "ph"} or (region == "us" and len(tld) == 2 and tld not in _MONTH_FIRST_TLDS)
    if tld in _MONTH_FIRST_TLDS:
        return False
    return True if len(tld) == 2 else None
