"""What is packed passes our own verifier, whatever it was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.archive.verify.file_sets import file_sets
from broadsheet.archive.verify.finding import Severity
from broadsheet.archive.verify.run import verify_sets
from broadsheet.warcs.packing import pack_inputs
from tests.archive.warc.damaged_containers import KINDS, RECORDS, Container


@pytest.mark.parametrize("kind", KINDS)
def test_every_container_becomes_a_sound_wacz(tmp_path: Path, kind: str) -> None:
    container = Container.made(kind)
    path, packed = tmp_path / container.filename, tmp_path / "x.wacz"
    path.write_bytes(container.prefix + b"".join(piece for piece, _ in container.pieces))
    done, damages = pack_inputs([path], packed)
    assert (done.captures, done.pages, damages) == (RECORDS, RECORDS, [])
    found = verify_sets(file_sets([packed], tmp_path)).log.kept
    assert [one for one in found if one.severity is Severity.ERROR] == []
