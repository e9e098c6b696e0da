"""Compaction: the rows of many small parts in few large sorted files."""
