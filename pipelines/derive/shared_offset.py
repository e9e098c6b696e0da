"""Which record a worker is at: a number that it writes and its supervisor reads, also when the worker is dead."""

from __future__ import annotations

import mmap
import os
import tempfile
from typing import Self

_SIZE = 8  # bytes of a number


class SharedOffset:
    """A number in memory that two processes share.  ``file`` is handed to the other one, which makes its own of it."""

    def __init__(self, file: int) -> None:
        self.file = file
        self._memory = mmap.mmap(file, _SIZE)
        self._number = memoryview(self._memory).cast("q")

    @classmethod
    def new(cls) -> Self:
        """One that says -1.

        Raises:
            OSError: the disk has no room for eight bytes.
        """
        with tempfile.TemporaryFile(buffering=0) as file:
            file.write(b"\xff" * _SIZE)  # written, not only made so long: a hole that finds no room later is a SIGBUS
            return cls(os.dup(file.fileno()))

    @property
    def value(self) -> int:
        """The number, as who wrote last left it."""
        return self._number[0]

    @value.setter
    def value(self, offset: int) -> None:
        self._number[0] = offset

    def close(self) -> None:
        """Give the file and the memory back."""
        self._number.release()
        self._memory.close()
        os.close(self.file)
