"""Which seeded faults does who find: broadsheet verify, warcio check, wacz validate.  Prints a Markdown table.

    uv run python benchmarks/verify/seeded_faults.py --wacz /path/to/env/bin/wacz

warcio is the project's own; wacz (py-wacz) must be installed in an environment of its own and is left out without it.
An index alone is checked by no tool that we know of.  The faults are those of the tests (tests/archive/verify/faulty_*.py).
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from broadsheet.archive.verify.file_sets import file_sets
from broadsheet.archive.verify.run import verify_sets

TESTS = Path(__file__).parents[2] / "tests" / "archive"
sys.path.insert(0, str(TESTS / "verify"))

from faulty_indexes import INDEX_FAULTS  # noqa: E402
from faulty_waczs import WACZ_FAULTS  # noqa: E402
from faulty_warcs import WARC_FAULTS  # noqa: E402


def load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def finds(command: list[str]) -> bool:
    """Whether a validator complains: by its exit code, or by dying."""
    return subprocess.run(command, capture_output=True, timeout=120, check=False).returncode != 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wacz", help="the wacz command of py-wacz")
    wacz = parser.parse_args().wacz
    lab = load(TESTS / "conftest.py").Lab()
    warcio = str(Path(sys.executable).with_name("warcio"))
    totals = {"faults": 0, "ours": 0, "other tool sees it": 0, "asked another tool": 0}
    print("| fault | in | rule | severity | ours | warcio check | wacz validate |\n|---|---|---|---|---|---|---|")
    kinds = (("WARC", WARC_FAULTS), ("CDXJ", INDEX_FAULTS), ("WACZ", WACZ_FAULTS))
    for kind, faults in kinds:
        for name, fault in faults.items():
            with tempfile.TemporaryDirectory() as temporary:
                folder = Path(temporary)
                if kind == "WARC":
                    path = folder / fault.name
                    path.write_bytes(fault.build(lab))
                else:
                    path = fault.build(lab, folder)
                result = verify_sets(file_sets([path], folder))
                severity = next((str(f.severity) for f in result.log.kept if f.rule == fault.rule), "")
                other: bool | None = None
                if kind == "WARC":
                    other = finds([warcio, "check", str(path)])
                elif kind == "WACZ" and wacz:
                    other = finds([wacz, "validate", "-f", str(path)])
            row = [name, kind, fault.rule, severity, _said(bool(severity))]
            row += [_said(other if kind == "WARC" else None), _said(other if kind == "WACZ" else None)]
            print(f"| {' | '.join(row)} |")
            totals["faults"] += 1
            totals["ours"] += bool(severity)
            totals["other tool sees it"] += bool(other)
            totals["asked another tool"] += other is not None
    print("\n" + ", ".join(f"{name}: {count}" for name, count in totals.items()))


def _said(found: bool | None) -> str:
    return "" if found is None else "found" if found else "passes"


if __name__ == "__main__":
    main()
