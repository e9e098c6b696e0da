"""How a crawl ended, in words and as an exit code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from broadsheet.archive.errors import EXIT_FAILED, EXIT_INCOMPLETE, EXIT_OK
from broadsheet.crawler.progress import CrawlEnd, CrawlProgress, UpdateCounts
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.summary import seed_in_trouble

# What a person reads when a seed could not be crawled: cause, remedy.
_CAUSES = {
    "dns": ("its name does not resolve", "Check the spelling, and that this machine is online."),
    "connect": ("nobody answers at that address", "Check the URL and the port, or try again later."),
    "tls": ("the secure connection failed", "Try http://, or check the clock of this machine."),
    "timeout": ("it did not answer in time", "Try again later, or allow more with --timeout."),
    "disconnect": ("it closed the connection before the answer was complete", "Try again later."),
    "protocol": ("its answer is not HTTP", "Check the port."),
    "proxy": ("the proxy failed", "Check --proxy."),
    "host given up": ("nothing has ever answered there", "Check the URL and the port, or try again later."),
    "robots": ("its robots.txt forbids it to crawlers", "If you have the owner's leave, use --ignore-robots."),
    "refused-address": (
        "its name leads to a private address",
        "If you mean that, say --allow-private HOST:PORT, or name the address itself in the URL.",
    ),
    "refused-port": ("this port of a private host was not named", "Say --allow-private HOST:PORT."),
    "mixed-addresses": (
        "its name leads to public and private addresses at once",
        "If you mean that, say --allow-private HOST:PORT.",
    ),
    "rebound-address": (
        "its name led to another address before",
        "Ask who runs the name server; or name the address itself in the URL.",
    ),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Why it ended, what to say, with which exit code to leave."""

    end: CrawlEnd
    exit_code: int
    message: str


def describe_end(
    end: CrawlEnd,
    store: CrawlStore,
    progress: CrawlProgress,
    failure: str = "",
    updated: UpdateCounts | None = None,
) -> Ending:
    """Say the *end* of a crawl whose state is *store*: *failure* is why, where that is known; *updated* is what it did as an
    update."""
    match end:
        case CrawlEnd.DISK_FULL | CrawlEnd.FAILED:
            code = EXIT_INCOMPLETE if end is CrawlEnd.DISK_FULL else EXIT_FAILED
            return Ending(end, code, failure)
        case CrawlEnd.INTERRUPTED:
            return Ending(end, EXIT_INCOMPLETE, _to_go_on(f"Stopped with {progress.queued:,} URLs to go"))
        case CrawlEnd.DISK_LIMIT:
            left = f"Stopped with {progress.queued:,} URLs to go, before there is no space left: {failure}"
            return Ending(
                end, EXIT_INCOMPLETE, f"{left}. Make room, or allow more; the same command goes on from here."
            )
        case CrawlEnd.WAITING:
            return Ending(end, EXIT_INCOMPLETE, failure)
        case CrawlEnd.PAGE_LIMIT:
            return Ending(end, EXIT_INCOMPLETE, _to_go_on(f"Page limit reached with {progress.queued:,} URLs to go"))
    unchanged = updated.unchanged if updated is not None else 0
    if progress.pages + unchanged == 0 and (problem := _seed_problem(store)):
        return Ending(CrawlEnd.FAILED, EXIT_FAILED, problem)
    if end is CrawlEnd.ALREADY_FINISHED:
        return Ending(end, EXIT_OK, "This crawl is finished: nothing to do. --update asks for what is new or changed.")
    if updated is not None:
        return Ending(end, EXIT_OK, _updated(updated))
    return Ending(end, EXIT_OK, f"Finished: {progress.pages:,} pages, {progress.exchanges:,} exchanges.")


def describe_waiting(hosts: Mapping[str, str], waiting: Mapping[str, int]) -> str:
    """Why a crawl waits: the *hosts* that cannot be asked now, each with why, and how many URLs are *waiting*."""
    host, why = next(iter(hosts.items()))
    others = f" and of {len(hosts) - 1:,} other hosts" if len(hosts) > 1 else ""
    without_leave = ", --ignore-robots asks without leave" if "robots.txt" in why else ""
    return (
        f"Not finished: {sum(waiting.values()):,} URLs of {host}{others} wait, because {why}. The same command asks again and"
        f" goes on from here; --exclude leaves them out{without_leave}."
    )


def _updated(counts: UpdateCounts) -> str:
    spared = f", {counts.spared:,} not asked (unchanged by their sitemap)" if counts.spared else ""
    return (
        f"Updated: {counts.asked:,} asked, {counts.stored:,} new or changed, {counts.unchanged:,} unchanged{spared};"
        f" {counts.found:,} new URLs."
    )


def _to_go_on(what: str) -> str:
    return f"{what}. The same command goes on from here."


def _seed_problem(store: CrawlStore) -> str | None:
    """Why not one page came of the seeds."""
    seed = seed_in_trouble(store)
    if seed is None:
        return None
    url, error = seed.url, seed.error
    if error is None:
        return f"{url}: gave no HTML page. It is archived; to crawl a site, name a page, a feed or a sitemap of it."
    cause, remedy = _CAUSES.get(error, (f"it failed ({error})", "Check the URL in a browser."))
    thing = url if error == "robots" else f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
    return f"{thing}: {cause}. {remedy}"
