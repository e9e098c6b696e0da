"""Authors that only the site can tell: a name that nothing introduces, in the place where its articles name their author.

Asked where neither metadata nor a byline named anybody.  What is known as a name comes from the site's other articles (their
metadata, biographies, bylines with a word before the name); in head or tail of a page such a name is its author's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from broadsheet.pipelines.extract.extraction import Person
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.metadata.names import has_lead_in, names_in
from broadsheet.pipelines.extract.page.blocks import Layout
from broadsheet.pipelines.extract.site.apply_forms import FormsApplied
from broadsheet.pipelines.extract.site.forms import LINE, name_of
from broadsheet.pipelines.extract.site.habits import NARROW
from broadsheet.pipelines.extract.site.lines import AUTHORED, ECHO, NAME, OWN_TITLE, RUNNING, STOPPED
from broadsheet.pipelines.extract.site.marks import FEWEST


def with_site_author(metadata: Metadata, layout: Layout, forms: FormsApplied) -> Metadata:
    """*metadata* with the author that the site's forms find on the page, when nothing else names one."""
    if metadata.authors or forms.last < 0:
        return metadata
    for at, name in _named(layout, forms):
        found = names_in(name)
        if found:
            people = tuple(Person(one) for one in found)
            return replace(metadata, authors=people, byline_raw=metadata.byline_raw or layout.blocks[at].text)
    return metadata


def _named(layout: Layout, forms: FormsApplied) -> Iterator[tuple[int, str]]:
    """Lines of head and tail that name an author, with the name: the surest first."""
    head, tail = range(forms.second), range(forms.last + 1, len(forms.flags))
    lines = [
        at
        for at in (*head, *tail)
        if forms.columns[at] <= LINE
        and not forms.flags[at] & (OWN_TITLE | RUNNING)
        and not forms.other[at]
        and not (at > forms.last and _is_over_a_comment(forms, at))
    ]
    for at in lines:
        if forms.names[at]:
            yield at, layout.blocks[at].text
        elif forms.rest_is_name[at]:
            yield at, name_of(layout.blocks[at].text)
    for at in head:
        if forms.is_unlabelled_name(at):
            yield at, layout.blocks[at].text
    for at in lines:
        if forms.recurs(at, FEWEST) and has_lead_in(layout.blocks[at].text):
            yield at, layout.blocks[at].text
    for at in tail:
        below = forms.flags[at + 1] if at + 1 < len(forms.flags) else 0
        if below & ECHO and forms.biographies:
            yield at, layout.blocks[at].text
    title = next((at for at in head if forms.flags[at] & OWN_TITLE), len(head))
    for at in head[title:]:
        seldom = 2 * forms.count[at] < forms.articles  # what stands on half of the articles is a section or the site
        if (
            forms.biographies
            and seldom
            and forms.flags[at] & NAME
            and forms.columns[at] <= NARROW
            and forms.verdicts[at]
        ):
            yield at, layout.blocks[at].text


def _is_over_a_comment(forms: FormsApplied, at: int) -> bool:
    """Whether the line below is a sentence on this page alone that does not begin with the name: a reader's words."""
    if at + 1 >= len(forms.flags):
        return False
    flags = forms.flags[at + 1]
    return flags & STOPPED != 0 and not flags & (ECHO | AUTHORED) and forms.count[at + 1] == 1
