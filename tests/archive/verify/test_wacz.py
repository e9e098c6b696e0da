"""A WACZ by its rules: each with its seeded fault, and one that is sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from faulty_waczs import WACZ_FAULTS, manifest_of, sound_members, write_wacz
from made_records import NAME
from verifying import rules, verified


@pytest.mark.parametrize("name", WACZ_FAULTS)
def test_a_fault_in_a_wacz_is_found(lab: Any, tmp_path: Path, name: str) -> None:
    fault = WACZ_FAULTS[name]
    assert fault.rule in rules(verified(fault.build(lab, tmp_path)))


def test_a_sound_wacz_is_sound(lab: Any, tmp_path: Path) -> None:
    members = sound_members(lab, tmp_path)
    path = write_wacz(tmp_path / "x.wacz", members, json.dumps(manifest_of(members)).encode())
    result = verified(path)
    assert result.log.kept == []
    assert [report.source for report in result.reports] == [NAME]
