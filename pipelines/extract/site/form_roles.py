"""The roles of what is not body, by the forms of the site: names, dates, captions, comments, and lists of other pages.

A block's own words and elements say what it is where they say anything (`roles`); here the site's other articles tell what a
line is that says nothing of itself: a name between headline and text, a headline behind an image, a list without a heading.
"""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.pipelines.extract.page.blocks import Layout
from broadsheet.pipelines.extract.page.keywords import KEYWORD_BIT
from broadsheet.pipelines.extract.page.text_traits import TextTraits
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment, by_site_template
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, Role, RoleSource
from broadsheet.pipelines.extract.site.apply_forms import FormsApplied
from broadsheet.pipelines.extract.site.habits import BYLINE, NARROW
from broadsheet.pipelines.extract.site.judged_lines import OTHERS
from broadsheet.pipelines.extract.site.lines import (
    ADDRESSING,
    ECHO,
    LETTERS,
    LINKED,
    NAMED,
    NUMBERED,
    OWN_TITLE,
    PICTURED,
    PLEA,
    RUNNING,
    STOPPED,
)
from broadsheet.pipelines.extract.site.marks import FEWEST
from broadsheet.pipelines.extract.site.others import HEADLINE, LABELLED, TEASER
from broadsheet.pipelines.extract.site.page_forms import LABEL

_LISTS = frozenset({Role.RELATED, Role.MOST_READ})
_VAGUE = frozenset(
    {Role.OTHER, Role.RELATED, Role.MOST_READ, Role.NAV, Role.FOOTER, Role.AUTHOR_BIO, Role.DATELINE, Role.TAGS}
)
_UNNAMED = frozenset({Role.OTHER, Role.RELATED, Role.MOST_READ, Role.FOOTER})
_UNPICTURED = frozenset({Role.OTHER, Role.HEADLINE, Role.CAPTION, Role.RELATED, Role.BYLINE})
_HEADS_LIST = frozenset({Role.OTHER, Role.RELATED, Role.MOST_READ, Role.TAGS})
_MENU = frozenset({Role.NAV, Role.BREADCRUMB})
_POPULAR, _AD = KEYWORD_BIT["popular"], KEYWORD_BIT["ad"]
_POPULAR_WORDS = frozenset(
    [
        "beliebt",
        "beliebte",
        "popular",
        "populaires",
        "populaire",
        "populares",
        "populär",
        "top",
        "trending",
        "visto",
        "vistos",
        "visti",
        "viral",
    ]
)
_ARROWS = frozenset("←→‹›«»<>⟵⟶◀▶")
_TITLED = frozenset({Role.HEADLINE, Role.NAV})
_LISTED = 3  # lines from which it is known how the lines of a list are made


def roles_by_forms(
    layout: Layout, roles: Sequence[RoleAssignment], forms: FormsApplied, traits: Sequence[TextTraits]
) -> list[RoleAssignment]:
    """*roles* with what the forms of the site say of each block that is not body, and why."""
    found = list(roles)
    for at, (one, verdict) in enumerate(zip(roles, forms.verdicts, strict=True)):
        if one.role in BODY_ROLES:
            continue
        recurs = forms.count[at] > 1 or forms.flags[at] & LINKED
        menu = (
            one.role in _MENU and one.source is RoleSource.SITE_TEMPLATE and recurs and not forms.flags[at] & OWN_TITLE
        )
        role, why = (one.role, "") if menu else _role_of(forms, found, at)
        if role is Role.TAGS and traits[at].keywords & _AD and forms.columns[at] <= NARROW:  # its class says "label"
            role, why = Role.AD, "is short and says a word of advertisements"
        if verdict is not None and not verdict.body:
            found[at] = by_site_template(role, verdict.why, one.score)
        elif role is not one.role:
            found[at] = by_site_template(role, why, one.score)
    if forms.last >= 0:
        _name_lists(layout, found, forms, traits)
    return found


def _role_of(forms: FormsApplied, roles: Sequence[RoleAssignment], at: int) -> tuple[Role, str]:
    """The role of a line by itself, and why; that which it has where the site knows no better."""
    role, flags, verdict = roles[at].role, forms.flags[at], forms.verdicts[at]
    if forms.last < 0:
        return role, ""
    above = roles[at - 1].role if at else Role.OTHER
    if flags & OWN_TITLE and role in _TITLED and (flags & PICTURED or above is Role.CAPTION):
        return Role.CAPTION, "is the headline, at an image"
    if forms.is_biography(at) and (role in _VAGUE or role is Role.BYLINE):
        return Role.AUTHOR_BIO, "a name and a text that begins with it, behind the text"
    if verdict is not None and verdict.role is not None:
        return verdict.role, verdict.why
    unpictured = role in _UNPICTURED or (role is Role.NAV and not flags & LINKED)
    pictured = forms.at_picture(at) if unpictured else None
    if pictured is not None and pictured.role is not None:
        return pictured.role, pictured.why
    if _is_byline(forms, at) and role in _VAGUE:
        return Role.BYLINE, "names one of the site's authors, or stands where its articles name theirs"
    numbered = flags & NUMBERED and forms.columns[at] <= NARROW and forms.short[at]
    if at < forms.second and numbered and (role in _UNNAMED or (role is Role.BYLINE and not flags & LETTERS)):
        return Role.DATELINE, "a short line with a date or a number, near the head"
    quoted = flags & NAMED and flags & (RUNNING | STOPPED) and forms.mark_of(at, LABEL) is not None
    if at > forms.last and forms.count[at] == 1 and quoted and role not in _MENU:
        return Role.COMMENT, "begins with a name and words that introduce others behind texts of the site"
    if role in _UNNAMED and flags & ADDRESSING and forms.count[at] >= FEWEST and not flags & LINKED:
        return Role.NEWSLETTER, f"speaks to the reader on {forms.count[at]} of {forms.count_of[at]} articles"
    return role, ""


def _is_byline(forms: FormsApplied, at: int) -> bool:
    """Whether a line names one of the site's authors, with little beside."""
    if not (at < forms.second or at > forms.last) or forms.columns[at] > BYLINE or forms.flags[at] & RUNNING:
        return False
    if forms.flags[at] & (OWN_TITLE | PLEA) or forms.other[at]:
        return False
    return forms.names[at] or forms.rest_is_name[at] or forms.is_unlabelled_name(at)


def _name_lists(layout: Layout, found: list[RoleAssignment], forms: FormsApplied, traits: Sequence[TextTraits]) -> None:
    """Name the runs of other pages' headlines and teasers: after the line above each, when that is the heading of a list."""
    at = 0
    while at < len(found):
        if not _is_listed(layout, found, forms, at):
            if forms.other[at] and found[at].role not in _MENU | BODY_ROLES:  # a single one, with a label or an arrow
                why = found[at].why or OTHERS[forms.other[at]]
                found[at] = by_site_template(Role.RELATED, why, found[at].score)
            at += 1
            continue
        stop = at
        while stop < len(found) and _is_listed(layout, found, forms, stop):
            stop += 1
        stop = _next_list(forms, at, stop)
        head = at - 1
        headed = head >= 0 and found[head].role in _HEADS_LIST and _heads_list(forms, head)
        role = Role.MOST_READ if headed and _is_of_popular(traits[head]) else Role.RELATED
        for number in range(head if headed else at, stop):
            one = found[number]
            if not (one.role in _LISTS and one.source is RoleSource.MARKUP):
                why = one.why or OTHERS.get(forms.other[number], "is of a list of other pages")
                found[number] = by_site_template(role, why, one.score)
        at = stop


def _next_list(forms: FormsApplied, start: int, stop: int) -> int:
    """Where in a run of lines of other pages, *start* to *stop*, a second list begins; *stop* where none does: lines made as
    none before them, or a page named again."""
    made: set[tuple[int, int]] = set()
    texts: set[int] = set()
    for at in range(start, stop):
        kind, text = (forms.slots[at], forms.other[at]), forms.texts[at]
        if at - start >= _LISTED and (kind not in made or text in texts):
            led = kind[1] == TEASER and (kind[0], HEADLINE) in made and forms.other[at - 1] == HEADLINE
            return at - 1 if led and at - start > _LISTED else at
        made.add(kind)
        texts.add(text)
    return stop


def _is_of_popular(traits: TextTraits) -> bool:
    return traits.keywords & _POPULAR != 0 or not _POPULAR_WORDS.isdisjoint(traits.words.split())


def _is_listed(layout: Layout, found: Sequence[RoleAssignment], forms: FormsApplied, at: int) -> bool:
    """Whether a line is a part of a list of other pages."""
    if found[at].role in BODY_ROLES or found[at].role in _MENU or forms.other[at] == LABELLED:
        return False
    of_own = (
        at > forms.last and forms.flags[at] & OWN_TITLE and at > 0 and forms.other[at - 1] != 0
    )  # lists name this page, too
    listed = bool(of_own) or forms.other[at] in {HEADLINE, TEASER}
    return listed and layout.blocks[at].text[:1] not in _ARROWS


def _heads_list(forms: FormsApplied, at: int) -> bool:
    """Whether a line may be the heading of the list below it: short, without a label, and on several pages."""
    flags = forms.flags[at]
    short = forms.short[at] and forms.columns[at] <= NARROW and not flags & (STOPPED | ECHO | OWN_TITLE)
    return short and not forms.names[at] and not forms.labels[at] and forms.count[at] > 1
