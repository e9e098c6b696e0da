"""The signatures of an extraction: published whole or not at all, with what they were made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import CorruptArchive
from broadsheet.pipelines.dataset.schema import SIGNATURES
from broadsheet.pipelines.dataset.signatures import published_inputs, publishing_signatures, read_signatures

ID = "0123456789abcdef"


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection.create(tmp_path / "c")


def publish(collection: Collection, ids: list[str], inputs: str) -> None:
    with publishing_signatures(collection, ID, {"method": "x"}, inputs) as writer:
        if ids:
            columns = {name: [None] * len(ids) for name in SIGNATURES.names if name != "extraction_id"}
            writer.write({**columns, "id": ids, **required(len(ids))})


def required(count: int) -> dict[str, list[object]]:
    """Values of the columns that may not be null."""
    values: dict[str, object] = {"string": "x", "uint64": 7, "int32": 7, "int64": 7, "bool": True, "double": 0.5}
    found: dict[str, list[object]] = {}
    for field in SIGNATURES:
        if not field.nullable and field.name not in {"id", "extraction_id"}:
            found[field.name] = [values.get(str(field.type), b"")] * count
    return found


def ids(collection: Collection) -> list[tuple[str, str]]:
    batches = read_signatures(collection, ID, ["extraction_id", "id"])
    return [(row["extraction_id"], row["id"]) for batch in batches for row in batch.to_pylist()]


def test_what_was_written_is_read_with_what_it_was_made_from(collection: Collection) -> None:
    assert (ids(collection), published_inputs(collection, ID)) == ([], None)
    publish(collection, ["a", "b"], "of two parts")
    assert ids(collection) == [(ID, "a"), (ID, "b")]
    assert published_inputs(collection, ID) == "of two parts"
    assert published_inputs(collection, "another") is None
    publish(collection, ["c"], "of three parts")
    assert (ids(collection), published_inputs(collection, ID)) == ([(ID, "c")], "of three parts")


def test_a_failure_leaves_what_there_was(collection: Collection) -> None:
    publish(collection, ["a"], "first")
    with pytest.raises(KeyError), publishing_signatures(collection, ID, {}, "second") as writer:
        writer.write({"id": ["b"]})
    assert (ids(collection), published_inputs(collection, ID)) == ([(ID, "a")], "first")


def test_no_rows_are_no_file(collection: Collection) -> None:
    publish(collection, [], "nothing")
    assert (ids(collection), published_inputs(collection, ID)) == ([], None)


def test_a_file_that_is_none_is_said_with_the_remedy(collection: Collection) -> None:
    publish(collection, ["a"], "first")
    (file,) = (collection.directory / "dataset").rglob("*.parquet")
    file.write_bytes(b"no Parquet")
    with pytest.raises(CorruptArchive, match="broadsheet dedupe"):
        ids(collection)
