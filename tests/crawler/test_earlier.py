"""What an update asks a page by: the latest whole capture, unless the clock says that it is still to come."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import cast

from small_warcs import MOMENT, answered, write_warc

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.journal import connect
from broadsheet.crawler.earlier import EarlierCaptures
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.pipelines.derive.extract import index_files


class OneCapture:
    """A crawl's state that knows the first capture of its first file."""

    def earlier_capture(self, _fingerprint: bytes) -> tuple[int, int]:
        return 1, 0


def test_a_capture_that_is_still_to_come_is_no_original(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    page = answered("http://a.example/", "<p>A page</p>", more='ETag: "1"\r\n')
    path = write_warc(collection.archive, "own", [page])
    with closing(connect(collection.journal)) as db:
        catalogue = Catalogue(db)
        index_files(collection, catalogue, [path])
        for hours, known in ((-1, False), (0, True), (1, True)):
            moment = MOMENT + timedelta(hours=hours)
            store = cast(CrawlStore, OneCapture())
            found = EarlierCaptures(collection, catalogue, store, lambda moment=moment: moment).of(b"")  # type: ignore[misc]
            assert (found is not None) == known, hours
