"""The standards and the collection on disk: WARC, WACZ, CDXJ, digests, the journal, verification.

This layer knows bytes and records.  It knows nothing of Scrapy, HTML or Parquet.
"""
