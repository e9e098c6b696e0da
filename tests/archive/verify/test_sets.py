"""Indexes and WACZ files against their WARCs, links over files, and many files at once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from faulty_indexes import INDEX_FAULTS, index_of, index_text, sound_warc
from faulty_waczs import WACZ_FAULTS, manifest_of, sound_members, write_wacz
from faulty_warcs import continuation, first_segment
from made_records import NAME, original, response, revisit

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.archive.verify import run
from broadsheet.archive.verify.file_sets import file_sets
from broadsheet.archive.verify.index import INDEX_RULES
from broadsheet.archive.verify.run import Verification, all_rules, verify_sets
from broadsheet.archive.verify.wacz import WACZ_RULES


def verified(*paths: Path, workers: int = 1) -> Verification:
    return verify_sets(file_sets(paths, paths[0].parent), workers=workers)


def rules(result: Verification) -> set[str]:
    return set(result.log.counts)


@pytest.mark.parametrize("name", INDEX_FAULTS)
def test_a_fault_in_an_index_is_found(lab: Any, tmp_path: Path, name: str) -> None:
    fault = INDEX_FAULTS[name]
    result = verified(fault.build(lab, tmp_path))
    assert fault.rule in rules(result)
    assert all(finding.source == "index.cdxj" for finding in result.log.kept)


@pytest.mark.parametrize("name", WACZ_FAULTS)
def test_a_fault_in_a_wacz_is_found(lab: Any, tmp_path: Path, name: str) -> None:
    fault = WACZ_FAULTS[name]
    assert fault.rule in rules(verified(fault.build(lab, tmp_path)))


def test_every_rule_is_seeded() -> None:
    seeded = {fault.rule for fault in INDEX_FAULTS.values()} | {fault.rule for fault in WACZ_FAULTS.values()}
    assert {rule.id for rule in (*INDEX_RULES, *WACZ_RULES)} - seeded == {"wacz-zip-twice"}


def test_every_rule_says_what_it_asks() -> None:
    every = all_rules()
    assert len({rule.id for rule in every}) == len(every)
    assert all(rule.asks.endswith((".", ")")) and rule.clause and rule.remedy for rule in every)


def test_a_sound_index_is_sound_in_every_way_it_is_written(lab: Any, tmp_path: Path) -> None:
    warc = tmp_path / NAME
    warc.write_bytes(sound_warc(lab))
    lines = index_of(warc)
    plain = index_text(lines)
    bare = index_text([(key, time, values | {"digest": values["digest"][5:]}) for key, time, values in lines])
    for number, data in enumerate((plain, gzip.compress(plain), bare)):
        index = tmp_path / f"{number}.cdxj"
        index.write_bytes(data)
        result = verified(index)  # the WARC beside it is found by its name
        assert (result.log.kept, len(result.reports), result.indexes) == ([], 1, 1)


def test_an_index_may_name_the_warcs_that_a_collection_was_extracted_from_elsewhere(lab: Any, tmp_path: Path) -> None:
    warc = tmp_path / NAME
    warc.write_bytes(sound_warc(lab))
    collection = Collection.create(tmp_path / "c")
    with Catalogue.open(collection.journal) as catalogue, catalogue.transaction():
        catalogue.add_warc(NAME, str(warc))
    index = collection.directory / "indexes" / "index.cdxj"
    index.parent.mkdir(exist_ok=True)
    index.write_bytes(index_text(index_of(warc)))
    assert rules(verified(collection.directory)) == set()
    index.write_bytes(index_text(index_of(warc)).replace(NAME.encode(), b"unknown.warc.gz"))
    assert rules(verified(collection.directory)) == {"index-warc"}


def test_a_sound_wacz_is_sound(lab: Any, tmp_path: Path) -> None:
    members = sound_members(lab, tmp_path)
    path = write_wacz(tmp_path / "x.wacz", members, json.dumps(manifest_of(members)).encode())
    result = verified(path)
    assert result.log.kept == []
    assert [report.source for report in result.reports] == [NAME]


def test_links_are_followed_over_files(lab: Any, tmp_path: Path) -> None:
    parts = {
        "1.warc.gz": (original(lab),),
        "2.warc.gz": (revisit(lab),),
        "3.warc.gz": (first_segment(lab).replace(b"0aa>", b"0dd>"),),
        "4.warc.gz": (continuation(lab, 2, "6").replace(b"0aa>", b"0dd>").replace(b"0cc>", b"0ee>"),),
    }
    for number, (name, records) in enumerate(parts.items(), 2):
        warcinfo = lab.warcinfo().replace(b"000001>", b"%06d>" % number)
        (tmp_path / name).write_bytes(lab.gzip(warcinfo, *records))
    assert verified(tmp_path).log.kept == []
    assert rules(verified(tmp_path / "2.warc.gz")) == {"refers-to"}
    assert rules(verified(tmp_path / "4.warc.gz")) == {"segment-origin"}


def test_ids_are_unique_over_files(lab: Any, tmp_path: Path) -> None:
    for name in ("1.warc.gz", "2.warc.gz"):
        (tmp_path / name).write_bytes(
            lab.gzip(lab.warcinfo(), response(lab, WARC_Target_URI=f"http://a.example/{name}"))
        )
    result = verified(tmp_path)
    assert result.log.counts == {"record-id-unique": 2}
    assert [report.errors for report in result.reports] == [0, 2]


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
