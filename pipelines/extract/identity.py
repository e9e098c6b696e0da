"""Who extracts: the name and id that every row carries, known without loading the extractor and its parsers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version

from pipelines.dataset.manifest import SCHEMA_VERSION

EXTRACTOR_VERSION = "1"  # raise it with every change that can change a row


@dataclass(frozen=True, slots=True)
class ExtractionIdentity:
    """``name`` is name==version; ``extraction_id`` 16 hex digits over everything that decides about the rows."""

    name: str
    extraction_id: str


def extraction_identity(profile_id: str = "") -> ExtractionIdentity:
    """The identity of the article extractor with the site profile of that id."""
    name = f"broadsheet=={version('broadsheet')}"
    parts = (name, EXTRACTOR_VERSION, f"trafilatura=={version('trafilatura')}", SCHEMA_VERSION, profile_id)
    return ExtractionIdentity(name, hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16])
