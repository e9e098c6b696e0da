"""Which URL is asked first: articles before lists, the newest first, and sitemaps no sooner than they are needed.

A priority is a band and a place in it.  In the bands of what has a date the place is its minute, so a sitemap of October goes
before the articles of September and after those of November.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.bounds.form import UrlForm, date_in, form_of
from broadsheet.crawler.discovery.lastmod import stated_moment

BAND = 1_000_000_000  # places in a band: minutes since 1970, and more
SEED, REDIRECT, SOURCE = 90 * BAND, 80 * BAND, 70 * BAND
DATED = 50 * BAND  # articles, and sitemaps that say until when they reach
UNDATED = 40 * BAND
LATER_SOURCE = 35 * BAND
GUESSED = LATER_SOURCE - 1  # a feed that nothing announces
OTHER = 30 * BAND
LISTING = 20 * BAND
VARIANT = 10 * BAND  # other spellings of what may be known already
LAST = 0  # of a shape that brought nothing
_DEEPEST = 400
_FIRST_SOURCES = 1  # child sitemaps that are read before any article
_NUMBER = re.compile(r"\d+")
# What is likely another form of a page that is linked by a plainer URL, too: by its ending, a parameter, or as a short link.
# Apart, each is searched for from slash to slash, or not at all.
_SECOND_ENDING = re.compile(r"/(?:amp|print|feed|trackback|embed|comment-page-\d+)/?(?:$|\?)|/feed/(?:atom|rss2?)/?$")
_SECOND_PARAMETER = re.compile(
    r"[?&](?:amp|print|share|shared|ref|orderby|order|sort\w*|sid|session\w*|outputType|format|view|replytocom|from)="
)
_SHORT_LINK = re.compile(r"[^/]*//[^/]*/\?p(?:age_id)?=\d+$")
_BANDS = {UrlForm.DATED_ARTICLE: DATED, UrlForm.ARTICLE: UNDATED, UrlForm.OTHER: OTHER, UrlForm.LISTING: LISTING}


def priority_of(url: str, hops: str, said: str = "") -> int:
    """The priority of *url*, found by the path *hops* with the date *said* by a sitemap or a feed; "" where none is."""
    match hops[-1:]:
        case "":
            return SEED
        case "R":
            return REDIRECT
        case "I":
            return SOURCE
    if _is_second(url):
        return VARIANT
    listed = hops[:-1].rstrip("R").endswith("I")  # a sitemap or a feed names it
    moment = stated_moment(said) if said else None
    moment = moment or date_in(url)
    form = form_of(url)
    if moment is not None and (listed or (form is UrlForm.DATED_ARTICLE and "?" not in url)):
        return DATED + minute(moment)
    if listed:
        return UNDATED
    if "?" in url and form > UrlForm.OTHER:
        form = UrlForm.OTHER  # the same without parameters goes first
    elif form is UrlForm.DATED_ARTICLE:
        form = UrlForm.ARTICLE
    return _BANDS[form] + _DEEPEST - min(hops.count("L"), _DEEPEST)


def _is_second(url: str) -> bool:
    if _SECOND_ENDING.search(url) is not None:
        return True
    return "?" in url and (_SECOND_PARAMETER.search(url) is not None or _SHORT_LINK.match(url) is not None)


def is_article(priority: int) -> bool:
    """Whether what has this priority is taken for an article."""
    return UNDATED <= priority < SOURCE


def minute(moment: datetime) -> int:
    """The minutes from 1970 to *moment*, none before."""
    return max(0, int(moment.timestamp() // 60))


def ordered_sources(children: Sequence[Outlink]) -> list[tuple[Outlink, int]]:
    """The *children* of a sitemap index with their priorities, the newest first.

    By their lastmod, if that tells them apart; else by a date or a number in their names, for lists that grow are numbered
    upwards.  One is read at once; the others when the articles that are known, and may be newer, were asked.
    """
    news = [child for child in children if "news" in child.url.rpartition("/")[2].lower()]
    others = [child for child in children if child not in news]
    dates = [stated_moment(child.lastmod) if child.lastmod else None for child in others]
    telling = len({date for date in dates if date is not None}) > 1
    ranked: list[tuple[Outlink, datetime | None]] = []
    if telling:
        pairs = zip(others, dates, strict=True)
        ranked = sorted(pairs, key=lambda pair: minute(pair[1]) if pair[1] else 0, reverse=True)
    else:
        ranked = [(child, None) for child in sorted(others, key=lambda child: numbers_in(child.url), reverse=True)]
    placed = [(child, SOURCE) for child in news[:1]]
    placed += [(child, LATER_SOURCE + len(children)) for child in news[1:]]
    for rank, (child, date) in enumerate(ranked):
        if rank < _FIRST_SOURCES and not placed:
            placed.append((child, SOURCE))
        elif date is not None:
            placed.append((child, DATED + minute(date) + 1))
        else:
            placed.append((child, LATER_SOURCE + len(children) - rank))
    return placed


def numbers_in(url: str) -> tuple[int, ...]:
    """The last three numbers in *url*, behind its scheme."""
    return tuple(int(number) for number in _NUMBER.findall(url.partition("://")[2])[-3:])
