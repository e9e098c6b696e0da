"""Checks that journal, WARC files, manifests and Parquet of a collection agree; `reconcile` yields what does not."""
