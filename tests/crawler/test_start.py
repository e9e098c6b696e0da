"""What a crawl loads before it fetches: its extraction runs in other processes, and it learns from them at its end."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """The modules of a process that is about to crawl."""
    script = "import sys, broadsheet.crawler.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


@pytest.mark.parametrize(
    "library", ["pandas", "pyarrow", "numpy", "trafilatura", "duckdb", "tldextract", "requests", "chardet", "rich"]
)
def test_a_crawl_starts_without_what_it_does_not_need(loaded: frozenset[str], library: str) -> None:
    assert library not in loaded


def test_a_crawl_starts_without_extraction(loaded: frozenset[str]) -> None:
    parts = {name for name in loaded if name.startswith("broadsheet.pipelines.extract.")}
    assert parts <= {"broadsheet.pipelines.extract.options"}  # what a reader may choose


def test_a_crawl_is_loaded_at_all(loaded: frozenset[str]) -> None:
    assert {"scrapy", "broadsheet.crawler.session", "broadsheet.pipelines.derive.supervisor"} <= loaded
