"""What the readers of this package give: documents and exchanges out of a file, each with what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadsheet.archive.exchange import Exchange
from broadsheet.archive.resource import Resource

MAX_FILE = 512 * 1024 * 1024  # bytes of a file that is read whole


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """A document that becomes a resource record.  ``dated``: its date was told; else it is that of the file."""

    resource: Resource
    dated: bool


@dataclass(frozen=True, slots=True)
class ImportedExchange:
    """A request and its answer, made again from what somebody wrote about them in *origin*."""

    exchange: Exchange
    origin: str


Imported = ImportedDocument | ImportedExchange
LeftOut = Callable[[str], None]  # is told what cannot be imported, and why
Reader = Callable[["SourceFile", LeftOut], Iterator[Imported]]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import.  *name* is how records call it; *saved* (UTC) when it was written last; *url* and *date* are what a
    listing says of it."""

    path: Path
    name: str
    saved: datetime
    url: str | None = None
    date: datetime | None = None
