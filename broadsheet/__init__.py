"""The face of the product: command line, Python API, demo.  It parses, calls and prints.

`from broadsheet import Collection` is loaded when asked for: ``broadsheet --help`` does without Arrow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadsheet.api import Collection

__all__ = ["Collection"]


def __getattr__(name: str) -> Any:
    if name == "Collection":
        from broadsheet.api import Collection  # noqa: PLC0415 - heavy

        return Collection
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
