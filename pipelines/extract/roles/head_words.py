"""HeadWords: the words of an article's head as the metadata give them; blocks that say the same are the head on the page."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.pipelines.extract.metadata.metadata import Metadata
from broadsheet.pipelines.extract.page.words import words_of


@dataclass(frozen=True, slots=True)
class HeadWords:
    """Words by `words_of`. ``titles`` are the title and its alternatives; an article without a title has the title ""."""

    title: str
    titles: frozenset[str]
    authors: tuple[str, ...]
    description: str

    @classmethod
    def of(cls, metadata: Metadata) -> HeadWords:
        """The words of *metadata*'s title, authors and description."""
        title = words_of(metadata.title or "")
        return cls(
            title,
            frozenset((title, *map(words_of, metadata.title_alternatives))),
            tuple(filter(None, (words_of(person.name) for person in metadata.authors))),
            words_of(metadata.description or ""),
        )
