"""WACZ: web archives as one zip file (WACZ 1.1.1); reading the WARCs inside, also of a torn one, and packing."""

from broadsheet.archive.wacz.read import inner_waczs, is_remote_wacz, is_wacz, unpacked_sources, warc_sources
from broadsheet.archive.wacz.salvage import Salvaged, salvaged_sources

__all__ = [
    "Salvaged",
    "inner_waczs",
    "is_remote_wacz",
    "is_wacz",
    "salvaged_sources",
    "unpacked_sources",
    "warc_sources",
]
