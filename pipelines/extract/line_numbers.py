"""The numbers beside the lines of a listing, which highlighters put into a column of their own: no text of the article.

They are told by what they are, in any markup: a block of nothing but consecutive numbers, and the block after it is code of as
many lines.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.extract.blocks import Block
from pipelines.extract.filed import Filed

_SPARE = 2  # lines by which a listing and its numbers differ: blank ones at its end


def without_line_numbers(blocks: Sequence[Block], body: Sequence[Filed | None]) -> list[Filed | None]:
    """*body* without the line numbers in it."""
    kept = list(body)
    for number, block in enumerate(blocks[:-1]):
        if kept[number] is not None and block.text[0].isdigit() and _numbers(block, blocks[number + 1]):
            kept[number] = None
    return kept


def _numbers(block: Block, code: Block) -> bool:
    words = block.text.split()
    if not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
        return False
    first = int(words[0])
    if any(int(word) != first + at for at, word in enumerate(words)) or not _is_listing(code):
        return False
    return abs(code.text.rstrip().count("\n") + 1 - len(words)) <= _SPARE


def _is_listing(block: Block) -> bool:
    return any(node.tag == "pre" for node, _ in zip(block.node.up(), range(3), strict=False))
