"""Arrow without pandas: where pandas is installed, Arrow loads it to ask whether values are of it, which takes a second of CPU
and 60 MB (measured) in a process that has no use for it.

For processes of our own: workers, and the command line.  A program that calls the library keeps its imports.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder


def without_pandas() -> None:
    """Let no import of this process find pandas."""
    sys.meta_path.insert(0, _WithoutPandas())


@contextmanager
def pandas_hidden() -> Iterator[None]:
    """Let no import find pandas until the end of the block."""
    finder = _WithoutPandas()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _WithoutPandas(MetaPathFinder):
    """Finds no pandas."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:  # noqa: ARG002 - the interface
        """Refuse pandas, leave everything else to others."""
        if fullname == "pandas":
            raise ModuleNotFoundError("this process does without pandas", name=fullname)
