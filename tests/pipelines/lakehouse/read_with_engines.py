"""Reads tables of Delta Lake and Iceberg with PySpark and with DuckDB's extensions, in an environment of its own.

PySpark's client asks Sail, an engine that speaks Spark Connect and reads both formats; Spark's own connectors are Java
archives that no package of Python carries.  Arguments are ``FORMAT=FOLDER`` of a table; it prints {engine: {argument: rows}}
as JSON, of each row the columns of `COLUMNS` that the table has.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import duckdb_ext
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession

COLUMNS = ("collection", "base_id", "id", "record_id", "ordinal", "url", "role", "rel", "title", "word_count")


def chosen(names: list[str]) -> list[str]:
    return [name for name in COLUMNS if name in names]


tables = {argument: argument.split("=", 1) for argument in sys.argv[1:]}
found: dict[str, dict[str, list[list[object]]]] = {"duckdb": {}, "spark": {}}
with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as database:
    database.execute(f"SET extension_directory = '{Path(duckdb_ext.__path__[0]) / 'extensions'}'")
    for format_ in ("avro", "iceberg", "delta"):
        database.execute(f"LOAD {format_}")
    database.execute("SET unsafe_enable_version_guessing = true")
    for argument, (format_, folder) in tables.items():
        relation = database.sql(f"SELECT * FROM {format_}_scan('{folder}')")
        rows = relation.select(*chosen(relation.columns)).fetchall()
        found["duckdb"][argument] = [list(row) for row in rows]
server = SparkConnectServer("127.0.0.1", 0)
server.start(background=True)
host, port = server.listening_address
spark = SparkSession.builder.remote(f"sc://{host}:{port}").getOrCreate()
for argument, (format_, folder) in tables.items():
    frame = spark.read.format(format_).load(folder)
    found["spark"][argument] = [list(row) for row in frame.select(*chosen(frame.columns)).collect()]
spark.stop()
server.stop()
print(json.dumps(found))
