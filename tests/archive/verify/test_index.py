"""An index against its WARCs: each rule with its seeded fault, and indexes that are sound."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from faulty_indexes import INDEX_FAULTS, index_of, index_text, sound_warc
from made_records import NAME
from verifying import rules, verified

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection


@pytest.mark.parametrize("name", INDEX_FAULTS)
def test_a_fault_in_an_index_is_found(lab: Any, tmp_path: Path, name: str) -> None:
    fault = INDEX_FAULTS[name]
    result = verified(fault.build(lab, tmp_path))
    assert fault.rule in rules(result)
    assert all(finding.source == "index.cdxj" for finding in result.log.kept)


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
