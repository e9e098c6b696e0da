"""What a user may ask of a crawl.

``CrawlOptions`` declares each option once (`broadsheet.crawler.option`).  They are kept with the crawl, so that the same
command, or the folder alone, goes on with it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from broadsheet.crawler.option import Unit, hidden, option, without_userinfo, without_values
from broadsheet.crawler.requisites.kind import Kind

ALL_PRIVATE = "*"  # in CrawlOptions.allow_private


class ScopeKind(StrEnum):
    """How far a crawl goes from its seeds."""

    HOST = "host"  # the seed's host, "www." or not
    DOMAIN = "domain"  # the seed's registered domain and its subdomains
    PREFIX = "prefix"  # URLs that begin with the seed up to its last slash


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Settings of one crawl.  Sizes are bytes, times are seconds, 0 means no limit where a limit is meant."""

    directory: Path
    seeds: tuple[str, ...] = ()
    ask_all: bool = option(False, "With --update: ask for pages, too, that their sitemap calls unchanged.", kept=False)
    scope: ScopeKind = option(
        ScopeKind.HOST, "How far to go: the URL's host, its registered domain, or URLs that begin like it."
    )
    include: tuple[str, ...] = option((), "Only URLs in which this is found.", metavar="REGEX")
    exclude: tuple[str, ...] = option((), "No URLs in which this is found.", metavar="REGEX")
    max_pages: int = option(0, "Stop after this many pages; 0 for no limit.", least=0)
    max_depth: int = option(0, "Follow links this far; 0 for no limit.", least=0)
    since: str | None = option(
        None, "Only articles from this day, month or year on, as far as sitemaps, feeds and URLs tell.", metavar="DATE"
    )
    until: str | None = option(None, "Only articles up to this day, month or year.", metavar="DATE")
    patience: int = option(
        4,
        "Put what looks alike last after so many answers without a new article, and give it up in the end; 0: never.",
        least=0,
    )
    variants: bool = option(False, "Fetch other spellings of known pages, too: print, AMP, tracking parameters.")
    delay: float = option(0.5, "Time between two requests to a host.", unit=Unit.SECONDS)
    concurrency: int = option(2, "Requests at a time to one host.", least=1)
    total_concurrency: int = option(32, "Requests at a time to all hosts together.", least=1)
    timeout: float = option(60.0, "Time for one exchange.", unit=Unit.SECONDS, least_excluded=True)
    retries: int = option(2, "Tries after a failure.", least=0)
    max_size: int = option(64_000_000, "Size of one answer; a longer one is kept cut and marked.", unit=Unit.BYTES)
    warc_size: int = option(1_000_000_000, "Size at which a WARC is closed.", unit=Unit.BYTES)
    keep_free: int = option(
        100_000_000,
        "Room to leave on the disk, at most a twentieth of it; the crawl ends before, and can go on.",
        unit=Unit.BYTES,
        recorded=False,
    )
    max_disk: int = option(
        0, "Room that its folder may take; the crawl ends before, and can go on.", unit=Unit.BYTES, recorded=False
    )
    compression_level: int = option(2, "0-3: ISA-L, very fast; 4-9: zlib, a little smaller.", least=0, most=9)
    hours: str | None = option(
        None,
        "Ask in these hours alone, in this machine's time or UTC; outside of them it waits.",
        metavar="HH:MM-HH:MM [UTC]",
    )
    max_bandwidth: int = option(
        0, "What all hosts together may send in a second, on average; 0 for no limit.", unit=Unit.BYTES
    )
    host_settings: tuple[str, ...] = option(
        (),
        "Settings of one host: delay, concurrency, hours, ignore-robots (with a reason). In broadsheet.toml a table.",
        flag="host",
        metavar="'HOST KEY=VALUE ...'",
    )
    contact: str | None = option(
        None,
        "Whom the owner of a site can ask about this crawl; sent in User-Agent, an address in From, too.",
        metavar="URL|MAIL",
        recorded=False,
    )
    user_agent: str = option("", "The User-Agent header; without it, broadsheet's.", metavar="TEXT", recorded=False)
    requisites: bool = option(
        True, "Fetch what the pages show: images, styles, scripts, fonts, media, wherever they lie."
    )
    skip_requisites: tuple[Kind, ...] = option((), "A kind of requisite to leave out.")
    dedupe: bool = option(True, "Store a payload that the collection has already as a revisit record, not again.")
    dedupe_min_size: int = option(  # a revisit record is not much smaller than what it would replace
        1000, "Size of a payload from which that is done.", unit=Unit.BYTES
    )
    headers: tuple[str, ...] = option(
        (),
        "A header to send, besides ours or in place of one.",
        flag="header",
        metavar="'NAME: VALUE'",
        recorded=False,  # the request records tell what was sent
        shown=without_values,
    )
    cookies: bool = option(True, "Keep the cookies that servers set.")
    load_cookies: str | None = option(
        None,
        "Begin with these cookies: a cookies.txt, as browsers export it.",
        metavar="FILE",
        file=True,
        kept=False,  # its cookies are kept themselves
        recorded=False,
    )
    http_user: str | None = option(None, "Log in on the hosts that are named (HTTP Basic).", metavar="NAME")
    http_password: str | None = option(
        None,
        "Its password; better in the environment, as BROADSHEET_HTTP_PASSWORD.",
        metavar="WORD",
        environment="BROADSHEET_HTTP_PASSWORD",
        recorded=False,
        part_of="http_user",
        shown=hidden,
    )
    ignore_robots: bool = option(False, "Do not heed robots.txt. Have the owner's leave.", recorded=False)
    reason: str | None = option(
        None, "Why rules are set aside (--ignore-robots, --allow-private); kept in the WARCs.", metavar="TEXT"
    )
    allow_private: tuple[str, ...] = option(
        (),
        "Connect to this private host at this port; without HOST:PORT, to all private addresses.",
        metavar="[HOST:PORT]",
        bare=ALL_PRIVATE,
    )
    proxy: str | None = option(
        None, "http://host:port, socks5://host:port or socks5h://host:port.", metavar="URL", shown=without_userinfo
    )
    spider: str | None = option(
        None, "Crawl with a spider of your own, a subclass of ArticleSpider: docs/scrapy.md.", metavar="MODULE:CLASS"
    )
    workers: int | None = option(None, "Processes that extract.", least=0, default_text="cores - 1")
    extract: bool = option(True, "Make the dataset as the crawl goes.")
    operator: str | None = option(None, "Who runs this crawl; kept in the WARCs.", metavar="TEXT", recorded=False)
    description: str | None = option(None, "What this crawl is for; kept in the WARCs.", metavar="TEXT", recorded=False)

    @property
    def extraction_workers(self) -> int:
        """How many processes extract: one is left to the crawl, unless ``workers`` says how many."""
        return max(1, (os.cpu_count() or 2) - 1) if self.workers is None else self.workers
