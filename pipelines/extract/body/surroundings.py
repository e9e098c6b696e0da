"""What stands around a block, and what kind of block it is: the questions that the structure of a page answers."""

from __future__ import annotations

import re
from itertools import islice

from broadsheet.pipelines.extract.page.blocks import FORMULA, Block, Node
from broadsheet.pipelines.extract.page.hints import BIT, NOT_BODY
from broadsheet.pipelines.extract.page.words import FULL_STOPS

LINKED = 0.5  # share of linked characters from which a block is a link
ENDS = tuple(".!?…»”\"'。！？" + FULL_STOPS)
# without those of alerts and buttons, which an article may have
FURNITURE = (NOT_BODY | BIT["embed"]) & ~BIT["modal"] & ~BIT["form"]
OWN = frozenset({"aside", "nav", "footer", "form", "header", "figure", "figcaption"})  # elements beside the text
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_SENTENCE = 50  # characters of a linked paragraph
_OPENING = re.compile(r"accordion|collaps|toggle|faq|question", re.IGNORECASE)
_ACCORDION = re.compile(
    r"accordion|toggle|(?<!nav)(?<!navbar-)collaps|(?:^|[\s_-])faq|panel-(?:title|heading)", re.IGNORECASE
)
_AMP = "amp-accordion"  # its sections have no names
_OPENERS = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle")
# of a cell of a notebook: Jupyter's own pages, nbconvert's and nbsphinx'
_PROMPT = re.compile(r"(?:(In|Out)\s*)?\[[\s\d*]*\]\s*:?")
_PROMPT_COLUMNS = 12
_NEAR = 3  # elements of which one names the panel


def is_prompt(block: Block) -> bool:
    """Whether a block is the number of a notebook's cell: "In [3]:", or "[3]:" where a class names it so."""
    found = _PROMPT.fullmatch(block.text.strip()) if len(block.text) <= _PROMPT_COLUMNS else None
    if found is None:
        return False
    around = islice(block.node.up(), _NEAR)
    return found[1] is not None or any("prompt" in (one.element.get("class") or "").lower() for one in around)


def is_verbatim(block: Block) -> bool:
    """Whether a block is a listing or a formula, of which words say nothing."""
    if is_prompt(block):
        return False
    if block.node.tag == "pre" or (block.node.parent is not None and block.node.parent.tag == "pre"):
        return True
    return "math" in block.marked and all(run.style & FORMULA or not run.text.strip(" .,;") for run in block.runs)


def is_bare(node: Node, around: Node, *, but: int = 0) -> bool:
    """Whether no class and no element from *node* up to *around* speaks of furniture; the hints *but* do not count."""
    for one in node.up():
        if one is around:
            return True
        furniture = one.hints & FURNITURE & ~but
        if (one.tag in OWN and not (one.tag == "nav" and is_folded(one))) or (
            furniture and not (furniture == BIT["nav"] and is_folded(one))
        ):
            return False
    return False


def is_folded(node: Node) -> bool:
    """Whether an element is part of an accordion by its names or those near it: builders of pages call its parts tabs."""
    return any(_ACCORDION.search(above.element.get("class") or "") is not None for above in islice(node.up(), _NEAR))


def is_linked_sentence(block: Block) -> bool:
    """Whether a block is one link, and yet a sentence."""
    return block.link_density >= LINKED and len(block.text) >= _SENTENCE and block.text.rstrip().endswith(ENDS)


def list_of(node: Node) -> Node | None:
    """The innermost list around an element."""
    return next((above for above in node.up() if above.tag in {"ul", "ol", "dl"}), None)


def opens(node: Node) -> bool:
    """Whether the block opens and closes a part of the text, as a question opens its answer."""
    element = node.element
    if node.tag in _HEADINGS and any(above.tag == _AMP for above in islice(node.up(), _NEAR)):
        return True
    if node.tag in _HEADINGS and len(element) == 1:
        element = element[0]  # a link or a button is all that is in it
    if element.tag not in {"button", "a"} and element.get("role") != "button":
        return node.tag == "summary"
    named = element.tag == "button" and _OPENING.search(element.get("class") or "") is not None
    return named or any(element.get(name) for name in _OPENERS)


def is_panel(block: Block) -> bool:
    """Whether the block stands in what a question, or the head of a part, opens."""
    around = islice(block.node.up(), _NEAR)
    named = any(above.tag == _AMP or _OPENING.search(above.element.get("class") or "") is not None for above in around)
    return named and any(map(str.isalpha, block.text))


def is_on_card(node: Node) -> bool:
    """Whether an element is part of a card or a slide, by its names or those near it."""
    return any(above.hints & BIT["card"] for above in islice(node.up(), _NEAR))


def common(one: Node, other: Node) -> Node | None:
    """The innermost element that both stand in."""
    above = set(one.up())
    return next((node for node in other.up() if node in above), None)
