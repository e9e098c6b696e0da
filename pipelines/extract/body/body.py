"""Which blocks are the body: the model's judgement, and trafilatura's where the model is in doubt.

A page is in doubt when the blocks that might be body are not all surely so, or when surprisingly little of its running text is.
Asking costs several times what judging costs, so the sure pages are not asked about (figures in docs/decisions/0010).

Where the model, with that answer as evidence, finds no body on a page of few words, the answer is the body.  Not on larger
pages: of lists, and of those whose text their scripts bring, it is then a counter, a teaser or a notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.body.block_model import Evidence, weigh
from broadsheet.pipelines.extract.body.features import Scores, measure
from broadsheet.pipelines.extract.body.trafilatura_verdict import ask, membership
from broadsheet.pipelines.extract.body.witness import read_witness
from broadsheet.pipelines.extract.page.blocks import Block
from broadsheet.pipelines.extract.page.page import Page
from broadsheet.pipelines.extract.page.text_traits import TextTraits
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.role import Role, RoleSource

BODY = 0.55  # probability from which a block is body; between sure and this, whether it is depends on trafilatura
SURE = 0.8  # probability from which a block of links behind the text is body
# share of the page's candidate text that is misjudged by the model's own estimate, from which the page is in doubt
DOUBT = 0.2
_HELD = 0.15  # probability from which a block between two of the body is body, too, when all stand in one element
_FEW = 200  # characters of a page of few words
_STEPS = 65_535  # of a score: so that one that was kept is the one that was made


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """``body`` says for each block how it is body, or None; ``scores`` are the model's, or what of each block trafilatura
    took where its verdict is the body; ``asked`` is whether it was heard, ``evidence`` what the model judged by, None when an
    earlier judgement was taken over."""

    body: tuple[RoleAssignment | None, ...]
    scores: Scores
    evidence: Evidence | None
    asked: bool

    def to_bytes(self) -> bytes:
        """The judgement for another reading of the page: whether trafilatura was heard, and the scores."""
        return bytes((self.asked,)) + np.round(self.scores * _STEPS).astype("<u2").tobytes()


def judge_body(page: Page, said: Sequence[TextTraits], judgement: bytes = b"") -> Judged:
    """Judge all blocks of *page*; *said* is what each says, *judgement* what `Judged.to_bytes` gave for the same page, if that
    is known."""
    blocks = page.blocks
    if judgement and len(judgement) == 1 + 2 * len(blocks):
        scores = np.frombuffer(judgement, "<u2", offset=1) / _STEPS
        return _judged(blocks, scores, None, asked=bool(judgement[0]))
    if not blocks:
        return Judged((), np.zeros(0), None, asked=False)
    evidence = weigh(measure(page.layout, read_witness(page.root), said, host_of(page.url)))
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
    return _judged(blocks, np.round(scores * _STEPS) / _STEPS, evidence, asked=asked)


def _judged(
    blocks: Sequence[Block],
    scores: Scores,
    evidence: Evidence | None,
    *,
    asked: bool,
) -> Judged:
    role, source = Role.BODY, RoleSource.TRAFILATURA if asked else RoleSource.MODEL
    told = scores.tolist()
    body = [RoleAssignment(role, source, score) if score >= BODY else None for score in told]
    for at in range(1, len(told) - 1):
        if _HELD <= told[at] < BODY and min(told[at - 1], told[at + 1]) >= BODY and _belongs(blocks, at):
            body[at] = RoleAssignment(role, source, told[at])
    for at in range(_end(blocks, told), len(told)):
        if told[at] < SURE and blocks[at].link_density >= 0.5:
            body[at] = None
    return Judged(tuple(body), scores, evidence, asked)


def _end(blocks: Sequence[Block], told: Sequence[float]) -> int:
    """The place behind the last text that is surely body: links there are other articles, unless they are sure, too."""
    sure = (at for at in range(len(told) - 1, -1, -1) if told[at] >= SURE and blocks[at].link_density < 0.5)
    return next(sure, len(told)) + 1


def _belongs(blocks: Sequence[Block], at: int) -> bool:
    """Whether a block without links stands in the same element as the blocks on both sides: a heading, a short paragraph."""
    around = blocks[at].node.parent
    return not blocks[at].link_chars and blocks[at - 1].node.parent is around is blocks[at + 1].node.parent


def in_doubt(scores: Scores, chars: npt.NDArray[np.int64]) -> bool:
    """Whether the model's own scores say that it may well be wrong about this page."""
    if not len(scores):
        return False
    expected_error = (np.minimum(scores, 1 - scores) * chars).sum()
    body = (scores * chars).sum()
    return bool(expected_error > DOUBT * max(body, 1.0) or body < 600)


def host_of(url: str) -> str:
    """The host of *url* without "www.": links that lead elsewhere are told by it."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
