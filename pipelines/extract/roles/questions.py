"""The questions by which a block that is not body gets its role, in the order of their certainty.

Each question sees the evidence about the page and about one block. It answers with a role, by markup where a class or an
element names it and by rule where words and place do; or with None, and the next question is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.page.keywords import KEYWORD_BIT
from broadsheet.pipelines.extract.page.words import is_hashtags
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment, by_markup, by_rule
from broadsheet.pipelines.extract.roles.evidence import BIT_WITHIN, LINE, SHORT, Evidence, Place, is_heading
from broadsheet.pipelines.extract.roles.role import Role

_DATE = re.compile(
    r"\b(?:19|20)\d\d\b.*\b\d|\b\d.*\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
    r"|\b\d{1,2}:\d\d\b|年\d{1,2}月|\bago\b|^(?:vor|il y a|hace|há) \d"
)
_H_NAV, _H_CAPTION, _H_CREDIT, _H_STANDFIRST, _H_AUTHOR, _H_DATE, _H_TAGS, _H_COMMENT = (
    BIT[name] for name in ("nav", "caption", "credit", "standfirst", "author", "date", "tags", "comment")
)
_H_FORM, _H_BIOGRAPHY, _H_POPULAR, _H_RELATED, _H_FOOTER = (
    BIT[name] for name in ("form", "biography", "popular", "related", "footer")
)
_H_NAV_TOC = BIT["nav"] | BIT["toc"]
_H_PROMO = BIT["promo"]
_H_CARD_PROMO = BIT["card"] | _H_PROMO
_LISTS = BIT["related"] | BIT["popular"] | BIT["nav"] | BIT["share"]
_NO_CAPTION = _LISTS | _H_CARD_PROMO | BIT["author"] | BIT["ad"]
_NO_STANDFIRST = BIT["related"] | BIT["nav"] | BIT["cookie"] | BIT["newsletter"] | BIT["popular"]
_W_CREDIT, _W_BYLINE, _W_DATE, _W_TAGS, _W_COMMENT, _W_BIOGRAPHY, _W_POPULAR, _W_RELATED, _W_LEGAL = (
    KEYWORD_BIT[name]
    for name in ("credit", "byline", "date", "tags", "comment", "biography", "popular", "related", "legal")
)
_W_RELATED_NEWSLETTER_SHARE = KEYWORD_BIT["related"] | KEYWORD_BIT["newsletter"] | KEYWORD_BIT["share"]
_IN_FIGURE, _IN_NAV, _IN_FORM, _IN_FOOTER, _IN_HEADER = (
    BIT_WITHIN[tag] for tag in ("figure", "nav", "form", "footer", "header")
)
_ELLIPSIS = ("…", "...", "[…]", "[...]")
_LINKED = 0.6  # share of linked characters from which a block is a list of links
_FURNITURE = (  # hint, keywords that a long block must have besides, role
    (BIT["cookie"], KEYWORD_BIT["cookie"], Role.COOKIE),
    (BIT["newsletter"], 0, Role.NEWSLETTER),
    (BIT["paywall"], 0, Role.PAYWALL),
    (BIT["share"], 0, Role.SHARE),
    (BIT["ad"], 0, Role.AD),
)
_BY_KEYWORD = tuple((KEYWORD_BIT[role], role) for role in (Role.COOKIE, Role.NEWSLETTER, Role.SHARE, Role.AD))
_FURNITURE_HINTS = sum(hint for hint, _, _ in _FURNITURE)
_FURNITURE_WORDS = sum(word for word, _ in _BY_KEYWORD)


def _headline(evidence: Evidence, place: Place) -> RoleAssignment | None:
    if place.ordinal == evidence.headline:
        return (by_markup if is_heading(place.tag) else by_rule)(Role.HEADLINE)
    if place.words in evidence.titles and len(place.words) > 12:
        if evidence.beside_picture(place.block):
            return by_rule(Role.CAPTION)
        if place.before or (not place.after and place.link_density < _LINKED):
            return by_rule(Role.BREADCRUMB if place.hints & _H_NAV else Role.HEADLINE)
    return None


def _caption(evidence: Evidence, place: Place) -> RoleAssignment | None:
    block, size, credited = place.block, place.size, place.keywords & _W_CREDIT
    linked = place.link_density >= _LINKED and not evidence.enlarges(block)
    marked = place.within & _IN_FIGURE or place.hints & _H_CAPTION or place.tag == "figcaption"
    if (not linked and marked) and (
        not place.hints & _LISTS or (evidence.about_body(place.ordinal) and evidence.in_caption(block))
    ):
        if (place.hints & ~block.hints) & _H_CREDIT or (credited and size < 2 * SHORT):
            return by_markup(Role.CREDIT)
        return by_markup(Role.CAPTION)
    if credited and size < LINE and (block.hints | block.node.hints) & _H_CREDIT:
        return by_markup(Role.CREDIT)
    if evidence.tells_of_picture(block):
        return by_rule(Role.CAPTION)
    if (
        not linked
        and size < 3 * LINE
        and not place.hints & _NO_CAPTION & ~_H_PROMO
        and not (place.hints & _H_PROMO and evidence.promotes(block))
        and evidence.about_body(place.ordinal)
        and not is_heading(place.tag)
        and place.words not in evidence.authors
        and evidence.beside_picture(block)
        and sum(map(str.isalpha, block.text[:LINE])) > 3  # not a number in brackets
    ):
        return by_rule(Role.CREDIT if credited and size < SHORT else Role.CAPTION)
    return None


def _standfirst(evidence: Evidence, place: Place) -> RoleAssignment | None:
    ordinal, headline = place.ordinal, evidence.headline
    if not (headline < ordinal <= evidence.first or (place.before and headline < 0)):
        return None
    if not SHORT <= place.size <= 900 or place.link_density > 0.5:
        return None
    words, description = place.words, evidence.description
    if description and len(words) > 30 and (words.startswith(description[:60]) or description.startswith(words[:60])):
        return by_rule(Role.STANDFIRST)
    if place.hints & _H_STANDFIRST and not place.hints & _NO_STANDFIRST:
        return by_markup(Role.STANDFIRST)
    if 0 <= ordinal - headline <= 2 and place.tag in {"h2", "h3"} and not place.keywords:
        return by_rule(Role.STANDFIRST)
    return None


def _byline(evidence: Evidence, place: Place) -> RoleAssignment | None:
    if place.size > LINE or not (evidence.headline - 4 <= place.ordinal or evidence.headline < 0):
        return None
    words = place.words
    if "://" in place.block.text or (place.within & _IN_FOOTER and place.keywords & _W_LEGAL):
        return None
    if evidence.names_author(words) and len(words) < 2 * max(map(len, evidence.authors)) + SHORT:
        return by_rule(Role.BYLINE)
    if (
        (place.keywords & _W_BYLINE or place.hints & _H_AUTHOR)
        and not place.keywords & _W_RELATED_NEWSLETTER_SHARE
        and evidence.near_top(place.ordinal)
    ):
        return (by_markup if place.hints & _H_AUTHOR else by_rule)(Role.BYLINE)
    return None


def _dateline(evidence: Evidence, place: Place) -> RoleAssignment | None:
    block = place.block
    if place.size >= 2 * SHORT or not evidence.near_top(place.ordinal, 15):
        return None
    if (
        place.link_density < _LINKED
        and evidence.near_top(place.ordinal, 8)
        and (place.tag == "time" or "time" in block.marked or _DATE.search(block.text))
    ):
        return by_rule(Role.DATELINE)
    if place.hints & _H_DATE and (place.keywords & _W_DATE or _DATE.search(block.text)):
        return by_markup(Role.DATELINE)
    return None


def _comment(evidence: Evidence, place: Place) -> RoleAssignment | None:
    hints, in_form = place.hints, place.within & _IN_FORM
    if hints & _H_COMMENT and not hints & _H_TAGS:
        form = in_form or hints & _H_FORM or place.tag in {"label", "button"}
        heading = is_heading(place.tag) and place.keywords & _W_COMMENT
        return by_markup(Role.COMMENT_FORM if form or heading else Role.COMMENT)
    if place.keywords & _W_COMMENT and place.size < LINE and (place.after or in_form):
        return by_rule(Role.COMMENT_FORM)
    if in_form and place.after:
        return by_rule(Role.COMMENT_FORM if place.ordinal - evidence.last < 60 else Role.OTHER)
    return None


def _biography(evidence: Evidence, place: Place) -> RoleAssignment | None:
    by_author, says = place.hints & _H_AUTHOR, place.keywords & _W_BIOGRAPHY
    if place.within & _IN_FOOTER and place.keywords & _W_LEGAL and place.size < LINE:
        return None
    if by_author and place.keywords & _W_BYLINE and place.size < LINE and _DATE.search(place.block.text):
        return by_markup(Role.BYLINE)  # the line below the text that says who wrote it, and when
    if place.hints & _H_BIOGRAPHY and (place.after or place.size > SHORT):
        return by_markup(Role.AUTHOR_BIO)
    if not place.after:
        return None
    if by_author or ((says or place.size > SHORT) and evidence.names_author(place.words)):
        return (by_markup if by_author else by_rule)(Role.AUTHOR_BIO)
    if says and place.link_density < _LINKED:
        return by_rule(Role.AUTHOR_BIO)
    return None


def _tags(evidence: Evidence, place: Place) -> RoleAssignment | None:
    if not place.before and is_hashtags(place.block.text):
        return by_rule(Role.TAGS)
    marked = place.hints & _H_TAGS and not place.within & _IN_NAV
    if (marked or place.keywords & _W_TAGS) and (
        place.size < 2 * LINE and evidence.first - 10 <= place.ordinal <= evidence.last + 25
    ):
        return (by_markup if marked else by_rule)(Role.TAGS)
    return None


def _related(evidence: Evidence, place: Place) -> RoleAssignment | None:  # noqa: ARG001 - a question
    hints, words, size = place.hints, place.keywords, place.size
    if place.before and place.within & _IN_NAV:
        return None
    if hints & _H_POPULAR or (words & _W_POPULAR and size < LINE):
        return (by_markup if hints & _H_POPULAR else by_rule)(Role.MOST_READ)
    if hints & _H_RELATED or (words & _W_RELATED and size < 2 * LINE):
        return (by_markup if hints & _H_RELATED else by_rule)(Role.RELATED)
    if place.before:
        return None
    if size > SHORT and place.block.text.endswith(_ELLIPSIS):
        return by_rule(Role.RELATED)
    if hints & _H_CARD_PROMO and size < 3 * LINE:
        return by_markup(Role.RELATED)
    return None


def _furniture(evidence: Evidence, place: Place) -> RoleAssignment | None:
    if place.hints & _FURNITURE_HINTS:
        for hint, word, role in _FURNITURE:
            if place.hints & hint and (place.keywords & word or place.size < 3 * SHORT or not word):
                if role is Role.AD and place.before and place.within & _IN_HEADER:
                    continue  # of a header, "banner" says that it is one: ARIA's landmark
                return by_markup(role)
    if place.keywords & _FURNITURE_WORDS and place.size < 4 * LINE:
        if place.before and place.ordinal < evidence.first - 20 and place.link_density > _LINKED:
            return None
        return by_rule(next(role for word, role in _BY_KEYWORD if place.keywords & word))
    return None


def _page(evidence: Evidence, place: Place) -> RoleAssignment | None:  # noqa: ARG001 - a question
    hints, within, size = place.hints, place.within, place.size
    if hints & _H_NAV and "breadcrumb" in place.block.path.lower():
        return by_markup(Role.BREADCRUMB)
    if within & _IN_NAV or (hints & _H_NAV_TOC and size < LINE):
        return by_markup(Role.NAV)
    if within & _IN_FOOTER or (hints & _H_FOOTER and place.after):
        return by_markup(Role.FOOTER)
    if place.keywords & _W_LEGAL and place.after and size < 4 * LINE:
        return by_rule(Role.FOOTER)
    if within & _IN_HEADER and place.before:
        return by_markup(Role.NAV)
    if place.link_density > 0.8 and size < 3 * LINE:
        return by_rule(Role.NAV if place.before or size <= SHORT else Role.RELATED)
    return None


QUESTIONS: tuple[Callable[[Evidence, Place], RoleAssignment | None], ...] = (
    _headline,
    _caption,
    _standfirst,
    _byline,
    _dateline,
    _comment,
    _biography,
    _tags,
    _related,
    _furniture,
    _page,
)
