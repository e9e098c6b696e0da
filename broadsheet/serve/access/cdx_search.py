"""A CdxQuery and an index -> lines.

Forward, lines are made as they are read: an answer of a million captures takes no memory.  For the other orders the whole
range must be seen, and the lines to give are kept: `MOST_SORTED` at most.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import nsmallest
from itertools import chain, islice

from broadsheet.archive.cdxj.line import CdxjLine
from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.lookup import moment_of
from broadsheet.archive.surt import surt
from broadsheet.serve.access.cdx_filter import collapsed, filtered
from broadsheet.serve.access.cdx_query import CdxQuery, ResumeKey
from broadsheet.serve.access.parameters import BLOCK, MatchType, Sort

MOST_SORTED = 100_000  # captures
_PORT = re.compile(r":\d+$")


def search(index: CaptureIndex, query: CdxQuery) -> Iterator[CdxjLine]:
    """The captures that *query* asks for, in its order.

    Raises:
        BadInput: it asks for a page that there is not.
    """
    lines = _page(matching(index, query.url, query.match), query)
    if query.begin or query.end:
        lines = (line for line in lines if _within(line, query))
    lines = collapsed(filtered(lines, query.filters), query.collapses)
    lines = islice(_sorted(_resumed(lines, query.resume), query), query.offset, None)
    if query.limit is None:
        return lines
    return iter(deque(lines, -query.limit)) if query.limit < 0 else islice(lines, query.limit)


def search_with_key(index: CaptureIndex, query: CdxQuery) -> tuple[list[CdxjLine], ResumeKey | None]:
    """The first captures that *query* asks for, `MOST_SORTED` at most, and the key to go on with; None when these are all.

    Raises:
        BadInput: it asks for a page that there is not.
    """
    most = min(query.limit or 0, MOST_SORTED)
    lines = search(index, replace(query, limit=most + 1))
    given = list(islice(lines, most))
    if next(lines, None) is None:
        return given, None
    return given, (query.resume or ResumeKey("", "", 0)).after(given)


def count_blocks(index: CaptureIndex, query: CdxQuery) -> int:
    """How many blocks of the index the URL's captures fill."""
    return -(-sum(1 for _ in matching(index, query.url, query.match)) // BLOCK)


def matching(index: CaptureIndex, url: str, match: MatchType) -> Iterator[CdxjLine]:
    """The captures that belong to *url*, in the order of keys and times.

    The ranges of keys are pywb's (``calc_search_range``); a domain has its hosts on other ports, too.
    """
    key = surt(url) if url else ""
    if match is MatchType.EXACT:
        return (capture.line for capture in index.lookup(key))
    host = key.partition(")")[0]
    if match is MatchType.PREFIX:
        ends = [end for end in "/?" if url.endswith(end) and not key.endswith(end)]
        prefixes = ["".join([key, *ends])]
    elif match is MatchType.HOST:
        prefixes = [f"{host})"]
    else:
        prefixes = [f"{_PORT.sub('', host)}{end}" for end in "),:"]  # in the order of the index
    return (capture.line for capture in chain.from_iterable(map(index.under, prefixes)))


def _page(lines: Iterator[CdxjLine], query: CdxQuery) -> Iterator[CdxjLine]:
    if query.page is None:
        return lines
    size = query.page_size * BLOCK
    page = islice(lines, query.page * size, (query.page + 1) * size)
    first = next(page, None)
    if first is None and query.page > 0:
        raise BadInput(f"page={query.page}", "there is no such page", "Ask with showNumPages=true how many there are.")
    return page if first is None else chain([first], page)


def _within(line: CdxjLine, query: CdxQuery) -> bool:
    return line.timestamp >= query.begin and (not query.end or line.timestamp[: len(query.end)] <= query.end)


def _resumed(lines: Iterator[CdxjLine], key: ResumeKey | None) -> Iterator[CdxjLine]:
    if key is None:
        return lines
    place = (key.urlkey, key.timestamp)
    return _behind(lines, place, key.count)


def _behind(lines: Iterator[CdxjLine], place: tuple[str, str], count: int) -> Iterator[CdxjLine]:
    for line in lines:
        here = (line.urlkey, line.timestamp)
        if here == place and count > 0:
            count -= 1
        elif here >= place:
            yield line


def _sorted(lines: Iterator[CdxjLine], query: CdxQuery) -> Iterable[CdxjLine]:
    if query.sort is Sort.DEFAULT:
        return lines
    wanted = MOST_SORTED if query.limit is None or query.limit < 0 else min(query.limit + query.offset, MOST_SORTED)
    if query.sort is Sort.REVERSE:
        return reversed(deque(lines, wanted))
    moment = moment_of(query.closest)
    return nsmallest(wanted, lines, key=lambda line: abs((moment_of(line.timestamp) - moment).total_seconds()))
