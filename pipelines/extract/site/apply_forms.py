"""Applying a site's forms: which lines of one page are furniture, by what the site's other articles have where it stands.

The own text of the page parts it into head, middle and tail.  What stands before the last line that begins articles, or
after the first that ends them, is out, whatever it says.  Between these and the text, lines go that are known: names,
biographies, forms, labels, other pages.  Amid the text only what cannot be the article's own goes, since there a wrong
removal costs most.  Last, running text and subheads that the block model doubted come back (`body_lines`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.role import Role
from broadsheet.pipelines.extract.site.body_lines import LineVerdict
from broadsheet.pipelines.extract.site.habits import APART, HEAD, NARROW, TAIL, TEXT_KEY, slot_key
from broadsheet.pipelines.extract.site.judged_lines import JudgedLines
from broadsheet.pipelines.extract.site.kinship import AKIN, UNKNOWN
from broadsheet.pipelines.extract.site.lines import (
    BIOGRAPHY,
    ECHO,
    FIXED,
    HEADING,
    LINKED,
    NAME,
    OWN_TITLE,
    RUNNING,
    STOPPED,
    Lines,
)
from broadsheet.pipelines.extract.site.marks import AGAIN, BEGINS, ENDS, NEAR
from broadsheet.pipelines.extract.site.profile import SiteProfile

_HALF, _NEARLY_ALL = 0.5, 0.9
_MANY = 4  # articles
_SENTENCE = 60  # columns of a line that is no label
_SURE = 204  # score of what is surely body


class FormsApplied(JudgedLines):
    """A page to which the forms of its site are applied: ``kept`` is its body, as *body* was before; ``verdicts`` say why."""

    def __init__(
        self, lines: Lines, profile: SiteProfile, own_title: int, body: Sequence[RoleAssignment | None]
    ) -> None:
        super().__init__(lines, profile, own_title, body)
        if self.last >= 0:
            self._apply()
        else:
            self._take_out_around_marks()

    def _apply(self) -> None:
        low, high = self._bounds()
        self._take_out_signatures()
        self._take_out_ends(low, high)
        self._take_out_slots()
        self._take_out_strange(low, high)
        self._take_out_labelled(low, high)
        self._take_out_boxes(low, high)
        for at in range(high - 1, low, -1):
            verdict = None if self.flags[at] & FIXED or self.headed[at] else self._verdict(at)
            if verdict is not None:
                self.take_out(at, verdict)
        self.put_in_headed(high)
        self.put_in()
        self.put_in_short(low, high)

    def _bounds(self) -> tuple[int, int]:
        """The last line before the text that begins articles, and the first behind it that ends them."""
        low, high = -1, len(self.own)
        for at in range(self.first - 1, -1, -1):
            if self.sides[at] & (BEGINS | AGAIN) == BEGINS and not self._heads_text(at) and at not in self.series:
                low = at
                break
        for at in range(self.last + 1, len(self.own)):
            if self.sides[at] & (ENDS | AGAIN) == ENDS:
                high = at
                break
        return low, high

    def _take_out_ends(self, low: int, high: int) -> None:
        if low >= 0:
            why = self._told(low, BEGINS if self.sides[low] & BEGINS else NEAR)
            for at in range(low + 1):
                sure = self.columns[at] >= _SENTENCE and self.scores[at] >= _SURE and not self.is_known(at)
                if not self.flags[at] & FIXED and not sure and not self.headed[at] and at not in self.series:
                    self.take_out(
                        at,
                        self._named(at) or LineVerdict(False, None, why if at == low else f"before a line that {why}"),
                    )
        if high < len(self.own):
            why = self._told(high, ENDS)
            for at in range(high, len(self.own)):
                if not self.flags[at] & FIXED and (not self.headed[at] or at > high):
                    self.take_out(
                        at,
                        self._named(at) or LineVerdict(False, None, why if at == high else f"after a line that {why}"),
                    )

    def _take_out_around_marks(self) -> None:
        """Take out the ends of a page without own text (short lines, or another page's text), where its marks leave one place
        for the article: a list of articles repeats them.  Links are in menus at both ends."""
        told = [0 if flags & LINKED else sides for flags, sides in zip(self.flags, self.sides, strict=True)]
        begun = [at for at, sides in enumerate(told) if sides & (BEGINS | NEAR) and not sides & ENDS]
        ended = [at for at, sides in enumerate(told) if sides & ENDS and not sides & BEGINS]
        low, high = max(begun, default=-1), min(ended, default=len(told))
        if low < high:
            self._take_out_ends(low, high)
            for at in range(low + 1, high):
                named = self._named(at)
                if named is not None and named.role is Role.BYLINE:
                    self.take_out(at, named)
            self.put_in_short(low, high)

    def _take_out_slots(self) -> None:
        """Take out short lines that stand right beside a mark where such lines are names, forms, or recur."""
        for zone, span in ((HEAD, range(self.second)), (TAIL, range(self.last + 1, len(self.own)))):
            for at in span:
                if not self._may_be_slot(at):
                    continue
                for where, on in self.beside_marks(at, zone):
                    why = f"stands {where} a line that recurs, as such lines do on {on} articles"
                    self.take_out(at, self._named(at) or LineVerdict(False, None, why))

    def beside_marks(self, at: int, zone: int) -> Iterator[tuple[str, int]]:
        """Where a short line in *zone* stands to marks beside which the articles have such lines, and on how many they do."""
        for side, beside, where in ((0, at - 1, "below"), (1, at + 1, "above")):
            if not 0 <= beside < len(self.own) or not self.sides[beside] & (BEGINS | ENDS | NEAR):
                continue
            for one in self.marks[beside]:
                on, told = self.habits.slots.get(slot_key(one.key, zone, side), (0, 0))
                if on >= max(_MANY, 0.7 * one.mark.of_articles) and told >= 0.8 * on:
                    yield where, on

    def is_biography(self, at: int) -> bool:
        """Whether a line behind the text begins with the name that is all of the line above, or is that name."""
        here, below = self.flags[at], self.flags[at + 1] if at + 1 < len(self.flags) else 0
        longer = self.columns[at + 1] if below & ECHO else self.columns[at] if here & ECHO else 0
        return at > self.last and longer > BIOGRAPHY

    def is_unlabelled_name(self, at: int) -> bool:
        """Whether a line in the head is a name that is on few articles, beside a mark that has such lines on many."""
        seldom = 2 * self.count[at] < self.count_of[at]  # what stands on half of the articles is a section or the site
        fits = seldom and at < self.first and self.columns[at] <= NARROW and not self.flags[at] & (LINKED | OWN_TITLE)
        return fits and self.flags[at] & NAME != 0 and any(self.beside_marks(at, HEAD))

    def _take_out_strange(self, low: int, high: int) -> None:
        """Take out what stands between the marks and the text and has no words with it in common, where the site has such."""
        of_text = {self.slots[at] for at in range(len(self.own)) if self.own[at]}
        for zone, span, known in (
            (HEAD, range(low + 1, self.first), low >= 0),
            (TAIL, range(self.last + 1, high), high < len(self.own)),
        ):
            for at in span if known else ():
                has_such = zone + APART * (self.slots[at] not in of_text) in self.habits.strange
                text = self.heads_group[at] or self.sides[at] & AGAIN or AKIN <= self.kin[at] < UNKNOWN
                if has_such and self.loose[at] and not text:
                    why = "shares no words with the text, or only repeats beginnings of its paragraphs, as such lines do here"
                    self.take_out(at, self._named(at) or LineVerdict(False, None, why))

    def _take_out_signatures(self) -> None:
        """Take out the name of an author right above or below the text, where the site's articles have names there."""
        for zone, at, side, where in ((HEAD, self.first - 1, 1, "above"), (TAIL, self.last + 1, 0, "below")):
            if not 0 <= at < len(self.own) or not self._may_be_slot(at) or not self.flags[at] & NAME:
                continue
            on, names = self.habits.slots.get(slot_key(TEXT_KEY, zone, side), (0, 0))
            seldom = self.count[at] < max(_MANY, _HALF * self.template.articles)  # else it is the site's own
            if seldom and on >= _MANY and names >= _NEARLY_ALL * on:
                why = f"is a name right {where} the text, as on {names} articles"
                self.take_out(at, self._named(at) or LineVerdict(False, Role.BYLINE, why))

    def _take_out_labelled(self, low: int, high: int) -> None:
        """Take out the boxes of sentences, each with its label."""
        for begin, stop in () if self.spared else self.labelled_boxes:
            if low <= begin < high:
                label = "its first line" if stop == begin + 1 else f"a line on {self.count[begin]} articles"
                why = f"is of a box that has no words in common with the text: {label} is the label"
                for at in range(begin, min(stop, high)):
                    self.take_out(at, LineVerdict(False, None, why))

    def _may_begin_box(self, at: int) -> bool:
        if self.own[at] or at in self.series or self.is_item(at, self.kept):
            return False
        return self.slots[at] not in self.habits.headings and not (self.flags[at] & HEADING and self.own[at + 1])

    def _heads_list(self, at: int) -> bool:
        """Whether a line stands right above one of the body that is a way of writing: an amount, a time."""
        below = at + 1
        return below < len(self.own) and self.sides[below] & AGAIN != 0 and self.kept[below] is not None

    def _take_out_boxes(self, low: int, high: int) -> None:
        """Take out boxes: the line that begins one, and as many lines below as such boxes have."""
        boxes = self.forms.boxes
        if not boxes:
            return
        for at, keys in enumerate(self.keys):
            box = next((boxes[key] for key in keys[1:4] if key in boxes), None)
            if box is None or not low <= at < high or not self._may_begin_box(at):
                continue
            why = "begins a box, as on other articles of the site"
            if at > low:
                self.take_out(at, LineVerdict(False, None, why))
            if at - 2 > low and self._asks_reader(at - 1):
                for above in (at - 2, at - 1):
                    self.take_out(above, LineVerdict(False, None, f"is above a line that {why}, and asks the reader"))
            if (
                box.headed
                and at - 1 > low
                and self.flags[at - 1] & HEADING
                and self.slots[at - 1] not in self.habits.headings
            ):
                self.take_out(at - 1, LineVerdict(False, None, f"is the heading of the line below, which {why}"))
            for below in range(at + 1, min(at + 1 + box.below, high)):
                if self.verdicts[below] is not None:
                    continue
                if below in self.series or self._heads_list(below):
                    break
                subhead = self.slots[below] in self.habits.headings
                heads = self.flags[below] & HEADING and (subhead or self._heads_text(below))
                if self.own[below] or self.flags[below] & (RUNNING | FIXED) or heads or self.sides[below] & AGAIN:
                    break
                named = self._named(below) if below < self.first else None
                self.take_out(below, named or LineVerdict(False, None, f"is a line of the box below a line that {why}"))

    def _may_be_slot(self, at: int) -> bool:
        flags = self.flags[at]
        return (
            self.short[at]
            and not flags & (STOPPED | HEADING | LINKED | OWN_TITLE)
            and not self.own[at]
            and at not in self.series
            and not self.headed[at]
            and not self.other[at]
            and not self.sides[at] & AGAIN
            and ((self.columns[at] <= NARROW and flags & NAME != 0) or bool(self.marks[at]))
        )
