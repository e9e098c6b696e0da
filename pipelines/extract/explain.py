"""Why each block of a page got its role.

For the block model, the reasons are the measures that moved a block's score most (`Forest.reasons`); for the site's profile,
on how many pages the text stands. A role by markup or by rule is explained by its source alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.pipelines.extract.article import PageReading
from broadsheet.pipelines.extract.roles.role import Role


@dataclass(frozen=True, slots=True)
class ExplainedBlock:
    """A block with its role and why: ``body_score`` is the model's probability that it is body, ``site_pages`` on how many
    pages of its site the same text stands (None without a profile), ``reasons`` what moved the score, strongest first."""

    ordinal: int
    role: Role
    role_source: str
    body_score: float
    site_pages: int | None
    dom_path: str
    reasons: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A page explained: what was found out about it, and its blocks in order. ``asked``: trafilatura was asked;
    ``profiled``: the site has a profile."""

    url: str
    title: str | None
    authors: tuple[str, ...]
    published: str | None
    language: str | None
    asked: bool
    profiled: bool
    blocks: tuple[ExplainedBlock, ...]


def explain(reading: PageReading) -> Explanation:
    """The explanation of *reading*, which must have decided on the body itself."""
    decision, metadata = reading.decision, reading.metadata
    assert decision.evidence is not None or not decision.scores.size, (
        "an earlier decision was taken over: read anew to explain"
    )
    blocks = []
    for block, one in zip(reading.page.blocks, reading.roles, strict=True):
        reasons = decision.evidence.reasons(block.ordinal) if decision.evidence is not None else ()
        shown = [f"{name}={value:.3g} ({moved:+.2f})" for name, value, moved in reasons]
        seen = reading.site[block.ordinal].pages if reading.site else None
        score = round(float(decision.scores[block.ordinal]), 4)
        blocks.append(
            ExplainedBlock(block.ordinal, one.role, one.told, score, seen, block.path, tuple(shown), block.text)
        )
    return Explanation(
        reading.page.url,
        metadata.title,
        tuple(person.name for person in metadata.authors),
        metadata.date_published_raw,
        metadata.language,
        decision.asked,
        bool(reading.site),
        tuple(blocks),
    )
