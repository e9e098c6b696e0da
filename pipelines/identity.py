"""Who extracts: the name and id that every row carries, known without loading the extractor and its parsers; and the
versions that decide about rows, all in one place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version

EXTRACTOR_VERSION = "40"  # raise it with every change that can change a row
SCHEMA_VERSION = "1.3.0"  # of the tables; additive changes raise the second number
QUALITY_VERSION = "3"  # raise it with every change that can change a quality flag


@dataclass(frozen=True, slots=True)
class ExtractionIdentity:
    """``name`` is name==version; ``extraction_id`` 16 hex digits over everything that decides about the rows; ``base_id``
    the same but for the site profiles."""

    name: str
    extraction_id: str
    base_id: str


def extraction_identity(profiles_id: str = "", wanted: str = "", options: str = "") -> ExtractionIdentity:
    """The identity of the article extractor with the site profiles of that id, the filters *wanted* and the *options*, each ""
    for none."""
    name = f"broadsheet=={version('broadsheet')}"
    libraries = [
        f"{library}=={version(library)}" for library in ("trafilatura", "chardet")
    ]  # their versions change rows
    parts = (name, EXTRACTOR_VERSION, *libraries, SCHEMA_VERSION, QUALITY_VERSION)

    def digest(profiles: str) -> str:
        given = [text for text in (wanted, options) if text]
        return hashlib.sha256("\n".join((*parts, profiles, *given)).encode()).hexdigest()[:16]

    return ExtractionIdentity(name, digest(profiles_id), digest(""))
