"""What a page says of its rights, as the values of one facet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_CREATIVE_COMMONS = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)(?:/(\d\.\d))?", re.IGNORECASE)
_NO_AI = re.compile(r"\bno(?:image)?ai\b", re.IGNORECASE)


def rights_of(row: Mapping[str, Any]) -> list[str]:
    """In a few words: the licence, reservations, a paywall; ``nothing stated``."""
    said = []
    if licence := row["license_url"]:
        found = _CREATIVE_COMMONS.search(licence)
        said.append(f"CC {found[1].upper()} {found[2] or ''}".strip() if found else "a licence of its own")
    if row["tdm_reservation"] == 1:
        said.append("text mining reserved")
    if _NO_AI.search(row["robots_meta"] or ""):
        said.append("no AI")
    if row["is_paywalled"]:
        said.append("paywalled")
    return said or ["nothing stated"]
