"""The body decisions of pages, a file a part: what a first reading of a page spent most on and a second takes over.

Which blocks are body depends on the page alone, and costs more than all the rest of a reading; the profile of the site
corrects it afterwards.  So the scores are kept beside the sketches, two bytes a block, under the same id, and each later
reading (the second, and every one when captures were added and the profile changed) takes them over.  Without
the file, or with one that cannot be read, they are decided again, with the same result.

The folder keeps the name that it had before, ``judgements``.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.manifest import publishing


def body_decisions_path(collection: Collection, base_id: str, part: str) -> Path:
    """Where the decisions of *part* lie."""
    return collection.directory / "profiles" / "judgements" / base_id / f"{part}.npz"


def publish_body_decisions(collection: Collection, base_id: str, part: str, decisions: Mapping[int, bytes]) -> None:
    """Keep *decisions*, by the offsets of their records.

    Raises:
        OSError: the disk refuses.
    """
    kept = sorted((offset, decision) for offset, decision in decisions.items() if decision)
    with publishing(collection, body_decisions_path(collection, base_id, part)) as file:
        np.savez_compressed(
            file,
            offset=np.array([offset for offset, _ in kept], dtype=np.int64),
            length=np.array([len(decision) for _, decision in kept], dtype=np.int64),
            data=np.frombuffer(b"".join(decision for _, decision in kept), dtype=np.uint8),
        )


def read_body_decisions(collection: Collection, base_id: str, part: str) -> dict[int, bytes]:
    """The decisions of *part* by offset; none when there is no file, or none that can be read."""
    try:
        with np.load(body_decisions_path(collection, base_id, part), allow_pickle=False) as file:
            offsets, lengths, data = file["offset"], file["length"], file["data"].tobytes()
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return {}
    ends = np.cumsum(lengths).tolist()
    if len(offsets) != len(lengths) or (ends and ends[-1] != len(data)):
        return {}
    starts = [0, *ends][:-1]
    return {offset: data[start:end] for offset, start, end in zip(offsets.tolist(), starts, ends, strict=True)}
