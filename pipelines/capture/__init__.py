"""Capture: an Exchange goes into the WARC and the journal, together or not at all."""
