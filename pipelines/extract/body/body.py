"""Which blocks are the body: the block model decides, with trafilatura's verdict as evidence where the model is in doubt.

The model is in doubt about a page when its scores expect an error of a fifth of the body, or when the body is short.
trafilatura costs several times as much as the model, so only these pages are given to it (figures in docs/decisions/0010).

On a page of few words where the model still finds no body, trafilatura's text is the body. On larger pages it is not: there
it is a counter, a teaser or a notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.body.block_model import Evidence, weigh
from broadsheet.pipelines.extract.body.features import Scores, measure
from broadsheet.pipelines.extract.body.meta_texts import read_meta_texts
from broadsheet.pipelines.extract.body.trafilatura_verdict import ask, membership
from broadsheet.pipelines.extract.page.blocks import Block
from broadsheet.pipelines.extract.page.page import Page
from broadsheet.pipelines.extract.page.text_traits import TextTraits
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.role import Role, RoleSource

BODY = 0.55  # probability from which a block is body
SURE = 0.8  # probability from which a block of links behind the text is body
# share of the page's candidate text that is misjudged by the model's own estimate, from which the page is in doubt
DOUBT = 0.2
_BETWEEN = 0.15  # probability from which a block between two body blocks of the same element is body
_FEW = 200  # characters of a page of few words
_STEPS = 65_535  # of a score: so that one that was kept is the one that was made


@dataclass(frozen=True, slots=True, eq=False)
class BodyDecision:
    """``body`` has for each block its assignment to the body, or None; ``scores`` the probability of each block (where
    trafilatura's text is the body: the share of the block that is in it); ``asked`` says whether trafilatura was asked;
    ``evidence`` is what the model decided by, None when the decision of an earlier reading was taken over."""

    body: tuple[RoleAssignment | None, ...]
    scores: Scores
    evidence: Evidence | None
    asked: bool

    def to_bytes(self) -> bytes:
        """The decision for a later reading of the page: one byte that says whether trafilatura was asked, then two a block."""
        return bytes((self.asked,)) + np.round(self.scores * _STEPS).astype("<u2").tobytes()


def decide_body(page: Page, traits: Sequence[TextTraits], earlier: bytes = b"") -> BodyDecision:
    """Decide which blocks of *page* are body. *traits* are those of its texts; *earlier* is what `BodyDecision.to_bytes`
    gave for the same page, if it was read before; what `metadata_to_bytes` gave may stand behind it."""
    blocks = page.blocks
    kept = decision_bytes(len(blocks))
    if earlier and len(earlier) >= kept and earlier[kept : kept + 1] in {b"", b"{"}:
        scores = np.frombuffer(earlier, "<u2", count=len(blocks), offset=1) / _STEPS
        return _decision(blocks, scores, None, asked=bool(earlier[0]))
    if not blocks:
        return BodyDecision((), np.zeros(0), None, asked=False)
    evidence = weigh(measure(page.layout, read_meta_texts(page.root), traits, host_of(page.url)))
    scores = evidence.alone()
    asked = False
    chars = np.array([len(block.text) for block in blocks])
    if in_doubt(scores, chars):
        verdict = ask(page.root, page.url)
        if verdict is not None:
            asked = True
            shares = membership(blocks, verdict)
            scores = evidence.with_verdict(shares)
            if scores.max() < BODY and chars.sum() < _FEW:
                scores = np.where([block.link_density < 0.5 for block in blocks], shares, 0.0)
    return _decision(blocks, np.round(scores * _STEPS) / _STEPS, evidence, asked=asked)


def decision_bytes(blocks: int) -> int:
    """How many bytes `BodyDecision.to_bytes` gives for a page of so many *blocks*."""
    return 1 + 2 * blocks


def _decision(
    blocks: Sequence[Block],
    scores: Scores,
    evidence: Evidence | None,
    *,
    asked: bool,
) -> BodyDecision:
    role, source = Role.BODY, RoleSource.TRAFILATURA if asked else RoleSource.MODEL
    values = scores.tolist()
    body = [RoleAssignment(role, source, score) if score >= BODY else None for score in values]
    for at in range(1, len(values) - 1):
        if _BETWEEN <= values[at] < BODY and min(values[at - 1], values[at + 1]) >= BODY and _belongs(blocks, at):
            body[at] = RoleAssignment(role, source, values[at])
    for at in range(_end(blocks, values), len(values)):
        if values[at] < SURE and blocks[at].link_density >= 0.5:
            body[at] = None
    return BodyDecision(tuple(body), scores, evidence, asked)


def _end(blocks: Sequence[Block], values: Sequence[float]) -> int:
    """The place after the last text that is surely body. Links after it are other articles unless they are sure, too."""
    sure = (at for at in range(len(values) - 1, -1, -1) if values[at] >= SURE and blocks[at].link_density < 0.5)
    return next(sure, len(values)) + 1


def _belongs(blocks: Sequence[Block], at: int) -> bool:
    """Whether a block has no links and stands in the same element as its neighbours, as a heading or a short paragraph does."""
    around = blocks[at].node.parent
    return not blocks[at].link_chars and blocks[at - 1].node.parent is around is blocks[at + 1].node.parent


def in_doubt(scores: Scores, chars: npt.NDArray[np.int64]) -> bool:
    """Whether the scores say that the model may be wrong about this page."""
    if not len(scores):
        return False
    expected_error = (np.minimum(scores, 1 - scores) * chars).sum()
    body = (scores * chars).sum()
    return bool(expected_error > DOUBT * max(body, 1.0) or body < 600)


def host_of(url: str) -> str:
    """The host of *url* without "www.", by which links to other sites are recognised."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
