"""Rows leave the dataset: JSON lines, CSV, Parquet, Markdown, text, a Hugging Face folder.  Streams; whole or not at all."""
