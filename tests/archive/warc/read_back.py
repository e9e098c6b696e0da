"""Bytes written to a file and read again as records."""

from __future__ import annotations

from pathlib import Path

from broadsheet.archive.warc.reader import Damage, WarcRecord, WarcSource, read_records


def source_of(tmp_path: Path, data: bytes, name: str = "x.warc.gz") -> WarcSource:
    """A file of that *name* with these *data*."""
    path = tmp_path / name
    path.write_bytes(data)
    return WarcSource.of(path)


def read_all(source: WarcSource) -> tuple[list[WarcRecord], list[Damage]]:
    """The records of *source*, and what of it could not be read."""
    damage: list[Damage] = []
    return list(read_records(source, on_damage=damage.append)), damage
