"""What was stripped: every block of the page in its order, what it is to the page, why, and on how many pages of the site it
stands.  Nothing of a page is thrown away, so all that was seen is here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.dataset.records import SegmentRow
from broadsheet.pipelines.extract.roles.role import ROLE_OF_NAME, RoleSource
from broadsheet.serve.article.frame import ArticleHead, article_view, head_of, rows_of
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

_SOURCES = {str(source): source.doc for source in RoleSource}


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block; ``kept``: it is in the text; ``why`` in words; ``pages`` of the site have it; ``score`` is 0 to 1."""

    ordinal: int
    role: str
    group: str
    kept: bool
    text: str
    why: str
    source: str
    pages: int | None
    score: float | None
    tag: str | None
    dom_path: str | None
    link_density: float | None


@dataclass(frozen=True, slots=True)
class RoleTotal:
    """How many blocks and characters have a role."""

    role: str
    group: str
    doc: str
    blocks: int
    characters: int


@dataclass(frozen=True, slots=True)
class StrippedBlocks:
    """The blocks shown, and all of them counted by role."""

    head: ArticleHead
    show: str
    kept_characters: int
    characters: int
    roles: tuple[RoleTotal, ...]
    blocks: tuple[PageBlock, ...]


def blocks_page(served: ServedCollection, request: Request) -> View:
    """All blocks; ``show=stripped`` those that are not in the text, ``show=ROLE`` those of one role."""
    rows = rows_of(served, request)
    segments = rows.segments()
    if not segments:
        head = head_of(served, rows.article)
        raise BadInput(
            head.url, "the table segments has no blocks of this page", "Run `broadsheet extract` with that table."
        )
    show = request.query_params.get("show", "all")
    blocks = [_block(one) for one in segments]
    chosen = [one for one in blocks if show in ("all", one.role) or (show == "stripped" and not one.kept)]
    data = StrippedBlocks(
        head=head_of(served, rows.article),
        show=show if chosen else "all",
        kept_characters=sum(len(one.text) for one in blocks if one.kept),
        characters=sum(len(one.text) for one in blocks),
        roles=_totals(blocks),
        blocks=tuple(chosen or blocks),
    )
    return article_view("blocks.html", data.head, "blocks", data)


def _block(segment: SegmentRow) -> PageBlock:
    source, _, reason = (segment.role_source or "").partition(":")
    role = ROLE_OF_NAME.get(segment.role)
    return PageBlock(
        segment.ordinal,
        segment.role,
        str(role.group) if role else "other",
        segment.char_start is not None,
        segment.text,
        reason.strip() or _SOURCES.get(source, ""),
        source,
        segment.site_page_count,
        segment.role_score,
        segment.tag,
        segment.dom_path,
        segment.link_density,
    )


def _totals(blocks: Sequence[PageBlock]) -> tuple[RoleTotal, ...]:
    counts: Counter[str] = Counter(one.role for one in blocks)
    sizes: Counter[str] = Counter()
    for one in blocks:
        sizes[one.role] += len(one.text)
    known = [role for role in ROLE_OF_NAME.values() if counts[str(role)]]
    return tuple(RoleTotal(str(role), str(role.group), role.doc, counts[role], sizes[role]) for role in known)
