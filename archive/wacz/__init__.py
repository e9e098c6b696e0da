"""WACZ: web archives as one zip file (WACZ 1.1.1); reading the WARCs inside, and packing."""

from archive.wacz.read import is_wacz, warc_sources

__all__ = ["is_wacz", "warc_sources"]
