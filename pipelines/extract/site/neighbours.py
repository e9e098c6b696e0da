"""Neighbours: what lines of a page are by the lines beside them, however often the site repeats them.

The same questions part every interview of a series, the same chapters every judgment; a programme opens and ends with the same
words of the same speaker.  All of it recurs as furniture does, and is the articles' own: it introduces own text, or is
introduced as own text is.  What stands below each entry of a page and introduces nothing is a button.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from broadsheet.pipelines.extract.site.habits import NARROW
from broadsheet.pipelines.extract.site.lines import (
    ADDRESSING,
    AUTHORED,
    ECHO,
    FIXED,
    FURNITURE,
    HEADING,
    LETTERS,
    LINKED,
    NAMED,
    NUMBERED,
    OPENING,
    OWN_TITLE,
    PICTURED,
    PLEA,
    RUNNING,
    STOPPED,
    Lines,
)
from broadsheet.pipelines.extract.site.marks import FEWEST
from broadsheet.pipelines.extract.site.page_forms import PageForms
from broadsheet.pipelines.extract.site.profile import SiteProfile

_WORD = 12  # columns of a word that is a sentence
_LIKELY = 140  # score of what is rather text than not
_NEAR = 4  # lines from the own text in which it may go on
_NO_PART = PLEA | LINKED | FIXED | PICTURED | RUNNING | NUMBERED
_NO_FACT = PLEA | FURNITURE | LINKED | FIXED | PICTURED | RUNNING | OWN_TITLE | NAMED
_OF_THE_SITE = LINKED | PLEA | ECHO | AUTHORED | FIXED


class Neighbours(PageForms):
    """A page whose lines are known by their neighbours, too: ``led`` are sentences that are introduced as own text is,
    ``series`` lines that part the text, ``facts`` above it, and what stands between; the text reaches as far as they do."""

    def __init__(self, lines: Lines, profile: SiteProfile, own_title: int) -> None:
        super().__init__(lines, profile, own_title)
        self._heads_own = {text for text, own in zip(self.texts, self.own[1:], strict=False) if own}
        self.led = self._introduced()
        self.facts = self._facts()
        self.series = self._series() | self.facts
        if self.last >= 0:
            self._reach_further()

    def _series(self) -> frozenset[int]:
        """The lines of a series that parts the text, as the questions of an interview and the chapters of a judgment do: three
        and more that recur, in one place, each right above own text."""
        places: defaultdict[int, list[int]] = defaultdict(list)
        for at in range(max(0, self.first - 1), self.last):
            if self._may_part(at):
                places[self.slots[at]].append(at)
        found = {
            at
            for rows in places.values()
            for at in rows
            if self._opens(at) or len({self.texts[one] for one in rows}) >= FEWEST
        }
        return frozenset(found | {at - 1 for at in found if at > self.first and self._may_close(at - 1)})

    def _may_part(self, at: int) -> bool:
        """Whether a line that recurs stands right above own text, and is none itself."""
        if self.own[at] or not self.own[at + 1] or self.count[at] < FEWEST or self.flags[at + 1] & FIXED:
            return False
        return self.flags[at] & (_NO_PART | LETTERS) == LETTERS and not self.other[at] and not self.names[at]

    def _opens(self, at: int) -> bool:
        """Whether a line introduces what is below it: "Dear Ann,", "Ann replies:"."""
        furniture = self.flags[at] & FURNITURE and at < self.first
        return self.flags[at] & OPENING != 0 and not furniture and self.columns[at] <= NARROW

    def _may_close(self, at: int) -> bool:
        """Whether a line between own text and one that introduces text may sign what is above: "Worried in Porto"."""
        if self.own[at] or not self.own[at - 1] or self.flags[at] & (_NO_PART | FURNITURE | HEADING):
            return False
        return self.short[at] and not self.other[at]

    def _facts(self) -> frozenset[int]:
        """Three and more lines with labels right above the text, no word of furniture in them: when, where, for how much.  They
        are the article's if the block model takes one for text."""
        at = self.first - 1
        if at > 0 and not self.labels[at]:
            at -= 1  # a button
        begin = at
        while begin >= 0 and self.labels[begin] and self.short[begin] and not self.flags[begin] & _NO_FACT:
            begin -= 1
        told = at - begin >= FEWEST and max(self.scores[begin + 1 : at + 1]) >= _LIKELY
        return frozenset(range(begin + 1, at + 1)) if told else frozenset()

    def _introduced(self) -> list[bool]:
        """Which lines are sentences that recur and are introduced as several own lines of the page are: by their label
        ("ANNA LEE: ..."), or by the line above (a speaker's name)."""
        rows = [at for at, own in enumerate(self.own) if own]
        labels = Counter(self.labels[at] for at in rows if self.labels[at])
        above = Counter(
            self.texts[at - 1] for at in rows if at and not self.own[at - 1] and self._may_introduce(at - 1)
        )
        return [
            flags & (STOPPED | RUNNING) != 0
            and not (flags & (_OF_THE_SITE | FURNITURE) or self.other[at])
            and self.count[at] >= FEWEST
            and (labels[self.labels[at]] > 1 or (at > 0 and above[self.texts[at - 1]] > 1))
            for at, flags in enumerate(self.flags)
        ]

    def _may_introduce(self, at: int) -> bool:
        flags = self.flags[at]
        return self.short[at] and flags & LETTERS != 0 and not flags & (STOPPED | FURNITURE | PLEA | LINKED)

    def _reach_further(self) -> None:
        """Let the text begin with the first and end with the last of the sentences that are `led`, of those below a heading
        that is one of several of the page in their place, and of a word of its own ("Amen.")."""
        first, last = self.first, self.last
        above = [at for at in range(max(0, first - _NEAR), first) if self.led[at]]
        below = [at for at in range(last + 1, min(last + 1 + _NEAR, len(self.own))) if self.led[at]]
        self.first, self.last = min(above, default=first), max(below, default=last)
        head = self.last + 1
        if self._is_chapter(head):
            stop = head + 1
            while stop < len(self.own) and stop <= head + _NEAR and self._may_be_formula(stop):
                stop += 1
            self.last = stop - 1 if stop > head + 1 else self.last
        elif head < len(self.own) and self.columns[head] <= _WORD and self._is_in_element(head):
            self.last += self._may_be_formula(head)
        between = (*range(self.first, first), *range(last + 1, self.last + 1))
        self.series |= {at for at in between if not self.flags[at] & (_OF_THE_SITE | FURNITURE) and not self.other[at]}

    def _is_in_element(self, at: int) -> bool:
        """Whether a line behind the text stands in the element that holds all of the text."""
        shared: list[int] = self.lines["shared"][self.first + 1 : at + 1].tolist()
        return len(shared) > 1 and shared[-1] >= min(shared)

    def _is_chapter(self, at: int) -> bool:
        """Whether a line is made as those of the `series` are, where they are headings."""
        if at >= len(self.own):
            return False
        made = (self.slots[at], self.flags[at] & HEADING)
        known = made[1] or made[0] in self.habits.headings
        return bool(known) and any(made == (self.slots[one], self.flags[one] & HEADING) for one in self.series)

    def _may_be_formula(self, at: int) -> bool:
        flags = self.flags[at]
        told = flags & (_OF_THE_SITE | ADDRESSING | FURNITURE | NAMED | HEADING) or self.other[at]
        return flags & STOPPED != 0 and not told

    def is_item(self, at: int, kept: Sequence[object]) -> bool:
        """Whether a line stands below two short *kept* lines of the article alone: an ingredient that many dishes have."""
        above = range(at - 2, at)
        return at > 1 and all(
            self.slots[one] == self.slots[at]
            and self.short[one]
            and kept[one] is not None
            and not self.other[one]
            and self.count[one] < FEWEST
            for one in above
        )

    def is_button(self, at: int) -> bool:
        """Whether a line is a label that asks to share or subscribe, or says a word of furniture and never stands above text,
        as below each entry of a live blog; or one that is always the same right beside it."""
        beside = (one for one in (at - 1, at + 1) if 0 <= one < len(self.own) and self.slots[one] == self.slots[at])
        return self._is_label(at) and (self._asks(at) or any(self._is_label(one) and self._asks(one) for one in beside))

    def _asks(self, at: int) -> bool:
        if self.flags[at] & PLEA:
            return True
        return self.flags[at] & FURNITURE != 0 and self.texts[at] not in self._heads_own

    def _is_label(self, at: int) -> bool:
        flags = self.flags[at]
        made = not flags & (STOPPED | RUNNING | HEADING) and flags & LETTERS != 0
        return made and self.columns[at] <= NARROW and self.count[at] >= FEWEST
