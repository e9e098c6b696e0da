"""Text that is no block of the page: markup or plain text to paragraphs, and whether they are running text."""

from __future__ import annotations

import html
import re

from broadsheet.pipelines.extract.page.blocks import WITHIN, Block, lay_out
from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.page.page import parse_html

ENOUGH = 400  # characters of embedded text, from which it is an article
_SENTENCES = 3
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_END = re.compile(r"[.!?…](?=[\s\"'”»)]|$)|[。！？]", re.MULTILINE)
_FIGURE, _CAPTION = 1 << WITHIN.index("figure"), BIT["caption"]


def paragraphs(text: str) -> str:
    """*text*, which may have markup in it, as paragraphs parted by empty lines; without captions and what is mostly links."""
    if "&lt;" in text and "<" not in text:  # markup that was escaped once more
        text = html.unescape(text)
    if _TAG.search(text) is None:
        lines = html.unescape(text).splitlines()
    else:
        root = parse_html(text)
        blocks = () if root is None else lay_out(root).blocks
        lines = [line for block in blocks if _is_running(block) for line in block.text.splitlines()]
    return "\n\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def is_article(text: str) -> bool:
    """Whether *text* is long enough to be one, and made of sentences."""
    return len(text) >= ENOUGH and len(_END.findall(text)) >= _SENTENCES


def _is_running(block: Block) -> bool:
    node = block.node
    return block.link_density < 0.5 and not node.within & _FIGURE and not node.chain & _CAPTION
