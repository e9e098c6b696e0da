"""A run on a Dask cluster in a process of its own, to be killed: says so when its parts can begin.

Arguments: the WARC, the collection, the scheduler's address, entries a part.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.derive import parts
from broadsheet.pipelines.derive.engine import open_engine
from broadsheet.pipelines.derive.extract import extract
from broadsheet.pipelines.derive.messages import ExtractorSpec

SPEC = ExtractorSpec("stub_extractors:slow", "stub000000000001")


def main(warc: str, folder: str, address: str, entries: str) -> None:
    """Extract *warc*."""
    parts.PART_ENTRIES = int(entries)
    with open_engine(address, workers=2) as engine:

        def derivation(collection: Collection, **given: Any) -> Any:
            return engine(collection, spec=SPEC, **given)

        print("begun", flush=True)
        extract([Path(warc)], Path(folder), workers=2, supervisor=derivation)


if __name__ == "__main__":
    main(*sys.argv[1:])
