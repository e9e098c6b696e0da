"""Keeping some exchanges in a collection, when no crawl is under way: all are durable, or an error says why not."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.pipelines.capture.log import CaptureLog, WarcOptions
from broadsheet.pipelines.capture.submission import Submission


def keep(collection: Collection, exchanges: Iterable[tuple[Exchange, Provenance]], options: WarcOptions) -> None:
    """Write *exchanges* into a WARC of their own and into the journal.

    Raises:
        BadInput: another command works on the collection.
        BrokenEnvironment: the disk refuses.
    """
    with collection.locked():
        log = CaptureLog(collection, options, on_commit=lambda _: None, on_failure=lambda _: None)
        log.start()
        for exchange, provenance in exchanges:
            log.submit(Submission(None, exchange, provenance))
        log.close()
        if log.failure is not None:
            raise log.failure
