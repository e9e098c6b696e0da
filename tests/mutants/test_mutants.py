"""The list of mutants fits the sources: what each replaces is there once, and so is the test that kills it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from mutant import Mutant
from mutants import MUTANTS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.path}: {mutant.fault}")
def test_what_a_mutant_replaces_is_there_and_so_is_its_test(mutant: Mutant) -> None:
    source = (ROOT / mutant.path).read_text("utf-8")
    assert source.count(mutant.old) == 1, "The code has changed: change the mutant in tests/mutants likewise."
    assert mutant.old != mutant.new
    compile(source.replace(mutant.old, mutant.new), mutant.path, "exec")
    path, _, name = mutant.killed_by.partition("::")
    assert f"def {name}(" in (ROOT / path).read_text("utf-8")
