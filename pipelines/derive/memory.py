"""The memory of a process that derives: how much it is, what is given back, and what the garbage collector looks at."""

from __future__ import annotations

import ctypes
import gc
import os
from pathlib import Path
from typing import Any

_NEW_OBJECTS = 20_000  # more than were freed, from which cycles are looked for: the objects of some ten pages


def calm_collector() -> None:
    """Let the garbage collector leave alone what is loaded, and look at the rest seldom: a page makes thousands of objects and
    next to no cycles (one in a page, measured), and looking for them at every 700 new ones took 5 % of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 10, 10)


def trim() -> None:
    """Return freed memory to the system, where the C library can: the rows of a part are some 100 MB, and the next part's would
    come on top of what lies between them; so would what a large page took."""
    found: Any = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if found is not None:
        found(0)


def resident_bytes() -> int:
    """Resident memory of this process in bytes, 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
