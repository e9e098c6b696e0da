"""Why each block of a page got its role: the reading of the extractor, told block by block.

The reason of a judged block are the measures that moved its score most (`Forest.reasons`); of one that the site decided,
on how many pages it stands; the others were named by markup or a rule, and the role's source says which.
"""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.pipelines.extract.article import PageReading
from broadsheet.pipelines.extract.roles.role import Role, RoleSource


@dataclass(frozen=True, slots=True)
class ExplainedBlock:
    """A block with its role and why: ``body_score`` is the model's probability that it is body, ``site_pages`` on how many
    pages of its site the same text stands (None without a profile), ``reasons`` what moved the score, strongest first."""

    ordinal: int
    role: Role
    role_source: RoleSource
    body_score: float
    site_pages: int | None
    dom_path: str
    reasons: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A page explained: what was found out about it, and its blocks in order; ``asked`` says that trafilatura was heard."""

    url: str
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    language: str | None
    asked: bool
    profiled: bool
    blocks: tuple[ExplainedBlock, ...]


def explain(reading: PageReading) -> Explanation:
    """Tell *reading*."""
    judged, metadata = reading.judged, reading.metadata
    assert judged.evidence is not None or not judged.scores.size, "explain a reading that judged the page itself"
    blocks = []
    for block, one in zip(reading.page.blocks, reading.roles, strict=True):
        reasons = judged.evidence.reasons(block.ordinal) if judged.evidence is not None else ()
        told = [f"{name}={value:.3g} ({moved:+.2f})" for name, value, moved in reasons]
        seen = reading.site[block.ordinal].pages if reading.site else None
        score = round(float(judged.scores[block.ordinal]), 4)
        blocks.append(
            ExplainedBlock(block.ordinal, one.role, one.source, score, seen, block.path, tuple(told), block.text)
        )
    return Explanation(
        reading.page.url,
        metadata.title,
        tuple(person.name for person in metadata.authors),
        metadata.date_published_raw,
        metadata.language,
        judged.asked,
        bool(reading.site),
        tuple(blocks),
    )
