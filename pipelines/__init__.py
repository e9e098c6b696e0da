"""What flows through: capture (Exchange -> WARC + journal), extraction (Page -> Article), dataset (rows -> Parquet)."""
