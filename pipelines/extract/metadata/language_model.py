"""py3langid's model, unpacked once for each user and mapped into memory from then on.

The package holds the model compressed (LZMA), which takes each process that looks at a first page a second of CPU and 70 MB
of memory of its own.  Unpacked, as NumPy's files in the user's cache folder, it is mapped, not read, and all processes share
its memory.  Where that folder cannot be written, the model is unpacked in memory, as py3langid does it.  The verdicts are
the same either way.
"""

from __future__ import annotations

import os
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

from broadsheet.archive.durable import whole_folder
from broadsheet.archive.errors import BroadsheetError

_NAMES = ("ptc", "pc", "classes", "nextmove", "row", "output")


def cache_folder() -> Path:
    """Where what is costly to make is kept for this user: ``$XDG_CACHE_HOME/broadsheet``, or ``~/.cache/broadsheet`` (XDG Base
    Directory Specification).

    Raises:
        RuntimeError: the user has no home.
    """
    base = os.environ.get("XDG_CACHE_HOME") or ""
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "broadsheet"


def load_identifier() -> LanguageIdentifier:
    """The identifier with py3langid's own model, from the cache if it can be."""
    packed = MODEL_DIR / MODEL_FILE
    try:
        folder = cache_folder() / f"py3langid-{version('py3langid')}-{packed.stat().st_size}"
        if not folder.exists():
            _unpack(packed, folder)
        return _mapped(folder)
    except (OSError, RuntimeError, ValueError, BroadsheetError):  # no home, no room, no right, a file that was cut
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _unpack(packed: Path, folder: Path) -> None:
    model = dict(zip(_NAMES, load_model(packed), strict=True))
    arrays = {name: np.asarray(value, np.int32 if name == "output" else None) for name, value in model.items()}
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(BroadsheetError, FileExistsError), whole_folder(folder) as made:  # another process may be first
        for name, array in arrays.items():
            np.save(made / f"{name}.npy", array, allow_pickle=False)


def _mapped(folder: Path) -> LanguageIdentifier:
    ptc, pc, classes, nextmove, row, output = (_array(folder, name) for name in _NAMES)
    tables = memoryview(nextmove), memoryview(output)  # of integers, as the arrays that py3langid reads
    return LanguageIdentifier(
        ptc, np.array(pc), classes.tolist(), *tables, norm_probs=True, tk_row=row.astype(np.int64).tolist()
    )


def _array(folder: Path, name: str) -> Any:
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))  # plain: read without Python
