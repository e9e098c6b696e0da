"""What belongs to the body by the structure of the page, and what does not, whatever each block's own score says.

The block model scores blocks one by one, and short ones hardly tell what they are: the last item of a list, a cell, the second
ingredient.  Structure does: a table or a list is body as a whole, a note is where its reference is, a line between two
paragraphs of one element belongs there, as do the lines after the last of them.  Only what no class, no link and no word names
as furniture is taken in, and only from a score that the model gives to such blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from broadsheet.pipelines.extract.body.another import branches, end_of_article
from broadsheet.pipelines.extract.body.notices import is_notice, is_pointer
from broadsheet.pipelines.extract.body.surroundings import (
    ENDS,
    FURNITURE,
    LINKED,
    OWN,
    common,
    is_bare,
    is_folded,
    is_linked_sentence,
    is_on_card,
    is_panel,
    is_prompt,
    is_verbatim,
    list_of,
    opens,
)
from broadsheet.pipelines.extract.page.blocks import Block, Layout, Node
from broadsheet.pipelines.extract.page.code_lines import LANGUAGE, NUMBERS
from broadsheet.pipelines.extract.page.footnotes import NOTE
from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.page.keywords import KEYWORD_BIT
from broadsheet.pipelines.extract.page.tooltips import TOOLTIP
from broadsheet.pipelines.extract.roles.assign import is_data_table
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.evidence import BIT_WITHIN, says_what_is_shown, says_who_took_it
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import Role, RoleSource

Body = list[RoleAssignment | None]

_BETWEEN = 0.1  # score from which a line between two paragraphs of one element belongs to them
_AFTER = 0.06  # ... and one after the last of them
_VERBATIM = 0.03  # score from which a listing, a formula or a part of an accordion amid the text belongs to it
_SURE = 0.8  # score of a paragraph that announces a list
_WORDS = 4  # of such a paragraph
_ITEM = 0.3  # ... which one of the lines between the two must have, or each where none has
_SHARE = 3  # a table is body from a third of its cells
_DATA = 0.35  # ... or from this mean score of its cells
_MANY_NOTES = 20
_PARAGRAPH = 300  # characters of one whose own score says enough
_SHORT = 100  # characters of a last line
_SIGNATURE = re.compile(
    r"\b(?:report(?:ing|s|ed)?|contribut\w+|editing|written|edited|compiled|translat\w+|photos?) (?:by|from|to|this)\b"
    r"|^\W*[(©/–—-]|\b(?:dpa|AFP|Reuters)\b|https?:|@",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:#|№)?\s?(\d{1,3})\s?[.):–—-]\s")
_SOME, _OF_ALL = 2, 3  # numbered headings of one make are body from so many, and from this part of them
_GAP = 12  # blocks between two paragraphs
_TAIL = 6  # blocks after the last paragraph
_REACH = 6  # elements between a block and the one that holds the text
_LONG = 100  # characters of a paragraph that no article says twice
_TWICE = 2  # paragraphs of an element that is a copy
_CALLOUT = re.compile(r"(?:^|[\s_-])(?:callout|admonition)(?=$|[\s_-])", re.IGNORECASE)
_CREDIT = KEYWORD_BIT["credit"]
_ADDRESS = re.compile(r"https?:")
_TABLE = BIT_WITHIN["table"]
_SMALL = 4  # blocks
_HEADINGS = frozenset({"h2", "h3", "h4"})
_LISTS = frozenset({"ul", "ol"})
_LISTS_AND_TABLES = frozenset({"ul", "ol", "dl", "tr", "table", "tbody"})
_ITEMS = frozenset({"li", "dd", "dt"})
_PARTS = _ITEMS | {"p", "pre", "button", "summary", "td", "th"}


def by_structure(
    layout: Layout,
    body: Sequence[RoleAssignment | None],
    scores: Sequence[float],
    head: HeadWords,
    words: Sequence[str],
    keywords: Sequence[int],
) -> Body:
    """*body* with what belongs to it, and without what does not; *scores*, *words* and *keywords* are each block's."""
    kept = list(body)
    inside = _inside(kept)
    end = end_of_article(layout.blocks, inside, head, words, keywords)
    while inside and inside[-1] >= end:
        kept[inside.pop()] = None
    return _Structure(layout, kept, scores, keywords).corrected(inside) if len(inside) > 1 else kept


class _Structure:
    def __init__(self, layout: Layout, body: Body, scores: Sequence[float], keywords: Sequence[int]) -> None:
        self.layout, self.blocks, self.body = layout, layout.blocks, body
        self.scores, self.keywords = scores, keywords
        self._counts: Counter[str] | None = None
        self._pictured: set[int] | None = None

    def corrected(self, inside: list[int]) -> Body:
        """The body, of which *inside* are the blocks, after all that is to be taken out and in."""
        body, blocks = self.body, self.blocks
        self._drop_copies(inside)
        for number in inside:
            if body[number] is not None and (_is_aside(blocks[number]) or self._is_below_picture(blocks[number])):
                body[number] = None
        if any(blocks[number].node.within & _TABLE for number in inside):
            self._take_tables()
        if any("[^" in blocks[number].text for number in inside):
            self._take_notes()
        if inside := _inside(body):
            self._take_headings(inside)
        inside = _inside(body)
        for before, after in pairwise(inside):
            if after - before > 1:
                self._fill(before, after)
        if inside:
            self._go_on(inside[-1])
        return body

    # ---- out

    def _drop_copies(self, inside: list[int]) -> None:
        """Take the second copy of the text out: pages hold one for wide and one for narrow screens."""
        first: dict[str, int] = {}
        for number in inside:
            text = self.blocks[number].text
            if len(text) < _LONG:
                continue
            original = first.setdefault(text, number)
            if original != number and self.body[number] is not None:
                self._drop_copy(original, number, inside)

    def _drop_copy(self, original: int, number: int, inside: list[int]) -> None:
        """Take the element out that holds block *number* and other copies, if it holds nothing else of the body."""
        one, other = branches(self.blocks[original].node, self.blocks[number].node)
        if one is None or other is None or one is other:
            return  # one element of loose lines holds both, and all else
        texts = {self.blocks[at].text for at in inside if one.first <= at < one.stop}
        copies = [at for at in inside if other.first <= at < other.stop]
        if len(copies) >= _TWICE and all(self.blocks[at].text in texts for at in copies):
            for at in copies:
                self.body[at] = None

    # ---- in

    def _take(self, number: int) -> None:
        self.body[number] = RoleAssignment(Role.BODY, RoleSource.RULE, self.scores[number])

    def _take_notes(self) -> None:
        """The notes to which the body refers are part of it."""
        notes = [block for block in self.blocks if block.text.startswith("[^")]
        if len(notes) > _MANY_NOTES:
            return  # sources: the model says whether they are text
        labels = {
            found.group()
            for number, one in enumerate(self.body)
            if one is not None
            for found in NOTE.finditer(self.blocks[number].text)
        }
        for block in notes:
            mark = NOTE.match(block.text)
            if mark is None or not mark.group().endswith(":") or mark.group()[:-1] not in labels:
                continue
            item = next((node for node in block.node.up() if node.tag in _ITEMS), block.node)
            for number in range(block.ordinal, max(item.stop, block.ordinal + 1)):
                if self.body[number] is None:
                    self._take(number)

    def _take_headings(self, inside: Sequence[int]) -> None:
        """Numbered headings whose neighbours by number and make are body: the parts of a list of pictures are nothing else."""
        numbered: dict[str, dict[int, int]] = {}
        for block in self.blocks[inside[0] :]:
            if block.node.tag in _HEADINGS and (found := _NUMBERED.match(block.text)) is not None:
                numbered.setdefault(block.node.path, {})[int(found[1])] = block.ordinal
        for places in numbered.values():
            own = [number for number, at in places.items() if self.body[at] is not None]
            if len(own) < _SOME or len(own) * _OF_ALL < len(places):
                continue
            for at in places.values():
                block = self.blocks[at]
                if self.body[at] is None and not block.hints & FURNITURE and block.link_density < LINKED:
                    self._take(at)

    def _take_tables(self) -> None:
        """A table of data is body as a whole, or not at all."""
        in_tables = (self.blocks[number].node for number, one in enumerate(self.body) if one is not None)
        tables = {node for block in in_tables if block.within & _TABLE for node in block.up() if node.tag == "table"}
        for node in sorted(tables, key=lambda one: one.number):
            if node.hints & FURNITURE:
                continue
            numbers = range(node.first, node.stop)
            some = [number for number in numbers if self.body[number] is not None]
            if not some or len(some) == len(numbers) or not is_data_table(node):
                continue
            mostly = len(some) * _SHARE >= len(numbers) or sum(self.scores[node.first : node.stop]) >= _DATA * len(
                numbers
            )
            if mostly or self._follows_text(node):
                for number in numbers:
                    if self.body[number] is None:
                        self._take(number)

    def _follows_text(self, table: Node) -> bool:
        """Whether a table without links stands right below a line of the body, in the element of that line."""
        above = table.first - 1
        if above < 0 or self.body[above] is None:
            return False
        beside = any(node is table.parent for node in self.blocks[above].node.up())
        return beside and not any(block.link_chars for block in self.blocks[table.first : table.stop])

    def _fill(self, before: int, after: int) -> None:
        """Take the blocks between two of the body in that belong there."""
        around = common(self.blocks[before].node, self.blocks[after].node)
        if around is None:
            return
        self._fill_with_tables(before, after, around)
        if after - before > _GAP + 1:
            return
        some = max(self.scores[before + 1 : after]) >= _ITEM
        listed = self._announced(before, after, around)
        for number in range(before + 1, after):
            block = self.blocks[number]
            if self.body[number] is not None:
                continue
            if is_verbatim(block):
                if self.scores[number] >= _VERBATIM and is_bare(block.node, around):
                    self._take(number)
                continue
            if (
                number in listed
                or self._is_item(number, before, after)
                or (self.scores[number] >= _BETWEEN and self._is_callout(block, around))
            ):
                self._take(number)
                continue
            floor = _BETWEEN if some or is_linked_sentence(block) else _ITEM
            if around.tag in _LISTS:
                floor = 0.0  # an item of a list, or of a list within it, whose items before and after are body
            elif opens(block.node) or self._is_opened(block):
                floor = _VERBATIM
            if self.scores[number] >= floor and self._is_clean(block, around) and self._is_alike(block, before, after):
                self._take(number)

    def _announced(self, before: int, after: int, around: Node) -> range:
        """The items of the list that the paragraph *before* announces, even where each is nothing but a link."""
        announcing, first = self.blocks[before], self.blocks[before + 1]
        within = list_of(first.node)
        if (
            within is None
            or (within.stop > after and list_of(self.blocks[after].node) is not within)
            or not announcing.text.rstrip().endswith((":", "："))
            or announcing.link_chars
            or self.keywords[before]
            or self.scores[before] < _SURE
            or len(announcing.text.split()) < _WORDS
            or not is_bare(within, around)
            or any(
                self._is_pictured(block) or _ADDRESS.match(block.text)
                for block in self.blocks[before + 1 : within.stop]
            )
        ):
            return range(0)
        return range(before + 1, min(within.stop, after))

    def _is_item(self, number: int, before: int, after: int) -> bool:
        """Whether the block is a term, or what it means, of the list that the block before it or behind it is in as body."""
        block = self.blocks[number]
        within = list_of(block.node) if block.node.tag in {"dt", "dd"} and block.link_density < LINKED else None
        if within is None or within.hints & FURNITURE or self.keywords[number] & _CREDIT:
            return False
        return any(list_of(self.blocks[one].node) is within for one in (before, after))

    def _is_callout(self, block: Block, around: Node) -> bool:
        """Whether the block is in a box that the article's own editor offers: a note, a tip, a warning."""
        if self.keywords[block.ordinal] or block.link_density >= LINKED or _is_aside(block):
            return False
        inside = False
        for node in block.node.up():
            if node is around:
                return inside
            if node.hints & (FURNITURE & ~BIT["form"]) or node.tag in OWN - {"aside"}:
                return False
            get = node.element.get
            noted = get("role") == "note" and not is_on_card(node)  # as sliders name their slides
            inside = inside or noted or _CALLOUT.search(get("class") or "") is not None
        return False

    def _fill_with_tables(self, before: int, after: int, around: Node) -> None:
        """Take the tables of data in that stand between two blocks of the body."""
        number = before + 1
        while number < after:
            node = self.blocks[number].node
            table = next((one for one in node.up() if one.tag == "table"), None) if node.within & _TABLE else None
            if table is None or table.stop > after:
                number += 1
                continue
            mean = sum(self.scores[table.first : table.stop]) / (table.stop - table.first)
            headed = next(table.element.iter("th"), None) is not None
            if headed and mean >= _BETWEEN and is_bare(table, around, but=BIT["embed"]) and is_data_table(table):
                for one in range(table.first, table.stop):
                    self._take(one)
            number = max(table.stop, number + 1)

    def _go_on(self, last: int) -> None:
        """Take in the lines that follow the last one in the element that holds the text, and the rest of the last list."""
        holder = self._holder(last)
        if holder is None:
            return
        listed = list_of(self.blocks[last].node)
        for number in range(last + 1, min(holder.stop, last + 1 + _TAIL)):
            block = self.blocks[number]
            if not any(map(str.isalnum, block.text)):
                continue
            if is_verbatim(block):
                if self.scores[number] < _VERBATIM or not is_bare(block.node, holder):
                    return
                self._take(number)
                continue
            within = list_of(block.node)
            if within is None or within is not listed:
                if self.scores[number] < _AFTER or not self._is_clean(block, holder):
                    return
                if not (within or opens(block.node) or self._is_last_line(block, last)):
                    return
                listed = within
            elif block.link_density >= LINKED:
                return
            self._take(number)

    def _is_last_line(self, block: Block, last: int) -> bool:
        """Whether a block is a short sentence in an element like that of the last paragraph, and no line on who wrote it."""
        text = block.text
        alike = block.node.tag == self.blocks[last].node.tag
        return alike and len(text) <= _SHORT and text.endswith(ENDS) and _SIGNATURE.search(text) is None

    def _holder(self, last: int) -> Node | None:
        """The innermost element around the last paragraph that holds another one of the body, besides the item it is in."""
        for node in self.blocks[last].node.up():
            others = sum(1 for number in range(node.first, last) if self.body[number] is not None)
            if others and node.tag not in _ITEMS and node.tag not in _LISTS_AND_TABLES:
                return node.parent if self._has_twin(node) else node
        return None

    def _has_twin(self, node: Node) -> bool:
        """Whether a small element, as a question with its answer is, ends with the body, and another one like it follows."""
        if node.stop - node.first > _SMALL or node.tag == "article":
            return False
        following = (one for one in self.layout.nodes[node.number + 1 :] if one.first >= node.stop)
        twin = next(following, None)
        return twin is not None and twin.parent is node.parent and twin.path == node.path

    def _is_clean(self, block: Block, around: Node) -> bool:
        """Whether no class, no element and no word between the block and the element *around* speaks of furniture."""
        if block.text.isupper() or _is_aside(block) or self._is_repeated(block) or self._is_pictured(block):
            return False
        if len(block.text) > _PARAGRAPH and block.link_density < LINKED:
            return False
        if says_who_took_it(block) is not None:
            return False
        if block.node.tag == "button" and self._answers_notice(block.node):
            return False
        keywords, furniture = self.keywords[block.ordinal], block.hints & FURNITURE
        if (keywords or furniture) and not (is_folded(block.node) or self._is_opened(block)):
            return False
        if (keywords and not block.text.endswith(ENDS)) or furniture & ~BIT["nav"]:
            return False
        if not any(map(str.isalnum, block.text)):
            return False
        if block.link_density >= LINKED and not (is_linked_sentence(block) or opens(block.node)):
            return False
        return is_bare(block.node, around)

    def _is_opened(self, block: Block) -> bool:
        """Whether the block before it, in a small element around both, opens it."""
        before = self.blocks[block.ordinal - 1]
        around = common(before.node, block.node) if block.ordinal and opens(before.node) else None
        return around is not None and around.stop - around.first <= _SMALL

    def _answers_notice(self, button: Node) -> bool:
        """Whether a notice stands beside a button, which accepts or refuses it."""
        around = button.parent
        if around is None or around.stop - around.first > _SMALL:
            return False
        return any(is_notice(self.blocks[number].text) for number in range(around.first, button.first))

    def _is_repeated(self, block: Block) -> bool:
        """Whether other blocks with this text are no body, either, as labels are."""
        if self._counts is None:
            self._counts = Counter(one.text for one in self.blocks if self.body[one.ordinal] is None)
        return self._counts[block.text] > 1

    def _is_pictured(self, block: Block) -> bool:
        """Whether a picture stands right before or after the block."""
        if self._pictured is None:
            self._pictured = {number for mark in self.layout.images for number in (mark.before, mark.before - 1)}
        return block.ordinal in self._pictured

    def _is_below_picture(self, block: Block) -> bool:
        return says_what_is_shown(block.text) and self._is_pictured(block)

    def _is_alike(self, block: Block, before: int, after: int) -> bool:
        tag = block.node.tag
        if opens(block.node) or (tag == "div" and (is_panel(block) or self._is_opened(block) or list_of(block.node))):
            return True
        if tag == "div" and is_linked_sentence(block) and not is_on_card(block.node):
            return True
        return tag in _PARTS or tag in (self.blocks[before].node.tag, self.blocks[after].node.tag)


def _inside(body: Body) -> list[int]:
    return [number for number, one in enumerate(body) if one is not None]


def _is_aside(block: Block) -> bool:
    if TOOLTIP in block.marked or (
        block.node.tag == "aside" and block.node.element.get("class") in {NUMBERS, LANGUAGE}
    ):
        return True
    return is_prompt(block) or is_notice(block.text) or is_pointer(block.text, block.link_density)
