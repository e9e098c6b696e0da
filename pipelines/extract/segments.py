"""From blocks to segments: every block of visible text is filed under a role, nothing is thrown away.

For now there is one judge, trafilatura: a block is body when the verdict's text holds it.  Its tag says what kind of
body.  Site profiles and roles for all the rest (captions, related lists, author boxes) are to come in here.
"""

from __future__ import annotations

from hashlib import blake2b

from pipelines.extract.body_verdict import Verdict
from pipelines.extract.model import Segment
from pipelines.extract.page import Block, Page

_TAG_ROLES = {"li": "list", "blockquote": "quote", "pre": "code", "td": "table", "th": "table"}
_LINKS = 0.8  # share of linked characters from which a block is a link and not text
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def file_segments(page: Page, verdict: Verdict | None) -> tuple[Segment, ...]:
    """The segments of *page*, in its order; their texts together are its visible text."""
    body = _Body("" if verdict is None else verdict.text)
    headline = "" if verdict is None else fold(verdict.title or "")
    return tuple(_segment(number, block, body, headline) for number, block in enumerate(page.blocks))


class _Body:
    """The verdict's text, ready to be asked whether a block is in it."""

    def __init__(self, text: str) -> None:
        self._lines = {fold(line.removeprefix("- ")) for line in text.splitlines()}
        self._words = f" {fold(text)} "

    def holds(self, words: str, block: Block) -> bool:
        if words in self._lines:
            return True
        # A line may hold several blocks (cells of a table) but hardly one that is nothing but links.
        return block.link_density < _LINKS and f" {words} " in self._words


def fold(text: str) -> str:
    """*text* in lower case with single spaces: what is compared, however it was set."""
    return " ".join(text.lower().split())


def _segment(number: int, block: Block, body: _Body, headline: str) -> Segment:
    words = fold(block.text)
    role, source = "other", None
    if words and block.tag == "h1" and headline.startswith(words):
        role, source = "headline", "markup"
    elif words and body.holds(words, block):
        role, source = _body_role(block), "trafilatura"
    return Segment(
        ordinal=number,
        role=role,
        role_source=source,
        text=block.text,
        tag=block.tag,
        dom_path=block.path,
        link_density=round(block.link_density, 4),
        block_hash=int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big", signed=True),
    )


def _body_role(block: Block) -> str:
    if block.tag in _HEADINGS:
        return "heading"
    return next((_TAG_ROLES[tag] for tag in reversed(block.path.split("/")) if tag in _TAG_ROLES), "body")
