"""kill -9 at any step of a compaction: readers meet the whole dataset, and the same command comes to the same end."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from varied_collection import derive, digests, rows, warc

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.compact.compact import compact
from broadsheet.pipelines.dataset.defaults import TABLE_NAMES
from broadsheet.pipelines.reconcile.reconcile import reconcile

KILLS = 6


@pytest.mark.slow
def test_a_kill_costs_nothing_but_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.pipelines.derive.parts.PART_ENTRIES", 7)
    begun = derive(tmp_path / "c", [warc(tmp_path / "in", "one", range(20))])
    compact(begun.directory, target_bytes=1, grace=0)
    derive(begun.directory, [warc(tmp_path / "in", "two", range(20, 40))])
    before = {table: rows(begun, table) for table in TABLE_NAMES}
    undisturbed = Collection(Path(shutil.copytree(begun.directory, tmp_path / "undisturbed")))
    said = _compact(undisturbed, -1)
    assert said.returncode == 0, said.stderr
    steps = int(said.stdout)
    assert steps > 200
    # the last steps are the switch and the removal of what it replaced; random ones before
    chosen = [*random.Random(4).sample(range(1, steps - 40), KILLS - 3), steps - 35, steps - 20, steps - 3]
    for last in chosen:
        killed = Collection(Path(shutil.copytree(begun.directory, tmp_path / f"at-{last}")))
        assert _compact(killed, last).returncode == -signal.SIGKILL
        assert {table: rows(killed, table) for table in TABLE_NAMES} == before, last
        assert list(reconcile(killed)) == [], last
        compact(killed.directory, target_bytes=1, grace=0)
        assert digests(killed) == digests(undisturbed), last
        assert list(reconcile(killed)) == []
        assert not (killed.directory / "generations").exists()


def _compact(collection: Collection, last: int) -> subprocess.CompletedProcess[str]:
    script = Path(__file__).with_name("killed.py")
    command = [sys.executable, str(script), str(collection.directory), str(last)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
