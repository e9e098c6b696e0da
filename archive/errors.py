"""Every error a user can meet, in a tree split by who must act.

A message names the thing, the cause and the remedy, in that order, on one line:
``archive/x.warc.gz: truncated in the record at offset 4711. Run "broadsheet verify" to see what is left.``
The command line prints ``str(error)`` and leaves with ``exit_code``; a traceback is for our own faults only.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INCOMPLETE = 3


class BroadsheetError(Exception):
    """Root of the tree.

    *thing* is what it is about (a path, URL, option), *cause* what is wrong with it, *remedy* what to do now.
    """

    exit_code: ClassVar[int] = EXIT_FAILED

    def __init__(self, thing: str, cause: str = "", remedy: str = "") -> None:
        self.thing, self.cause, self.remedy = thing, cause, remedy
        message = f"{thing}: {cause}" if cause else thing
        super().__init__(f"{message.rstrip('.')}. {remedy}" if remedy else message)


class BadInput(BroadsheetError):
    """The user must change what was typed, or the file that was given."""

    exit_code = EXIT_USAGE


class CorruptArchive(BroadsheetError):
    """Bytes of a WARC, WACZ or collection are not what the standard, or our journal, says they are."""


class MissingWarc(BadInput):
    """A WARC that a row, an index or a catalogue names is not where it was."""

    exit_code = EXIT_FAILED


class BrokenEnvironment(BroadsheetError):
    """The machine must be mended (disk full, no permission); the same command then goes on."""

    exit_code = EXIT_INCOMPLETE


class RemoteFault(BroadsheetError):
    """A server, or the way to it, failed; nothing here is wrong."""


class InternalFault(BroadsheetError):
    """Our own bug: an invariant does not hold."""


def from_os_error(error: OSError, thing: str) -> BroadsheetError:
    """Say an operating-system error in the user's words; *thing* is the file or folder it happened to."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return BrokenEnvironment(thing, "no space left on the disk", "Make room, then run the same command again.")
        case errno.EROFS:
            return BrokenEnvironment(thing, "the file system can only be read", "Choose another folder.")
        case errno.EACCES | errno.EPERM:
            return BrokenEnvironment(thing, "permission denied", "Check who owns it, or choose another folder.")
        case errno.ENAMETOOLONG:
            return BadInput(thing, "its path is too long for the system", "Choose a shorter one.")
        case errno.ENOENT | errno.ENOTDIR | errno.EISDIR:
            return BadInput(thing, error.strerror or "not found", "Check the path.")
        case _:
            return BrokenEnvironment(thing, error.strerror or str(error))


def check_name(path: Path) -> None:
    """Refuse *path* if its name is not UTF-8: it stands in columns of texts, and Arrow and DuckDB open no other.

    Raises:
        BadInput: it is not.
    """
    try:
        str(path.absolute()).encode("utf-8")
    except UnicodeEncodeError as error:
        shown = str(path).encode("utf-8", "backslashreplace").decode()
        raise BadInput(shown, "its name is not UTF-8", "Rename it, or name a link to it.") from error


def no_such_file(path: Path) -> BadInput:
    """Why *path*, which is no file and no folder, cannot be read."""
    if path.exists():
        return BadInput(str(path), "is a pipe, a socket or a device, and files are read more than once", "Name a file.")
    if path.is_symlink():
        return BadInput(str(path), "is a link that leads to no file", "Check where it leads.")
    return BadInput(str(path), "no such file", "Check the path.")


@contextmanager
def os_errors_of(thing: object) -> Iterator[None]:
    """Let errors of the operating system within go up in the user's words, as those of *thing* (`from_os_error`)."""
    try:
        yield
    except BrokenPipeError:  # of standard output: the command line knows what that means
        raise
    except OSError as error:
        raise from_os_error(error, str(thing)) from error
