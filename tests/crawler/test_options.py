"""What the options of a crawl say by themselves."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from broadsheet.crawler.options import CrawlOptions


@pytest.mark.parametrize(
    ("workers", "cores", "extracting"), [(None, 4, 3), (None, 1, 1), (None, None, 1), (0, 4, 0), (7, 4, 7)]
)
def test_one_core_is_left_to_the_crawl_unless_it_is_said_how_many_extract(
    monkeypatch: pytest.MonkeyPatch, workers: int | None, cores: int | None, extracting: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert CrawlOptions(Path("c"), (), workers=workers).extraction_workers == extracting


def test_a_crawl_is_polite_and_safe_when_nothing_is_said() -> None:
    usual = CrawlOptions(Path("c"), ())
    assert usual.delay >= 0.5
    assert (usual.ignore_robots, usual.allow_private, usual.max_size > 0, usual.timeout > 0) == (False, (), True, True)


def test_each_option_says_what_it_does() -> None:
    said = [one for one in fields(CrawlOptions) if one.name not in {"directory", "seeds"}]
    assert all(one.metadata for one in said)
