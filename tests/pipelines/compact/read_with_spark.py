"""Reads folders of Parquet with PySpark, in an environment of its own; prints {folder: {types, rows}} as JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from typing import Any

from pyspark.sql import SparkSession


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
builder = builder.config("spark.sql.session.timeZone", "UTC").config("spark.driver.bindAddress", "127.0.0.1")
spark = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
found = {}
for folder in sys.argv[1:]:
    frame = spark.read.parquet(folder)
    rows = [plain(row.asDict(recursive=True)) for row in frame.collect()]
    found[folder] = {"types": dict(frame.dtypes), "rows": rows}
print(json.dumps(found))
spark.stop()
