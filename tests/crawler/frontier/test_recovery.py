"""Picking up after a kill: what is whole in the open WARC is journalled and ends its URLs as live, what is torn is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_warcs import answered, write_warc

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import CorruptArchive
from broadsheet.archive.exchange import Exchange, FetchError, Outlink, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter
from broadsheet.crawler.discovery.urls import dedupe_key, fingerprint, host_of
from broadsheet.crawler.frontier.recovery import Recovery, recover
from broadsheet.crawler.state.changes import Discovery
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.url import FoundUrl, Lane, State

SITE = "http://a.example"
INFO = WarcInfo(software="test", is_part_of="test")


class Killed:
    """A collection whose crawl had queued /a to /e and was killed."""

    def __init__(self, folder: Path) -> None:
        self.collection = Collection.create(folder)
        self.catalogue = Catalogue.open(self.collection.journal)
        self.store = SqliteStore.prepared(self.catalogue)
        queued = [
            FoundUrl(fingerprint(dedupe_key(url)), url, host_of(url), 7, "L") for url in (f"{SITE}/{name}" for name in "abcde")
        ]  # fmt: skip
        with self.store.transaction():
            self.store.apply(Discovery(tuple(queued)), None)

    def open_warc(self, *exchanges: tuple[Exchange, Provenance]) -> Path:
        """A file that was being written, its bytes on disk."""
        writer = WarcWriter(self.collection.archive, prefix="test", info=INFO)
        for exchange, provenance in exchanges:
            writer.write_exchange(exchange, provenance)
        writer.sync()
        (path,) = self.collection.archive.glob("*.open")
        return path

    def recover(self, *, retries: int = 2) -> Recovery:
        return recover(
            self.collection, self.catalogue, self.store, accepts=lambda url: url.startswith(SITE), max_depth=0, retries=retries
        )  # fmt: skip

    def state(self, target: str) -> tuple[State, int, str | None] | None:
        why = self.store.why(SITE + target)
        return None if why is None else (why.state, why.tries, why.error)


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Killed]:
    made = Killed(tmp_path / "c")
    yield made
    made.catalogue.close()


def page(target: str) -> Exchange:
    one: Exchange = answered(SITE + target, f"<html>{target}</html>")
    return one


def on(via: str = f"{SITE}/", hops: str = "L", *links: str) -> Provenance:
    return Provenance(via, hops, tuple(Outlink(url, "L", "a/@href") for url in links))


def test_what_is_whole_is_done_with_its_links_and_a_torn_tail_is_cut_off(killed: Killed) -> None:
    path = killed.open_warc(
        (page("/a"), on(f"{SITE}/", "L", f"{SITE}/new", f"{SITE}/b", "http://b.example/")), (page("/b"), on())
    )
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])  # the last exchange is torn
    done = killed.recover()
    assert (done.files, done.exchanges) == (1, 1)
    assert 0 < done.lost_bytes < len(whole)
    assert killed.state("/a") == (State.DONE, 1, None)
    assert killed.state("/b") == (State.QUEUED, 0, None)
    assert killed.state("/new") == (State.QUEUED, 0, None)
    assert killed.store.why("http://b.example/") is None
    (warc,) = killed.catalogue.warcs()
    assert (warc.closed, warc.size) == (True, len(whole) - 5 - done.lost_bytes)
    assert (killed.collection.archive / warc.filename).stat().st_size == warc.size
    assert killed.recover() == Recovery()  # and nothing is left to do


def test_what_went_wrong_is_judged_as_live(killed: Killed) -> None:
    def failed(target: str, error: FetchError) -> Exchange:
        one = page(target)
        return Exchange(one.url, one.started, 0.1, one.request, error=error)

    killed.open_warc(
        (failed("/a", FetchError.TIMEOUT), on()),
        (answered(f"{SITE}/b", "gone", status=404), on()),
        (answered(f"{SITE}/c", "busy", status=503), on()),
    )
    killed.recover(retries=2)
    assert killed.state("/a") == (State.QUEUED, 1, "timeout")
    assert killed.state("/b") == (State.DONE, 1, None)
    busy = killed.state("/c")
    assert busy is not None
    assert busy[:2] == (State.QUEUED, 1)
    order = [one.url.removeprefix(SITE) for one in killed.store.load("a.example", Lane.PAGE, 9)]
    assert order[:2] == ["/d", "/e"]  # what is to be tried again goes behind


def test_a_robots_txt_is_remembered_and_what_nobody_asked_for_ends_no_url(killed: Killed) -> None:
    robots = answered(f"{SITE}/robots.txt", "User-agent: *\nDisallow: /no\n", kind="text/plain")
    imported = Provenance(imported_from="page.html")
    killed.open_warc((robots, on(f"{SITE}/", "P")), (page("/a"), imported))
    assert killed.recover().exchanges == 2
    copy = killed.store.robots(SITE)
    assert copy is not None
    assert copy.status == 200
    assert killed.state("/a") == (State.QUEUED, 0, None)


def test_a_closed_file_that_the_journal_does_not_know_is_taken_in(killed: Killed) -> None:
    write_warc(killed.collection.archive, "late", [page("/a"), page("/b")])
    assert killed.recover().exchanges == 2
    assert killed.state("/b") == (State.DONE, 1, None)


def test_a_file_that_is_gone_is_said(killed: Killed) -> None:
    path = write_warc(killed.collection.archive, "late", [page("/a")])
    killed.recover()
    path.unlink()
    with pytest.raises(CorruptArchive, match="it is gone"):
        killed.recover()
