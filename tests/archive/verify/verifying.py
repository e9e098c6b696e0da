"""Verifying what was named, and the rules that it broke."""

from __future__ import annotations

from pathlib import Path

from broadsheet.archive.verify.file_sets import file_sets
from broadsheet.archive.verify.run import Verification, verify_sets


def verified(*paths: Path, workers: int = 1) -> Verification:
    return verify_sets(file_sets(paths, paths[0].parent), workers=workers)


def rules(result: Verification) -> set[str]:
    return set(result.log.counts)
