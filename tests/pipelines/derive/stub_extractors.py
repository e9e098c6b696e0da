"""Extractors for tests: quick ones, and ones that a worker does not survive.  A URL says what is to happen."""

from __future__ import annotations

import os
import signal
import time

from broadsheet.pipelines.extract.extraction import ArticleColumns, Extraction, PageRecord, Segment
from broadsheet.pipelines.extract.roles.role import Role


class Stub:
    name = "stub==1"
    extraction_id = "stub000000000001"
    base_id = ""

    def extract(self, record: PageRecord) -> Extraction:
        if "sleeps" in record.url:
            time.sleep(60)
        while "spins" in record.url:
            pass
        if "kills" in record.url:
            os.kill(os.getpid(), signal.SIGKILL)
        if "raises" in record.url:
            raise RuntimeError("an extractor must not, but one might")
        if "surrogate" in record.url:
            return Extraction(ArticleColumns(status="ok", title="half \ud83d", text="x"))
        text = record.body.decode("utf-8", "replace")
        return Extraction(
            ArticleColumns(status="ok", title=record.url, text=text), (Segment(0, Role.BODY, None, text),)
        )


def stub() -> Stub:
    return Stub()


def later() -> Stub:
    """The extractor of a later version."""
    made = Stub()
    made.extraction_id = "stub000000000002"
    return made


def broken() -> Stub:
    raise ImportError("this extractor cannot be made")


def no_space() -> Stub:
    from broadsheet.pipelines.dataset import publish

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    publish.write_parquet = refuse  # type: ignore[assignment]
    return Stub()


class Slow(Stub):
    """Takes 20 ms a page, so that there is a middle to be killed in."""

    def extract(self, record: PageRecord) -> Extraction:
        time.sleep(0.02)
        return super().extract(record)


def slow() -> Slow:
    return Slow()
