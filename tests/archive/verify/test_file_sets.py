"""What a user names, sorted into sets: what is found in a folder, and what is named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from faulty_indexes import sound_warc
from faulty_waczs import manifest_of, sound_members, write_wacz
from made_records import NAME, response
from verifying import rules, verified

from broadsheet.archive.errors import BadInput


def test_a_stranger_in_a_folder_is_a_finding_and_named_it_is_refused(lab: Any, tmp_path: Path) -> None:
    (tmp_path / "1.warc.gz").write_bytes(lab.gzip(lab.warcinfo(), response(lab)))
    stranger = tmp_path / "2.warc.gz"
    stranger.write_bytes(gzip.compress(b"All my work"))
    assert rules(verified(tmp_path)) == {"not-a-warc"}
    with pytest.raises(BadInput):
        verified(stranger)


def test_what_is_hidden_in_a_folder_is_no_part_of_it(lab: Any, tmp_path: Path) -> None:
    folder = tmp_path / ".named" / "in"  # what is named is looked into, hidden or not
    (folder / ".git" / "objects").mkdir(parents=True)
    (folder / NAME).write_bytes(sound_warc(lab))
    (folder / ".git" / "objects" / "pack-1.idx").write_bytes(b"\xfftOc\0\0\0\2")
    result = verified(folder)
    assert not result.log.counts
    assert (len(result.reports), result.indexes) == (1, 0)


def test_a_wacz_in_a_folder_is_a_set_of_its_own(lab: Any, tmp_path: Path) -> None:
    members = sound_members(lab, tmp_path)
    manifest = json.dumps(manifest_of(members)).encode()
    write_wacz(tmp_path / "x.wacz", members, manifest)
    (tmp_path / NAME).write_bytes(members[f"archive/{NAME}"])
    result = verified(tmp_path)
    assert (result.log.kept, result.waczs, len(result.reports)) == ([], 1, 2)
