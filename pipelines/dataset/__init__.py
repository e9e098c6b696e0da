"""The dataset: rows into Parquet parts, published exactly once."""
