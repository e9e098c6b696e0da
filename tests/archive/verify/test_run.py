"""A verification as a whole: every rule has its fault and its words, findings are counted, processes find what one finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from faulty_indexes import INDEX_FAULTS
from faulty_waczs import WACZ_FAULTS
from made_records import response
from verifying import verified

from broadsheet.archive.verify import run
from broadsheet.archive.verify.file_sets import file_sets
from broadsheet.archive.verify.index import INDEX_RULES
from broadsheet.archive.verify.run import all_rules, verify_sets
from broadsheet.archive.verify.wacz import WACZ_RULES


def test_every_rule_is_seeded() -> None:
    seeded = {fault.rule for fault in INDEX_FAULTS.values()} | {fault.rule for fault in WACZ_FAULTS.values()}
    assert {rule.id for rule in (*INDEX_RULES, *WACZ_RULES)} - seeded == {"wacz-zip-twice"}


def test_every_rule_says_what_it_asks() -> None:
    every = all_rules()
    assert len({rule.id for rule in every}) == len(every)
    assert all(rule.asks.endswith((".", ")")) and rule.clause and rule.remedy for rule in every)


def test_many_findings_are_counted_and_few_kept(lab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "KEPT", 5)
    bad = [response(lab, WARC_Record_ID=f"<urn:x:{number}>", WARC_Truncated="yes") for number in range(20)]
    (tmp_path / "x.warc.gz").write_bytes(lab.gzip(lab.warcinfo(), *bad))
    result = verified(tmp_path / "x.warc.gz")
    assert (result.log.counts["truncated-value"], len(result.log.kept), result.warnings) == (20, 5, 20)


def test_processes_find_what_one_finds(lab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        record = response(lab, WARC_Record_ID=f"<urn:x:{number}>", WARC_Truncated="yes")
        warcinfo = lab.warcinfo().replace(b"000001>", b"%06d>" % number)
        (tmp_path / f"{number}.warc.gz").write_bytes(lab.gzip(warcinfo, record))
    alone = verified(tmp_path)
    monkeypatch.setattr(run, "_WORTH_PROCESSES", 0)
    told: list[tuple[int, int, str]] = []
    together = verify_sets(file_sets([tmp_path], tmp_path), workers=2, on_progress=lambda *moment: told.append(moment))
    assert together.log.kept == alone.log.kept
    assert together.reports == alone.reports
    assert told[-1][0] == told[-1][1] == sum(path.stat().st_size for path in tmp_path.iterdir())
