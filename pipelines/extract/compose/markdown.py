"""A block of the body as Markdown (CommonMark): its runs with their marks, a listing with its language."""

from __future__ import annotations

import re

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.compose.code_language import language_of
from broadsheet.pipelines.extract.extraction import Image
from broadsheet.pipelines.extract.page.blocks import BOLD, CODE, FORMULA, ITALIC, STRUCK, Block
from broadsheet.pipelines.extract.page.footnotes import NOTE

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_LINE_START = re.compile(r"^(\s*)([-+>]|#{1,6})(?=\s)|^(\s*\d{1,9})([.)])(?=\s)")
_TASK = re.compile(r"\\\[([ x])\\\] ")
_SIGNS = ((STRUCK, "~~"), (ITALIC, "*"), (BOLD, "**"))
_FENCES = re.compile(r"^\s*(`{3,})", re.M)


def escaped(text: str) -> str:
    """A paragraph of plain *text* that Markdown takes as it is."""
    return _LINE_START.sub(_escape, _SPECIAL.sub(r"\\\1", text))


def paragraph(block: Block, resolver: Resolver) -> str:
    """A block that begins a line, with hard line breaks."""
    return _LINE_START.sub(_escape, inline(block, resolver)).replace("\n", "  \n")


def item_text(block: Block, resolver: Resolver) -> str:
    """An item of a list, without its mark; the box of a task ("[x]") stands as it is."""
    text = inline(block, resolver)
    return _TASK.sub(r"[\1] ", text, count=1) if text.startswith("\\[") and _TASK.match(text) else text


def _escape(found: re.Match[str]) -> str:
    """What begins a line as a list, a quotation or a heading does, with a backslash before its sign (CommonMark 2.4)."""
    before, sign = found[1] or found[3] or "", found[2] or found[4]
    return f"{before}\\{sign}"


def heading(block: Block, level: int, resolver: Resolver) -> str:
    """A heading; what is bold in it is not told."""
    return f"{'#' * level} {inline(block, resolver, plain=BOLD)}".replace("\n", " ")


def fence(block: Block) -> str:
    """A listing, with its language where the page names it; the fence is longer than any in the listing."""
    longest = max((len(found) for found in _FENCES.findall(block.text)), default=2)
    mark = "`" * (longest + 1)
    return f"{mark}{language_of(block.node)}\n{block.text}\n{mark}"


def picture(image: Image) -> str:
    """An image; on a line of its own below it the caption in italics, and the credit."""
    alternative = " ".join(_SPECIAL.sub(r"\\\1", image.alt_text or "").split())
    words = [f"*{escaped(' '.join(image.caption.split()))}*"] if image.caption else []
    words += [escaped(" ".join(image.credit.split()))] if image.credit else []
    return f"![{alternative}]({_quoted(image.image_url)})" + (f"  \n{' '.join(words)}" if words else "")


def inline(block: Block, resolver: Resolver, *, plain: int = 0) -> str:
    """The runs of a block; styles in *plain* are left out.  Formulas and footnotes' labels stand as they are."""
    parts = []
    with_formulas = any(run.style & FORMULA for run in block.runs)
    for text, run_style, href in block.runs:
        words = text.strip()
        if not words:
            parts.append(text)
            continue
        style = run_style & ~plain
        marked = words
        if style & FORMULA:
            parts.append(text)
            continue
        if style & CODE:
            marked = f"`{words}`" if "`" not in words else f"`` {words} ``"
        elif href is not None and words[:2] == "[^" and NOTE.fullmatch(words):
            href = None
        elif _SPECIAL.search(words) is not None:
            marked = _SPECIAL.sub(r"\\\1", words)
        if with_formulas and not style & CODE:
            marked = marked.replace("$", "\\$")
        for bit, sign in _SIGNS if style else ():
            if style & bit:
                marked = f"{sign}{marked}{sign}"
        if href:
            marked = f"[{marked}]({_target(href, resolver)})"
        if len(words) == len(text):
            parts.append(marked)
        else:
            at = text.index(words)
            parts += (text[:at], marked, text[at + len(words) :])
    return "".join(parts)


def _target(href: str, resolver: Resolver) -> str:
    return _quoted(resolver.target(href) or href)


def _quoted(target: str) -> str:
    return target.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("\n", "")
