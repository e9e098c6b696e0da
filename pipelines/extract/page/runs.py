"""Runs: the text of a block in pieces of one style, and its lines where they are paragraphs of their own.

`Part` is what stands in the tree, `Run` what a reader sees: single spaces, neighbours of one style joined.
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from broadsheet.pipelines.extract.page.words import FULL_STOPS

Part = tuple[str, int, str | None]  # text, style, href; a line break has style -1
BREAK: Part = ("\n", -1, None)
FEWEST_BREAKS = 2
_PARAGRAPH = 80  # letters
_PARAGRAPH_END = re.compile(rf"[.!?…。！？{FULL_STOPS}][\"'”’»）)」』]{{0,2}}$")


class Run(NamedTuple):
    """A piece of a block's text in one style (bits, BOLD to STRUCK), part of a link when ``href`` is not None."""

    text: str
    style: int
    href: str | None


new_run = partial(tuple.__new__, Run)  # as Run(...), without a call of Python


def lines_of_paragraphs(parts: list[Part]) -> list[list[Part]]:
    """The lines of a block each by itself, where several are paragraphs: long, and ended as sentences are; else the block."""
    lines: list[list[Part]] = [[]]
    for part in parts:
        if part is BREAK:
            lines.append([])
        else:
            lines[-1].append(part)
    texts = (" ".join("".join([text for text, _, _ in line]).split()) for line in lines)
    paragraphs = sum(len(text) >= _PARAGRAPH and _PARAGRAPH_END.search(text[-3:]) is not None for text in texts)
    return lines if paragraphs >= FEWEST_BREAKS else [parts]


def runs_of(parts: list[Part], *, pre: bool) -> tuple[Run, ...]:
    """The parts with their white space made single, and neighbours of one style joined."""
    if len(parts) == 1 and not pre:
        text, style, href = parts[0]
        text = " ".join(text.split())
        return (new_run((text, style, href)),) if text and style >= 0 else ()
    runs: list[Run] = []
    pieces: list[
        str
    ] = []  # of the run under way, joined once: a string that grows by every part is copied by every part
    current: tuple[int, str | None] = (0, None)
    gap = ""
    for text, style, href in parts:
        if style < 0:
            gap = "\n" if pieces else ""
            continue
        words = text.rstrip() if pre else " ".join(text.split())
        if pre and not pieces:
            words = words.lstrip("\n")  # the line end after <pre> is none (HTML, "the pre element")
        if not words or (pre and not words.strip()):
            if pieces:
                gap = gap + text if pre else gap or " "
            continue
        if pieces and not gap and not pre and text[0].isspace():
            gap = " "
        if pieces and current == (style, href):
            pieces += (gap, words)
        else:
            begins = gap if pieces and current != (0, None) and style == 0 and href is None else ""
            ends = gap if pieces and current == (0, None) else ""
            if pieces:
                runs.append(new_run(("".join(pieces) + ends, *current)))
                if gap and not begins and not ends:  # white space between two that are marked belongs to neither
                    runs.append(new_run((gap, 0, href if current[1] == href else None)))
            pieces = [begins, words]
            current = (style, href)
        gap = text[len(words) :] if pre else (" " if text[-1].isspace() else "")
    if pieces:
        runs.append(new_run(("".join(pieces), *current)))
    return tuple(runs)
