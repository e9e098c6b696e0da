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
from broadsheet.pipelines.extract.site.body_lines import BodyLines, LineVerdict
from broadsheet.pipelines.extract.site.habits import APART, BYLINE, CREDIT, HEAD, NARROW, TAIL, TEXT_KEY, slot_key
from broadsheet.pipelines.extract.site.kinship import AKIN, UNKNOWN
from broadsheet.pipelines.extract.site.lines import (
    ADDRESSING,
    AUTHORED,
    BIOGRAPHY,
    ECHO,
    FIXED,
    FURNITURE,
    HEADING,
    INTRODUCED,
    LETTERS,
    LINKED,
    NAME,
    NAMED,
    NUMBERED,
    OWN_TITLE,
    PICTURED,
    PLEA,
    RUNNING,
    STOPPED,
    WHOLE_LINK,
    Lines,
)
from broadsheet.pipelines.extract.site.marks import AGAIN, BEGINS, ENDS, FEWEST, NEAR
from broadsheet.pipelines.extract.site.others import HEADLINE, LABELLED, TEASER
from broadsheet.pipelines.extract.site.page_forms import FORM, LABEL
from broadsheet.pipelines.extract.site.profile import SiteProfile
from broadsheet.pipelines.extract.site.site_forms import stands_on

_HALF, _NEARLY_ALL, _MOST, _SOME, _SELDOM = 0.5, 0.9, 0.6, 0.25, 0.2
_MANY = 4  # articles
_SENTENCE = 60  # columns of a line that is no label
_SURE, _CLEAR, _FAIR = 204, 230, 179  # scores: surely body; so in the mean; rather body
_APPEAL, _QUESTION = 240, 120  # columns

OTHERS = {
    HEADLINE: "is another page's headline",
    LABELLED: "names another page",
    TEASER: "is the cut beginning of another page",
}


class FormsApplied(BodyLines):
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

    def _heads_text(self, at: int) -> bool:
        """Whether a line is a heading right above the page's own text."""
        if not self._is_headed(at) or at + 1 >= len(self.own):
            return False
        return self.own[at + 1] or (self.first < at < self.last and self.kept[at + 1] is not None)

    def _is_headed(self, at: int) -> bool:
        """Whether a line is made as a heading, or stands in a place of subheads."""
        return self.flags[at] & HEADING != 0 or self.slots[at] in self.habits.headings

    def _heads(self, at: int) -> bool:
        """Whether a line is a heading of what is left of the text."""
        return self._is_headed(at) and at + 1 < len(self.kept) and self.kept[at + 1] is not None

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

    def _told(self, at: int, side: int) -> str:
        """On how many articles the line's mark for *side* stands."""
        one = max((one for one in self.marks[at] if one.sides & side), key=lambda one: one.mark.articles)
        return stands_on(one.mark, side)

    def _named(self, at: int) -> LineVerdict | None:
        """What a line outside of the text is by itself: a name, a biography, another page."""
        flags = self.flags[at]
        if self.other[at]:
            return LineVerdict(False, Role.RELATED, OTHERS[self.other[at]])
        if at > self.last:
            below = self.flags[at + 1] if at + 1 < len(self.flags) else 0
            if self.forms.biographies and self.columns[at] > BIOGRAPHY and flags & (ECHO | AUTHORED):
                return LineVerdict(False, Role.AUTHOR_BIO, "begins with an author's name, behind the text")
            if self.forms.biographies and below & ECHO:
                return LineVerdict(False, Role.AUTHOR_BIO, "is the name above a biography")
        if self.names[at]:
            return LineVerdict(False, Role.BYLINE, "is the name of one of the site's authors")
        if self.rest_is_name[at] and flags & INTRODUCED and self.columns[at] <= BYLINE and not flags & RUNNING:
            return LineVerdict(False, Role.BYLINE, "introduces one of the site's authors")
        return None

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

    def _asks_reader(self, at: int) -> bool:
        """Whether a line asks the reader something below a label that recurs: a poll, whose answers are a box."""
        asks = self.flags[at] & (ADDRESSING | STOPPED) == ADDRESSING | STOPPED and self.columns[at] <= _QUESTION
        labelled = (
            self.count[at - 1] >= FEWEST and self.short[at - 1] and not self.flags[at - 1] & (STOPPED | OWN_TITLE)
        )
        return asks and labelled and self.columns[at - 1] <= NARROW

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

    def _verdict(self, at: int) -> LineVerdict | None:
        """Why a line between the marks is none of the text; None when it may be."""
        if at in self.series or self.led[at]:
            return None
        edge = at < self.first or at > self.last
        if edge and self.outside[at] and not (self._heads(at) or self.heads_group[at] or self.is_listed(at)):
            return self._named(at) or LineVerdict(False, None, "stands in a place outside of the text")
        of_text = self.flags[at] & HEADING or self.sides[at] & AGAIN or self.heads_group[at]
        if self.furniture[at] and self.short[at] and not of_text:
            return self._named(at) or LineVerdict(
                False, None, "stands in a place that holds no text on the site's articles"
            )
        if edge or at < self.second:
            named = self._named(at)
            if named is not None and (named.role != Role.RELATED or edge):
                return named
        for question in (self._own_title, self._of_another, self._constant, self._form):
            found = question(at, edge)
            if found is not None:
                return found
        return self.at_picture(at)

    def _own_title(self, at: int, edge: bool) -> LineVerdict | None:
        flags = self.flags[at]
        if not flags & OWN_TITLE or (flags & HEADING and not edge):
            return None
        if not edge and self.habits.own_title < 2:
            return None
        others = f", as on {self.habits.own_title} articles" if self.habits.own_title else ""
        return LineVerdict(False, None, f"repeats the headline{others}")

    def _of_another(self, at: int, edge: bool) -> LineVerdict | None:
        other, habits = self.other[at], self.habits
        if not other or (other == TEASER and not edge):
            return None
        whole = self.flags[at] & WHOLE_LINK
        if other == LABELLED and not (edge or whole or habits.other_labels.get(self.labels[at], 0) >= 2):
            return None
        linked = self.flags[at] & LINKED
        if not linked and other == HEADLINE and habits.others < max(2, 0.3 * self.template.articles):
            return None
        return LineVerdict(False, Role.RELATED, OTHERS[other])

    def _constant(self, at: int, edge: bool) -> LineVerdict | None:
        """Of a text that recurs in its place, or that asks for something wherever it stands."""
        flags, sides = self.flags[at], self.sides[at]
        if sides & AGAIN and not self.is_button(at):
            return None
        if not flags & LETTERS:
            one = self.mark_of(at, FORM)
            enough = one is not None and one.mark.articles >= max(FEWEST, _SOME * one.mark.of_articles)
            if one is not None and (enough or (at < self.second and one.mark.near == one.mark.articles)):
                return LineVerdict(
                    False, None, f"numbers alone, as on {one.mark.articles} of {one.mark.of_articles} articles"
                )
            return None
        sentence = flags & (STOPPED | RUNNING)
        anywhere, all_of = self.count[at], self.count_of[at]
        if self.columns[at] <= _APPEAL and not flags & HEADING:
            label = not sentence and self.columns[at] <= NARROW
            if (flags & PLEA or self.is_button(at)) and anywhere >= (FEWEST if label else max(FEWEST, _SOME * all_of)):
                return LineVerdict(False, None, f"asks or advertises on {anywhere} of {all_of} articles")
            if flags & ADDRESSING and anywhere >= max(FEWEST, _SOME * all_of):
                return LineVerdict(False, None, f"speaks to the reader on {anywhere} of {all_of} articles")
        mark = self.placed(at)
        if mark is None or mark.articles < max(FEWEST, _HALF * mark.of_articles):
            return None
        of = mark.of_articles
        if self._heads(at):
            return None
        why = f"stands on {mark.articles} of {of} articles in this place"
        furniture = flags & FURNITURE
        seldom_amid = mark.amid <= _SELDOM * mark.articles
        if edge and (furniture or (seldom_amid and (mark.articles >= max(_MOST * of, min(_MANY, of)) or not sentence))):
            return LineVerdict(False, None, why)
        if furniture and not sentence:
            return LineVerdict(False, None, f"{why}, and says a word of furniture")
        if sentence and mark.articles >= max(_MANY, _NEARLY_ALL * of):
            return LineVerdict(False, None, why)
        if sentence and mark.articles >= _MANY and mark.score < (_CLEAR if mark.articles >= _MOST * of else _FAIR):
            return LineVerdict(False, None, f"{why}, and reads less like text than the text does")
        return None

    def _form(self, at: int, edge: bool) -> LineVerdict | None:
        """Of a line at the edge whose form or label recurs."""
        flags, sides = self.flags[at], self.sides[at]
        near = self.first < at < self.second and sides & NEAR
        if not (edge or near) or sides & AGAIN or not self.short[at]:
            return None
        if self._heads(at) and (near or not self.is_known(at + 1)):
            return None
        if near and self.count[at] > 1 and not flags & (FURNITURE | NUMBERED) and self._stands_alone(at):
            return None  # as the first subhead of many an article
        if near and (self._is_in_list(at) or self._heads_lines(at)):
            return None
        if near:
            return LineVerdict(False, None, self._told(at, NEAR))
        for kind, what in ((FORM, "a line of its form"), (LABEL, "its label")):
            one = None if kind == LABEL and flags & STOPPED else self.mark_of(at, kind)
            if one is not None and one.mark.articles >= max(FEWEST, _HALF * one.mark.of_articles):
                return LineVerdict(
                    False, None, f"{what} stands on {one.mark.articles} of {one.mark.of_articles} articles"
                )
        return None

    def _is_in_list(self, at: int) -> bool:
        """Whether a line stands beside one of the same place that is neither own text nor known and stays in the body."""
        return any(
            self.slots[beside] == self.slots[at]
            and self.kept[beside] is not None
            and not self.own[beside]
            and not self.is_known(beside)
            for beside in (at - 1, at + 1)
        )

    def _heads_lines(self, at: int) -> bool:
        """Whether two lines below are of the body and of this article alone, though neither is running text: ingredients."""
        below = range(at + 1, min(at + 3, len(self.own)))
        return len(below) == 2 and all(
            self.kept[one] is not None
            and self.count[one] == 1
            and not self.own[one]
            and not self.flags[one] & OWN_TITLE
            for one in below
        )

    def _stands_alone(self, at: int) -> bool:
        """Whether a line stands above what is on this article alone, and not below another line of the head."""
        below = self.count[at + 1] <= 1 and not self.other[at + 1] and self.slots[at] == self.slots[self.first]
        above = self.own[at - 1] or self.flags[at - 1] & (OWN_TITLE | PICTURED) != 0
        return bool(above and (below or self.own[at + 1]))

    def at_picture(self, at: int) -> LineVerdict | None:
        """Of captions and credits, where the site has them right behind its images."""
        flags, habits = self.flags[at], self.habits
        if habits.pictured < FEWEST:
            habits = self.forms.site.habits
        if not self.short[at]:
            return None
        credited = habits.credits.get(self.labels[at], 0) if self.labels[at] else 0
        behind = any(one & PICTURED for one in self.flags[max(0, at - 2) : at + 1])
        if behind and credited >= max(FEWEST, _SELDOM * habits.pictured) and self.columns[at] < CREDIT:
            role = Role.CAPTION if flags & NAMED else Role.CREDIT
            return LineVerdict(False, role, f"its label stands behind images on {credited} articles")
        if (
            flags & PICTURED
            and not flags & STOPPED
            and not self._is_headed(at)
            and habits.captioned >= max(FEWEST, 0.8 * habits.pictured)
        ):
            return LineVerdict(False, Role.CAPTION, f"stands right behind an image, as on {habits.captioned} articles")
        return None
