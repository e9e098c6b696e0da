"""The start page: which collections are served."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.journal import connect
from broadsheet.archive.statistics import totals
from broadsheet.serve.served import ServedCollection, ServedCollections
from broadsheet.serve.view import View


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """A collection in one line; ``fault`` says why its journal cannot be read."""

    name: str
    path: str
    directory: str
    captures: int = 0
    begun: datetime | None = None
    ended: datetime | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """What is served."""

    collections: tuple[CollectionLine, ...]


def home_page(served: ServedCollections) -> View:
    """The start page."""
    return View("home.html", "Collections", Home(tuple(_line(one) for one in served.by_name.values())))


def _line(served: ServedCollection) -> CollectionLine:
    directory = str(served.collection.directory)
    try:
        with closing(connect(served.collection.journal, read_only=True)) as db:
            found = totals(Catalogue(db))
    except BroadsheetError as error:
        return CollectionLine(served.name, served.path, directory, fault=str(error))
    return CollectionLine(served.name, served.path, directory, found.captures, found.begun, found.ended)
