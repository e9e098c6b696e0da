"""A crawl ends before its disk is full, or when its folder has taken what it may, and goes on when it may take more."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from crawled_site import Answer, crawl, page, serving

from broadsheet.crawler.disk import MOST_OF_DISK, DiskWatch, folder_size

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("total", "free", "enough"),
    [(10**12, 10**8, True), (10**12, 10**8 - 1, False), (10**8, 10**8 // MOST_OF_DISK, True), (10**8, 10**6, False)],
)
def test_the_margin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, total: int, free: int, enough: bool) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(total, total - free, free))
    shortage = DiskWatch(tmp_path, keep_free=10**8, max_disk=0).shortage()
    assert (shortage is None) is enough
    assert shortage is None or "--keep-free" in shortage
    assert DiskWatch(tmp_path, keep_free=0, max_disk=0).shortage() is None


def test_what_is_written_counts_before_the_folder_is_measured_again(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(bytes(900))
    assert folder_size(tmp_path) == 900
    watch = DiskWatch(tmp_path, keep_free=0, max_disk=1000)
    assert watch.shortage(50) is None
    assert watch.shortage(150) is None
    assert "--max-disk" in (watch.shortage(151) or "")


def test_a_crawl_ends_with_the_reason_and_goes_on(tmp_path: Path) -> None:
    answers = {"/": Answer(page(*(f"/{n}" for n in range(12))))} | {f"/{n}": Answer(page()) for n in range(12)}
    with serving(answers) as site:
        code, summary, _ = crawl(tmp_path / "c", site.url + "/", "--max-disk", "1k", "--no-extract")
        assert (code, summary["end"]) == (3, "disk limit reached")
        assert "--max-disk" in str(summary["message"])
        assert crawl(tmp_path / "c", site.url + "/", "--max-disk", "1G", "--no-extract")[0] == 0
    assert sorted(set(site.paths())) == sorted([*answers, "/robots.txt", "/sitemap.xml"])
