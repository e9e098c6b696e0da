"""An extraction into tables of Apache Iceberg or Delta Lake, by their own engines (PyIceberg, delta-rs)."""
