"""A mutant: what a fault breaks for users, the code that makes it, and the test that finds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: *new* in the place of *old*, which stands once in the file *path*; the test *killed_by* fails of it."""

    path: str
    fault: str
    old: str
    new: str
    killed_by: str
