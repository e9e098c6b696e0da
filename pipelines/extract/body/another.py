"""Where the article ends because another one begins, or its readers' comments, and no class says so.

A page that goes on without end holds the next article whole, in an element like the first one's, with a headline of its own.
Comments begin with a heading that counts them, and name who says what.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise

from broadsheet.pipelines.extract.metadata.date_text import PRINTED_DATE
from broadsheet.pipelines.extract.page.blocks import Block, Node
from broadsheet.pipelines.extract.page.elements import text_in
from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.page.keywords import KEYWORD_BIT
from broadsheet.pipelines.extract.page.words import words_of
from broadsheet.pipelines.extract.roles.head_words import HeadWords

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CONTAINERS = frozenset({"article", "section", "div", "li", "main"})
_PARAGRAPHS = 2  # of the body in an element from which that is an article's
_COMMENT = KEYWORD_BIT["comment"]
_COMMENTS = re.compile(
    r"(?:\d+ )?(?:comments?|responses?|replies|reactions?|thoughts?|kommentare?|kommentarer|commentaires?|comentarios?"
    r"|comentários?|commenti|reacties|komentarze|yorum(?:lar)?|комментари\w+|评论|評論|コメント|댓글)"
    r"(?: (?:on|to|zu|sur|op|su) .*| \d+)?"
)
_SAYS = re.compile(
    r"\b(?:says|said|wrote|writes|schrieb|schreibt|sagt|dice|dijo|dit|a écrit|ha scritto|disse|skriver|пишет)\s*:?\s*$"
    r"|\b(?:ago|reply)\b",
    re.IGNORECASE,
)
_REPLY = frozenset(
    """reply antworten répondre responder rispondi odpowiedz svar svara vastaa yanıtla ответить відповісти 回复 回覆 返信
    답글""".split()  # noqa: SIM905
)
_REPLIES = 16  # blocks after a heading in which comments are answered
_ANNOUNCING = frozenset(
    {
        "next story",
        "next article",
        "up next",
        "read next",
        "next post",
        "nächster artikel",
        "article suivant",
        "siguiente artículo",
    }
)
_NEAR = 3  # elements, of which one names the comments that a heading begins
_SHORT_ARTICLE = 140  # characters
_WHO = 6  # blocks after the heading in which somebody says something
_WHEN = 60  # characters of a line that names a reader and says when she wrote
_HEADING = 160  # characters


def end_of_article(
    blocks: Sequence[Block],
    inside: Sequence[int],
    head: HeadWords,
    words: Sequence[str],
    keywords: Sequence[int],
) -> int:
    """The ordinal of the block from which on nothing is the article's; the number of blocks where it goes on to the end.

    *inside* are the ordinals of the body's blocks."""
    if len(inside) <= _PARAGRAPHS:
        return len(blocks)
    first, last = inside[0], inside[-1]
    for block in blocks[first + 1 : last + 1]:
        if block.node.tag not in _HEADINGS or len(block.text) > _HEADING:
            continue
        number = block.ordinal
        if keywords[number] & _COMMENT and _begins_comments(blocks, number, words[number], inside):
            return number
        if _is_answered(words[number + 1 : number + 1 + _REPLIES]) and _is_late(blocks, number, inside):
            return number
        if block.node.tag in {"h1", "h2"} and words[number] not in head.titles:
            begins = _next_article(block, blocks[first], inside, head, words)
            if begins is not None:
                return begins
    return len(blocks)


def _begins_comments(blocks: Sequence[Block], number: int, words: str, inside: Sequence[int]) -> bool:
    if _COMMENTS.fullmatch(words) is None or not (
        _is_late(blocks, number, inside) or _is_named(blocks, number, inside)
    ):
        return False
    if any(_SAYS.search(one.text[:200]) for one in blocks[number + 1 : number + 1 + _WHO]):
        return True
    said = [one.text for one in blocks[number + 1 : number + 1 + _REPLIES] if len(one.text) <= _WHEN]
    return sum(1 for one in said if PRINTED_DATE.search(one)) >= _PARAGRAPHS


def _is_named(blocks: Sequence[Block], number: int, inside: Sequence[int]) -> bool:
    """Whether the element that a heading begins is named as comments, and an article, be it shorter, stands before it."""
    if not any(node.hints & BIT["comment"] for node in islice(blocks[number].node.up(), _NEAR)):
        return False
    return sum(len(blocks[one].text) for one in inside if one < number) >= _SHORT_ARTICLE


def _is_answered(words: Sequence[str]) -> bool:
    """Whether several of the blocks after a heading, from the first ones on, are the links by which a comment is answered."""
    answers = [at for at, one in enumerate(words) if one in _REPLY]
    return len(answers) >= _PARAGRAPHS and answers[0] < _WHO


def _is_late(blocks: Sequence[Block], number: int, inside: Sequence[int]) -> bool:
    """Whether most of the body stands before the block."""
    before = sum(len(blocks[one].text) for one in inside if one < number)
    return before > sum(len(blocks[one].text) for one in inside if one > number)


def _next_article(
    heading: Block, first: Block, inside: Sequence[int], head: HeadWords, words: Sequence[str]
) -> int | None:
    """The first block of the element that *heading* opens, if that is another article than the one of the block *first*."""
    own, other = branches(first.node, heading.node)
    if own is None or other is None or own.tag not in _CONTAINERS or other.tag not in _CONTAINERS:
        return None
    if any(node.tag == "article" for node in own.up() if node is not own):
        return None  # both are parts of one
    if any(other.first <= number < heading.ordinal for number in inside):
        return None  # text stands before the heading, which opens a part of it
    both = own.tag == other.tag == "article"
    if _count(inside, own) < _PARAGRAPHS or _count(inside, other) < (1 if both else _PARAGRAPHS):
        return None
    titled = [number for number in range(other.first) if words[number] and words[number] in head.titles]
    if not titled:
        return None
    if heading.node.tag == "h1":
        alike = other.tag == "article" or other.path == own.path or own.tag == "article"
        return other.first if alike and not _opens_with(own, "h1", head) else None
    within = own.first <= titled[-1] < own.stop
    announced = other.first > 0 and words[other.first - 1] in _ANNOUNCING
    apart = (both and (within or _leads_away(heading))) or announced
    return other.first if apart and not _opens_with(own, "h2", head) else None


def branches(one: Node, other: Node) -> tuple[Node | None, Node | None]:
    """The elements right below the innermost one around both, one on the way to each."""
    above = [*one.up()]
    places = {id(node): at for at, node in enumerate(above)}
    for below, node in pairwise(other.up()):
        at = places.get(id(node))
        if at is not None:
            return (above[at - 1] if at else None), below
    return None, None


def _count(inside: Sequence[int], node: Node) -> int:
    return sum(1 for number in inside if node.first <= number < node.stop)


def _opens_with(own: Node, tag: str, head: HeadWords) -> bool:
    """Whether the first article's element has headings of that *tag* besides the headline, as the parts of one article do."""
    for element in own.element.iter(tag):
        text = words_of(text_in(element))
        if text and text not in head.titles:
            return True
    return False


def _leads_away(heading: Block) -> bool:
    return any(href and href[0] != "#" for _, _, href in heading.runs)
