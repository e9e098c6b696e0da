"""SiteProfile: what is known of a site, and how it is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.metadata.metadata import DateHabit
from broadsheet.pipelines.extract.roles.role import ROLE_OF_NAME, Role
from broadsheet.pipelines.extract.site.site_forms import SiteForms

PROFILE_VERSION = 11
COMMON = 0.5  # share of the pages from which it is known in which places a text stands


def placed_key(text: int, slot: int) -> int:
    """What a text in a place is known by."""
    return text ^ slot


@dataclass(frozen=True, slots=True)
class SlotHabit:
    """What stands in a place of the site's pages: the commonest role, its share, the share of body, on how many pages."""

    role: Role
    share: float
    body: float
    pages: int


@dataclass(frozen=True)
class SiteProfile:
    """Hashes are those of `sketch.hash_of`; counts are distinct articles and pages.

    ``texts``: blocks on more than one page; ``one_author``: those of them that stand on articles of one author only;
    ``headlines``: of its articles; ``starts``: beginnings of body paragraphs; ``slots``: habits of places;
    ``shapes``: short texts that are the same on several pages but for their numbers; ``placed``: by `placed_key`, on how many
    pages a text that half of the pages have stands in one place; ``forms``: what its articles have in common beside;
    ``partly``: of how many pages ``texts`` and ``shapes`` are counted, where those in their languages are not all.
    """

    site: str
    pages: int
    articles: int
    texts: Mapping[int, int]
    one_author: frozenset[int]
    headlines: frozenset[int]
    starts: Mapping[int, int]
    slots: Mapping[int, SlotHabit]
    shapes: Mapping[int, int]
    placed: Mapping[int, int]
    forms: SiteForms
    partly: Mapping[int, int]
    day_first: bool | None = None  # how it writes dates of digits

    @property
    def date_habit(self) -> DateHabit:
        """How the site writes dates of digits."""
        return DateHabit(self.day_first)

    def pages_for(self, text: int) -> int:
        """On how many pages a text, or a shape, could stand."""
        return self.partly.get(text, self.pages)

    @cached_property
    def known_headlines(self) -> npt.NDArray[np.int64]:
        """``headlines`` in order."""
        return np.array(sorted(self.headlines), np.int64)

    @cached_property
    def known_starts(self) -> npt.NDArray[np.int64]:
        """``starts`` in order."""
        return np.array(sorted(self.starts), np.int64)

    @cached_property
    def profile_id(self) -> str:
        """A hash of all that it says: part of the extraction_id."""
        return hashlib.sha256(self.to_json()).hexdigest()[:16]

    def to_json(self) -> bytes:
        """The profile as JSON, the same bytes for the same profile."""
        values = {
            "version": PROFILE_VERSION,
            "site": self.site,
            "pages": self.pages,
            "articles": self.articles,
            "texts": sorted(self.texts.items()),
            "one_author": sorted(self.one_author),
            "headlines": sorted(self.headlines),
            "starts": sorted(self.starts.items()),
            "shapes": sorted(self.shapes.items()),
            "placed": sorted(self.placed.items()),
            "forms": self.forms.to_values(),
            "partly": sorted(self.partly.items()),
            "day_first": self.day_first,
            "slots": [
                (slot, h.role, round(h.share, 4), round(h.body, 4), h.pages) for slot, h in sorted(self.slots.items())
            ],
        }
        return json.dumps(values, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> SiteProfile:
        """What `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: it is none, or of another version.
        """
        values = json.loads(data)
        if values["version"] != PROFILE_VERSION:
            raise ValueError(f"a profile of version {values['version']}")
        return cls(
            values["site"],
            values["pages"],
            values["articles"],
            dict(values["texts"]),
            frozenset(values["one_author"]),
            frozenset(values["headlines"]),
            dict(values["starts"]),
            {
                slot: SlotHabit(ROLE_OF_NAME[role], share, body, pages)
                for slot, role, share, body, pages in values["slots"]
            },
            dict(values["shapes"]),
            dict(values["placed"]),
            SiteForms.from_values(values["forms"]),
            dict(values["partly"]),
            values["day_first"],
        )
