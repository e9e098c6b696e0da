"""The roles of a page whose body is given: what the block model would decide is out of the way."""

from __future__ import annotations

from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.page.text_traits import traits_of
from broadsheet.pipelines.extract.roles.assign import assign_roles, follow_headings
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import Role, RoleSource

BODY = "Body of the article"  # how each block begins that is given as body


def roles_of(html: str, metadata: Metadata | None = None) -> dict[str, RoleAssignment]:
    """The assignment of each text of *html*."""
    root = parse_html(html)
    assert root is not None
    layout = lay_out(root)
    body = [
        RoleAssignment(Role.BODY, RoleSource.MODEL, 0.9) if block.text.startswith(BODY) else None
        for block in layout.blocks
    ]
    traits = [traits_of(block.text) for block in layout.blocks]
    keywords = [one.keywords for one in traits]
    head = HeadWords.of(metadata or Metadata())
    found = assign_roles(layout, body, head, [one.words for one in traits], keywords)
    follow_headings(layout.blocks, keywords, found)
    return {block.text: one for block, one in zip(layout.blocks, found, strict=True)}
