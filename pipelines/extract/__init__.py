"""Extraction: PageRecord -> Page -> Segments -> Article."""
