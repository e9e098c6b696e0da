"""What the demo's newspaper says: its articles, authors and the truth that an extraction can be held against.

The texts lie in ``articles.md``, in a small subset of Markdown: ``# title``, a line of fields, ``lead:``, then a block a
line: a paragraph, ``## heading``, ``> quote``, ``- item``, ``| a | row |``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby

SITE_NAME = "The Harbour Gazette"
BIOGRAPHIES = {
    "Ines Halloran": "Ines Halloran has written for the Gazette since 2011. She covers culture, courts and everything afloat.",
    "Tomas Brandt": "Tomas Brandt is our harbour correspondent. He keeps bees, badly, and plays chess, worse.",
    "Mirela Costa": "Mirela Costa reports on the town and its buildings. She trained as a surveyor before she learned to ask.",
}


@dataclass(frozen=True, slots=True)
class DemoBlock:
    """A block of an article: ``kind`` is p, h2, quote, item or row."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article as its author wrote it."""

    slug: str
    title: str
    author: str
    published: date
    tags: tuple[str, ...]
    section: str
    lead: str
    blocks: tuple[DemoBlock, ...]

    @property
    def path(self) -> str:
        """Where the site has it."""
        return f"/{self.published:%Y/%m}/{self.slug}/"

    @property
    def language(self) -> str:
        """BCP 47."""
        return {"el": "es", "der": "de"}.get(self.slug.partition("-")[0], "en")

    @property
    def body(self) -> str:
        """The text that an extraction should give, a block a line; without headline, lead, captions and all else."""
        return "\n".join(re.sub(r"[*]", "", block.text) for block in self.blocks)


@cache
def articles() -> tuple[DemoArticle, ...]:
    """All articles, oldest first."""
    text = files("broadsheet.demo").joinpath("articles.md").read_text("utf-8")
    return tuple(_article(part) for part in re.split(r"(?m)^# ", text)[1:])


def _article(part: str) -> DemoArticle:
    title, fields, lead, *lines = (line for line in part.splitlines() if line.strip())
    values = dict(item.split(": ", 1) for item in fields.split(" | "))
    return DemoArticle(
        slug=values["slug"],
        title=title,
        author=values["author"],
        published=date.fromisoformat(values["date"]),
        tags=tuple(values["tags"].split(", ")),
        section=values["section"],
        lead=lead.removeprefix("lead: "),
        blocks=tuple(_block(line) for line in lines),
    )


def _block(line: str) -> DemoBlock:
    for mark, kind in (("## ", "h2"), ("> ", "quote"), ("- ", "item"), ("| ", "row")):
        if line.startswith(mark):
            return DemoBlock(kind, line[len(mark) :].removesuffix(" |"))
    return DemoBlock("p", line)


def runs(blocks: tuple[DemoBlock, ...]) -> list[tuple[str, list[DemoBlock]]]:
    """Neighbouring blocks of one kind together: the items of a list, the rows of a table."""
    return [(kind, list(group)) for kind, group in groupby(blocks, key=lambda block: block.kind)]
