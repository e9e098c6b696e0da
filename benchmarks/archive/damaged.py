"""Random cuts and flips of every kind of container: what is whole is in `extract`, `index`, `replay` and `repair`, and they agree.

    uv run python benchmarks/archive/damaged.py [--each 200] [--seed 1] [--kinds block.warc.gz,...]

Prints a line a kind: how many damaged files, records that lay whole in them and were missed by each reader, and files in which
the readers are apart (`tests/archive/warc/damaged_containers.py`).  Extraction stands for its journal: what `extract` enters there it makes a
row or a counted reason of.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from broadsheet.archive.errors import BadInput
from tests.archive.warc.damaged_containers import KINDS, SHOWABLE, Container, are_apart, broken, seen_by_all

READERS = ("extract", "index", "replay", "repair")


def main() -> None:
    """Damage and read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=200, help="cuts, and flips, of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    options = parser.parse_args()
    print(
        f"{'kind':16} {'damage':6} {'files':>5} {'whole':>6} "
        + " ".join(f"{name:>8}" for name in READERS)
        + "  apart  CPU s"
    )
    for kind in options.kinds.split(","):
        for damage in ("cut", "flip"):
            _measure(Container.made(kind), damage, random.Random(f"{options.seed} {kind} {damage}"), options.each)


def _measure(container: Container, damage: str, dice: random.Random, each: int) -> None:
    whole = apart = 0
    missed = dict.fromkeys(READERS, 0)
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(each):
            place = Path(folder) / str(number)
            place.mkdir()
            data, intact = broken(container, damage, dice)
            path = place / container.filename
            path.write_bytes(data)
            try:
                seen = seen_by_all(path, place)
            except BadInput:
                seen = dict.fromkeys((*READERS, SHOWABLE), frozenset())
            whole += len(intact)
            for name in READERS:
                missed[name] += len(intact - seen[name])
            apart += are_apart(seen)
    spent = time.process_time() - began
    row = " ".join(f"{missed[name]:8}" for name in READERS)
    print(f"{container.kind:16} {damage:6} {each:5} {whole:6} {row}  {apart:5}  {spent:5.1f}", flush=True)


if __name__ == "__main__":
    main()
