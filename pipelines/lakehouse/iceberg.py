"""Tables of Apache Iceberg, through PyIceberg: this is its one home.

A folder has a catalogue of its own, a SQLite file in it, and the tables in the namespace ``broadsheet``; other catalogues
(REST, Glue, Hive ...) are those of PyIceberg's configuration.  What is done to a table, its schema included, is one commit.
"""

from __future__ import annotations

import sqlite3
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.archive.durable import make_folders
from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment, os_errors_of
from broadsheet.archive.journal import from_sqlite_error
from broadsheet.pipelines.lakehouse.rows import LakehouseRows

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

NAMESPACE = "broadsheet"
CONFIGURED = "catalog:"  # and the name of one in PyIceberg's configuration
_OWN = "catalog.sqlite"


class IcebergTables:
    """The tables in the catalogue *target*: a folder, or ``catalog:NAME``."""

    def __init__(self, target: str) -> None:
        self._target = target
        with _errors(target):
            self._catalogue = _catalogue(target)
            self._catalogue.create_namespace_if_not_exists(NAMESPACE)

    def replace(self, rows: LakehouseRows) -> int:
        """Let the rows with the key of *rows* be these; all others stay.  How many there are.

        The table is made if there is none, and gets the columns that it lacks; its field ids stay.

        Raises:
            BroadsheetError: the table cannot be changed; it is what it was.
        """
        from pyiceberg.expressions import AlwaysTrue, And, BooleanExpression, EqualTo  # noqa: PLC0415 - heavy

        place = f"{NAMESPACE}.{rows.name}"
        ours: BooleanExpression = AlwaysTrue()
        for column, value in rows.key.items():
            ours = And(ours, EqualTo(column, value))  # type: ignore[call-arg, arg-type]  # pydantic hides its constructor
        count = 0
        with _errors(f"{self._target}, table {place}"):
            if not self._catalogue.table_exists(place):
                with (
                    self._catalogue.create_table_transaction(place, rows.schema) as making,
                    making.update_spec() as spec,
                ):
                    for column in rows.key:
                        spec.add_identity(column)
            with self._catalogue.load_table(place).transaction() as change:
                with change.update_schema() as schema:
                    schema.union_by_name(rows.schema)
                with warnings.catch_warnings():
                    warnings.filterwarnings("ignore", "Delete operation did not match any records")
                    change.delete(ours)
                for chunk in rows.chunks():
                    change.append(chunk)
                    count += chunk.num_rows
        return count


def _catalogue(target: str) -> Catalog:
    from pyiceberg.catalog import load_catalog  # noqa: PLC0415 - heavy
    from pyiceberg.catalog.sql import SqlCatalog  # noqa: PLC0415

    if target.startswith(CONFIGURED):
        try:
            return load_catalog(target.removeprefix(CONFIGURED))
        except ValueError as error:
            cause = f"is no catalogue that PyIceberg can open ({str(error).partition(chr(10))[0]})"
            raise BadInput(target, cause, "Configure it in .pyiceberg.yaml or the environment.") from error
    if "://" in target:
        remedy = f"Configure a catalogue for it with PyIceberg, and name it as {CONFIGURED}NAME."
        raise BadInput(target, "is no folder, and Iceberg needs a catalogue beside its files", remedy)
    folder = Path(target).absolute()
    make_folders(folder)
    return SqlCatalog(NAMESPACE, uri=f"sqlite:///{folder / _OWN}", warehouse=folder.as_uri())


@contextmanager
def _errors(thing: str) -> Iterator[None]:
    """Say what PyIceberg and its catalogue raise in the user's words."""
    try:
        from pyiceberg.exceptions import CommitFailedException  # noqa: PLC0415 - heavy
    except ImportError as error:
        raise BrokenEnvironment(
            "pyiceberg", "is not installed", "Run `pip install 'broadsheet[lakehouse]'`."
        ) from error
    try:
        with os_errors_of(thing):
            yield
    except BroadsheetError:
        raise
    except CommitFailedException as error:
        cause = f"another program changed it meanwhile ({error})"
        raise BrokenEnvironment(thing, cause, "Run the same command again.") from error
    except Exception as error:
        if isinstance(below := getattr(error, "orig", None), sqlite3.Error):
            raise from_sqlite_error(below, f"{thing}, its catalogue") from error
        if not _is_theirs(error):
            raise
        first, *_ = str(error).splitlines() or [""]
        raise BrokenEnvironment(thing, f"cannot be changed ({type(error).__name__}: {first})") from error


def _is_theirs(error: Exception) -> bool:
    """Whether it is an exception of their own, or was raised in their code."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    homes = (type(error).__module__, frame.f_globals.get("__name__", ""))
    return any(home.partition(".")[0] in ("pyiceberg", "sqlalchemy") for home in homes)
