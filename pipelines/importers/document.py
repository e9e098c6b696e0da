"""What the readers of this package give: documents and exchanges out of a file, each with what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadsheet.archive.exchange import Exchange

MAX_FILE = 512 * 1024 * 1024  # bytes of a file that is read whole


@dataclass(frozen=True, slots=True)
class Imported:
    """An exchange made of what is in *origin*: a request and its answer, or a document alone (``exchange.resource``).
    ``dated``: its date was told; else it is that of the file."""

    exchange: Exchange
    origin: str
    dated: bool = True


def imported_document(
    url: str, date: datetime, content_type: str, body: bytes, origin: str, *, dated: bool
) -> Imported:
    """The document *body* that stands, or stood, at *url* at that *date* (UTC)."""
    return Imported(Exchange(url, date, 0.0, response=body, resource=content_type), origin, dated)


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
