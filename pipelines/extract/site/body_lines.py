"""The lines of a page's body as a site's forms correct it, and what the site gives back: own text and subheads that the block
model doubted.

Every removal and every rescue says why (`LineVerdict`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from broadsheet.pipelines.extract.roles.assignment import RoleAssignment, by_site_template
from broadsheet.pipelines.extract.roles.role import Role
from broadsheet.pipelines.extract.site.habits import PASSED
from broadsheet.pipelines.extract.site.lines import (
    FIXED,
    FURNITURE,
    HEADING,
    INTRODUCED,
    LETTERS,
    LINKED,
    LINKING,
    NAME,
    NUMBERED,
    OWN_TITLE,
    PICTURED,
    RUNNING,
    STOPPED,
    Lines,
)
from broadsheet.pipelines.extract.site.marks import AGAIN, FEWEST, Mark
from broadsheet.pipelines.extract.site.neighbours import Neighbours
from broadsheet.pipelines.extract.site.profile import SiteProfile

_NEARLY_ALL = 0.9
_LOW, _EDGE = 38, 179  # score of a heading at all; of own text that begins or ends the article, though it was left out
_LIKELY, _FEW = 128, 6  # score of what is rather text than not; articles of a small site
_OF_THE_SITE = FURNITURE | INTRODUCED | LINKED | NAME | NUMBERED
_PLACES = 3  # own lines in a place of the page from which it holds its text


class LineVerdict(NamedTuple):
    """What the site says of a line: whether it is ``body``, its ``role`` where that is known, and ``why``, in words."""

    body: bool
    role: Role | None
    why: str


class BodyLines(Neighbours):
    """A page whose body the site corrects: ``kept`` is its body, as *body* was before; ``verdicts`` say why."""

    def __init__(
        self, lines: Lines, profile: SiteProfile, own_title: int, body: Sequence[RoleAssignment | None]
    ) -> None:
        super().__init__(lines, profile, own_title)
        self.kept = list(body)
        self.verdicts: list[LineVerdict | None] = [None] * len(lines)

    def take_out(self, at: int, verdict: LineVerdict) -> None:
        """Take a line out of the body; the first verdict stands."""
        if self.verdicts[at] is None:
            self.verdicts[at] = verdict
        self.kept[at] = None

    def is_known(self, at: int) -> bool:
        """Whether a line is known as something of the site's, or is the headline."""
        return bool(self.marks[at]) or self.flags[at] & OWN_TITLE != 0 or self.other[at] != 0

    def placed(self, at: int) -> Mark | None:
        """The mark of a line's text in its place; where the page is of no template, of its text."""
        placed, text = self.keys[at][:2]
        marks = self.template.marks
        return marks.get(placed) or (None if self.of_template else marks.get(text))

    def put_in_short(self, low: int, high: int) -> None:
        """Put the text of a page of a sentence or two into the body, where nothing is there: own text in a place of the site's
        text, and what stands beside it in such a place, or as its heading, between the marks *low* and *high*."""
        if any(one is not None for one in self.kept):
            return
        for at in range(high - 1, low, -1):
            if not self._is_out(at) or self.flags[at] & (LINKED | PICTURED | FIXED) or self.is_known(at):
                continue
            in_place = self.slots[at] in self.forms.places and self.count[at] == 1
            heads = self.flags[at] & HEADING and at + 1 < high and self.kept[at + 1] is not None
            if in_place and (self.own[at] or low >= 0):
                self._in(at, "stands where the site's articles have their text")
            elif heads and self.count[at] == 1:
                self._in(at, "a heading of text")

    def put_in_headed(self, high: int) -> None:
        """Put in what stands above the mark *high* below a label that heads the articles' own sentences, and the label; of a
        small site only where the block model takes some of it for text."""
        likely = max((self.scores[at] for at in range(high) if self.headed[at]), default=0) >= _LIKELY
        for at in range(high if likely or self.articles >= _FEW else 0):
            if self.headed[at] and self._is_out(at) and not self.flags[at] & LINKED and not self.other[at]:
                self._in(at, "is of a label that heads sentences with words of the text on the site's articles")

    def put_in(self) -> None:
        """Put own text and subheads back into the body."""
        slots = [self.slots[at] for at in range(len(self.own)) if self.own[at]]
        for at in range(self.last - 1, self.first, -1):
            if self.kept[at] is not None or self.verdicts[at] is not None:
                continue
            if self.own[at] and slots.count(self.slots[at]) >= _PLACES:
                self._in(at, "own text in a place of own text")
            elif self._is_paragraph(at):
                self._in(at, "running text amid the text, in a place that holds text on the site's articles")
            elif self._heads_text_of_its_own(at):
                self._in(at, f"a line on {self.count[at]} articles that heads text in an element of both")
            elif self._is_subhead(at) or at in self.series:
                self._in(at, "a short line above text, in a place of subheads")
            elif self.led[at]:
                self._in(at, "a sentence that is introduced as others of the text are")
            elif self._is_of_entry(at):
                self._in(at, "a line of a kind that stands again and again above text")
        self._put_in_ends(slots)

    def _put_in_ends(self, slots: Sequence[int]) -> None:
        """Put back what begins or ends the text; *slots* are the places of the own lines."""
        for at in (self.first, self.last):
            sure = self.scores[at] >= _EDGE  # "Ann Lee contributed to this report." is half in doubt
            if sure and self._is_out(at) and slots.count(self.slots[at]) >= _PLACES:
                self._in(at, "own text in a place of own text")
        for at in {self.first - 1, self.first, self.last} & (
            self.series | {at for at, led in enumerate(self.led) if led}
        ):
            if self._is_out(at):
                self._in(at, "introduces text as others do, or is introduced as others are")
        for at in filter(self._is_out, self.facts):
            self._in(at, "is of a list of facts above the text")
        above, behind = self.first - 1, self.last + 1
        if self._is_out(above) and self._heads_text_of_its_own(above):
            self._in(above, f"a line on {self.count[above]} articles that heads text in an element of both")
        for above in (self.first - 1, self.second - 1):  # the first may be the standfirst
            if self._is_out(above) and (self._is_of_text(above) or self._is_of_entry(above)):
                self._in(above, "a line of a kind that stands several times amid the text")
        while self._is_out(behind) and self.is_listed(behind) and self.kept[behind - 1] is not None:
            self._in(behind, "a label and words of the text above it")
            behind += 1

    def is_listed(self, at: int) -> bool:
        """Whether a line behind the text is a label and words of the text, as on other articles: "Sources: ..."."""
        return at > self.last and self.words_listed[at] and self.labels[at] in self.habits.listed

    def _is_out(self, at: int) -> bool:
        """Whether a line is none of the body, though the site says nothing of it."""
        return 0 <= at < len(self.own) and self.kept[at] is None and self.verdicts[at] is None

    def _is_paragraph(self, at: int) -> bool:
        """Whether a line is made as a paragraph, is on no other article, and stands where the site's articles have text."""
        return (
            self.flags[at] & (RUNNING | FIXED | LINKED) == RUNNING
            and self.count[at] == 1
            and not self.is_known(at)
            and not self.outside[at]
            and self.slots[at] in self.habits.paragraphs
        )

    def _is_subhead(self, at: int) -> bool:
        flags = self.flags[at]
        return (
            self.slots[at] in self.habits.headings
            and self._is_above_text(at)
            and self.short[at]
            and not flags & (STOPPED | LINKING | PICTURED | FIXED)
            and flags & LETTERS != 0
            and not self.labels[at]
            and self.scores[at] >= _LOW
            and (not self.flags[at - 1] & PICTURED or self.own[at - 1] or self.verdicts[at - 1] is not None)
            and (not self.is_known(at) or self._recurs_amid(at))
        )

    def _heads_text_of_its_own(self, at: int) -> bool:
        """Whether a line that recurs heads text in an element of both, and more text stands below that."""
        stop = self.groups.stop(at) if self.heads_group[at] and self.kept[at + 1] is not None else None
        recurs = self.count[at] >= FEWEST and not self.is_known(at) and self.flags[at] & LETTERS != 0
        return stop is not None and stop <= self.last and recurs and not self.flags[at] & _OF_THE_SITE

    def _is_above_text(self, at: int) -> bool:
        """Whether a line stands right above the body, or above a box within it."""
        for below in range(at + 1, min(at + 2 + PASSED, len(self.kept))):
            if self.kept[below] is not None:
                return True
            verdict = self.verdicts[below]
            if verdict is None or verdict.body:
                return False
        return False

    def _recurs_amid(self, at: int) -> bool:
        """Whether a line is a heading of many articles, as "Background" is: known by its text alone, and that amid text."""
        mark = self.placed(at)
        if mark is None or self.other[at] or self.flags[at] & (OWN_TITLE | FURNITURE):
            return False
        return bool(mark.amid >= _NEARLY_ALL * mark.articles)

    def _is_of_text(self, at: int) -> bool:
        """Whether a line is of a kind that the article writes again and again, in the place of the own line below it."""
        known = self.flags[at] & OWN_TITLE or self.other[at] or self.names[at]
        return self.sides[at] & AGAIN != 0 and self.slots[at] == self.slots[at + 1] and not known

    def _is_of_entry(self, at: int) -> bool:
        """Whether a line of numbers stands right above text, as all lines of its place do: a time of a live blog."""
        entry = self.sides[at] & AGAIN != 0 and self.flags[at] & NUMBERED != 0 and self.short[at]
        told = self.flags[at] & (STOPPED | FURNITURE | LINKED | PICTURED | FIXED) or self.flags[at + 1] & FIXED
        if not entry or not self.own[at + 1] or told:
            return False
        beside = [one for one in range(max(0, self.first - 1), self.last) if self.slots[one] == self.slots[at]]
        heads = len(beside) >= FEWEST and all(self.own[one + 1] for one in beside)
        return heads or self.slots[at] == self.slots[at + 1]

    def _in(self, at: int, why: str) -> None:
        self.verdicts[at] = LineVerdict(True, None, why)
        self.kept[at] = by_site_template(Role.BODY, why)
