"""What a line of a page is by itself, by what the site's other articles have where it stands: another page, a name, a constant
text, a form, a label, a caption.

A verdict is none where the line may be the article's own.  Amid the text only what cannot be its own gets one, since there a
wrong removal costs most; `apply_forms` asks for them, and takes out what lines are together.
"""

from __future__ import annotations

from broadsheet.pipelines.extract.roles.role import Role
from broadsheet.pipelines.extract.site.body_lines import BodyLines, LineVerdict
from broadsheet.pipelines.extract.site.habits import BYLINE, CREDIT, NARROW
from broadsheet.pipelines.extract.site.lines import (
    ADDRESSING,
    AUTHORED,
    BIOGRAPHY,
    ECHO,
    FURNITURE,
    HEADING,
    INTRODUCED,
    LETTERS,
    LINKED,
    NAMED,
    NUMBERED,
    OWN_TITLE,
    PICTURED,
    PLEA,
    RUNNING,
    STOPPED,
    WHOLE_LINK,
)
from broadsheet.pipelines.extract.site.marks import AGAIN, FEWEST, NEAR
from broadsheet.pipelines.extract.site.others import HEADLINE, LABELLED, TEASER
from broadsheet.pipelines.extract.site.page_forms import FORM, LABEL
from broadsheet.pipelines.extract.site.site_forms import stands_on

_HALF, _NEARLY_ALL, _MOST, _SOME, _SELDOM = 0.5, 0.9, 0.6, 0.25, 0.2
_MANY = 4  # articles
_CLEAR, _FAIR = 230, 179  # mean scores of what is clearly, or rather, body
_APPEAL, _QUESTION = 240, 120  # columns

OTHERS = {
    HEADLINE: "is another page's headline",
    LABELLED: "names another page",
    TEASER: "is the cut beginning of another page",
}


class JudgedLines(BodyLines):
    """The lines of a page with the verdict of each."""

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

    def _asks_reader(self, at: int) -> bool:
        """Whether a line asks the reader something below a label that recurs: a poll, whose answers are a box."""
        asks = self.flags[at] & (ADDRESSING | STOPPED) == ADDRESSING | STOPPED and self.columns[at] <= _QUESTION
        labelled = (
            self.count[at - 1] >= FEWEST and self.short[at - 1] and not self.flags[at - 1] & (STOPPED | OWN_TITLE)
        )
        return asks and labelled and self.columns[at - 1] <= NARROW

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
