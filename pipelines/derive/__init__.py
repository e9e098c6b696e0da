"""Derivation: workers turn settled parts of WARC files into published parts of the dataset."""
