"""What the WARC files of a crawl say about themselves, and how they are named and written."""

from __future__ import annotations

import platform
from importlib.metadata import version

from broadsheet.archive.warc.writer import WarcInfo
from broadsheet.crawler.headers import RequestHeaders
from broadsheet.crawler.kept_options import recorded_json
from broadsheet.crawler.options import CrawlOptions
from broadsheet.pipelines.capture.log import WarcOptions


def warc_options(options: CrawlOptions, is_part_of: str) -> WarcOptions:
    """The files of a crawl with *options*, whose User-Agent is settled, in the series *is_part_of*."""
    sent = {name.lower(): value for name, value in RequestHeaders(options).page}
    info = WarcInfo(
        software=_software(),
        user_agent=sent["user-agent"],
        sender=sent.get("from"),
        robots="ignore" if options.ignore_robots else "obey",
        operator=options.operator,
        description=options.description,
        is_part_of=is_part_of,
        settings=recorded_json(options),
        seeds=options.seeds,
    )
    dedupe_from = options.dedupe_min_size if options.dedupe else None
    return WarcOptions("broadsheet", info, options.warc_size, options.compression_level, dedupe_from)


def _software() -> str:
    """Name and version of the crawler, and of what decides about the bytes it stores."""
    parts = (f"Python/{platform.python_version()}", f"Scrapy/{version('scrapy')}", f"isal/{version('isal')}")
    return f"broadsheet/{version('broadsheet')} ({'; '.join(parts)})"
