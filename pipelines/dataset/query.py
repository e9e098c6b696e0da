"""SQL over a collection: DuckDB (this is its one home), with a view for each table of one extraction, and one of the newest
version of each article.

The database is in memory and knows nothing but those Parquet files: they are the only allowed paths, access to anything else
(files, network, extensions, Python's variables) is switched off, and the configuration is locked before the query
is looked at.  One statement, which reads; results come as a stream of Arrow batches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import duckdb
import pyarrow as pa

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import temporary_folder
from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment, CorruptArchive
from broadsheet.archive.generations import present
from broadsheet.pipelines.dataset.current import Selection, select
from broadsheet.pipelines.dataset.schema import TABLES

_READING = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
_COLUMN = re.compile(r'column "([^"]+)" not found|have a column named "([^"]+)"', re.IGNORECASE)
_TABLE = re.compile(r"Table with name \"?(\w+)\"? does not exist")
_DAMAGED = re.compile(r'Failed to read file "([^"]+)": (.*)')
BATCH_ROWS = 1_000
LATEST = "articles_latest"  # the view of each URL's newest row
FETCH_MONTH = "fetch_month"
_NEWEST_OF_URL = (  # the order is that of `broadsheet.pipelines.dataset.newest`
    "QUALIFY row_number() OVER"
    " (PARTITION BY url ORDER BY fetch_time DESC NULLS LAST, warc_filename DESC, warc_record_offset DESC) = 1"
)
_FEW_THREADS = 2  # where memory is scarce: each reads a row group of its own


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a query gives: ``schema``, and ``batches`` that can be read once."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


@contextmanager
def querying(
    collection: Collection, sql: str, extraction: str | None = None, *, memory: int | None = None
) -> Iterator[QueryResult]:
    """Run *sql* over the tables of *collection*: of the current extraction, or of the one named.

    It takes *memory* bytes at most, None: as many as DuckDB takes (80 % of the machine's); what needs more is spilled to a
    temporary folder, or is refused.

    Raises:
        BadInput: the query is wrong, or does more than read; there is no dataset.
        BrokenEnvironment: the machine has too little memory.
        CorruptArchive: a file of the dataset is gone or damaged.
    """
    selection = _where_it_lies(collection, select(collection, extraction))
    with temporary_folder("query") as spill, duckdb.connect(":memory:") as database:
        try:
            if memory is not None:
                database.execute(f"SET memory_limit = '{memory} bytes'")
                database.execute(f"SET threads = {_FEW_THREADS}")
            _fill(database, selection, _named(sql), Path(spill))
        except duckdb.OutOfMemoryException as error:
            remedy = "Free some, or raise the limit of this process (`ulimit -v`)."
            raise BrokenEnvironment(
                str(collection.directory), "there is too little memory to open its tables", remedy
            ) from error
        except duckdb.Error as error:
            cause = f"its tables cannot be read: {str(error).partition(chr(10))[0]}"
            raise CorruptArchive(str(collection.directory), cause, "Run `broadsheet verify` on it.") from error
        try:
            statements = duckdb.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in _READING:
                raise BadInput(
                    "the query", "is not one SELECT", "Write one statement that reads; nothing can be changed."
                )
            reader = database.sql(sql).to_arrow_reader(BATCH_ROWS)
            names = _different(reader.schema.names)
            schema = pa.schema([field.with_name(name) for name, field in zip(names, reader.schema)])
            yield QueryResult(schema, _said(reader, names, selection))
        except (duckdb.Error, pa.ArrowException) as error:  # Arrow: Parquet has no such type
            raise _refused(error, selection) from error


def _where_it_lies(collection: Collection, selection: Selection) -> Selection:
    files = {name: tuple(present(collection.dataset, path) for path in some) for name, some in selection.files.items()}
    return replace(selection, files=files)


def _named(sql: str) -> frozenset[str]:
    """The tables that *sql* asks: a damaged file of another one does not matter.  All of them where that cannot be told."""
    names: frozenset[str] = frozenset()
    with duckdb.connect(
        ":memory:", config={"enable_external_access": "false"}
    ) as shut:  # it looks at files that are named
        try:
            statements = duckdb.extract_statements(sql)
            if len(statements) == 1 and statements[0].type is duckdb.StatementType.SELECT:
                named = {name.lower() for name in shut.get_table_names(sql)}
                names = frozenset(TABLES) & (named | ({"articles"} if LATEST in named else set()))
        except duckdb.Error:  # said again, better, when it is run
            pass
    return names or frozenset(TABLES)


def _fill(database: duckdb.DuckDBPyConnection, selection: Selection, asked: frozenset[str], spill: Path) -> None:
    """Make the views of the tables *asked*, then lock everything else out."""
    files = [path for paths in selection.files.values() for path in paths]
    settings = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
        "TimeZone": "'UTC'",
        "temp_directory": _quoted(spill),
        "allowed_paths": _listed(files),
    }
    for name, value in settings.items():
        database.execute(f"SET {name} = {value}")
    for table, schema in TABLES.items():
        if table in selection.missing or (table == "signatures" and not selection.files[table]) or table not in asked:
            continue
        if paths := selection.files[table]:
            own = "" if table == "captures" else f" WHERE extraction_id IN ({_texts(selection.extraction_ids)})"
            source = f"read_parquet({_listed(paths)}, union_by_name = true, hive_partitioning = false){own}"
            _create_view(database, table, source)
        else:
            months = [pa.field(FETCH_MONTH, pa.string())] if "fetch_time" in schema.names else []
            database.from_arrow(pa.schema([*schema, *months]).empty_table()).create(table)
        if table == "articles":
            database.execute(f"CREATE VIEW {LATEST} AS SELECT * FROM articles {_NEWEST_OF_URL}")  # noqa: S608 - our words
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")


def _create_view(database: duckdb.DuckDBPyConnection, table: str, source: str) -> None:
    """Let *table* be the rows of *source*, with the month of fetching as the folders of the files name it."""
    month = f", strftime(fetch_time, '%Y-%m') AS {FETCH_MONTH}" if "fetch_time" in TABLES[table].names else ""
    try:
        database.execute(f"CREATE VIEW {table} AS SELECT *{month} FROM {source}")  # noqa: S608 - quoted, all of it
    except duckdb.BinderException:  # rows of schema version 1.0: only articles and captures have a time
        database.execute(f"CREATE VIEW {table} AS SELECT * FROM {source}")  # noqa: S608


def _different(names: list[str]) -> list[str]:
    """*names*, a second ``id`` called ``id_2``: two columns of one name would be one in JSON."""
    found: list[str] = []
    for name in names:
        number, free = 1, name
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found.append(free)
    return found


def _said(reader: pa.RecordBatchReader, names: list[str], selection: Selection) -> Iterator[pa.RecordBatch]:
    try:
        for batch in reader:
            yield batch.rename_columns(names)
    except (duckdb.Error, pa.ArrowException) as error:  # found out when rows are read: a cast, a division
        raise _refused(error, selection) from error


def _refused(error: Exception, selection: Selection) -> BroadsheetError:
    """Why there is no answer: a file of the tables is damaged, or the query is wrong."""
    damaged = _DAMAGED.search(str(error))
    files = {str(path.resolve()) for some in selection.files.values() for path in some} if damaged else set()
    if damaged is not None and damaged[1] in files:
        return CorruptArchive(damaged[1], f"cannot be read ({damaged[2]})", "Delete it, and extract again.")
    return _bad_query(error, selection)


def _bad_query(error: Exception, selection: Selection) -> BadInput:
    message = str(error).partition("\n")[0].rstrip("!.")
    cause = message.partition("Error: ")[2] or message
    have = [
        name for name in TABLES if name not in selection.missing and (selection.files[name] or name != "signatures")
    ]
    if (table := _TABLE.search(message)) is not None:
        if table.group(1) == "signatures":
            return BadInput("the query", cause, "`broadsheet dedupe` makes that table.")
        if table.group(1) in TABLES:
            return BadInput("the query", cause, f"`broadsheet extract DIR --tables {table.group(1)}` makes that table.")
        return BadInput("the query", cause, f"The tables are: {', '.join(have)}.")
    if (column := _COLUMN.search(message)) is not None:
        wanted = (column.group(1) or column.group(2)).rpartition(".")[2]
        columns = {f"{table}.{name}": name for table in have for name in (*TABLES[table].names, FETCH_MONTH)}
        near = get_close_matches(wanted.lower(), sorted(set(columns.values())), 3, 0.5)
        named = [full for name in near for full, short in columns.items() if short == name]
        hint = f"Near it are: {', '.join(named)}." if named else "`broadsheet schema` lists the columns."
        return BadInput("the query", cause, hint)
    if "disabled by configuration" in message or "disabled through configuration" in message:
        return BadInput("the query", cause, f"It can read the tables only: {', '.join(have)}.")
    where = next((line for line in str(error).splitlines() if line.startswith("LINE ")), "")
    return BadInput("the query", cause, f"See {where.strip()}" if where else "")


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _texts(texts: tuple[str, ...]) -> str:
    return ", ".join(_quoted(text) for text in texts)


def _listed(paths: list[Path] | tuple[Path, ...]) -> str:
    return f"[{', '.join(_quoted(path.resolve()) for path in paths)}]"
