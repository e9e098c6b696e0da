"""A site's profile in words: the profile holds hashes, the table ``segments`` has the texts behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from broadsheet.pipelines.extract.site.lines import slot_of
from broadsheet.pipelines.extract.site.profile import SiteProfile


@dataclass(frozen=True, slots=True)
class LearntText:
    """A text on ``pages`` pages of a site; ``role`` is what it has now, ``one_author`` whether it stands with one author's
    articles only.  ``text`` and ``role`` are None when the table ``segments`` does not hold it."""

    pages: int
    role: str | None
    text: str | None
    one_author: bool


@dataclass(frozen=True, slots=True)
class LearntPlace:
    """A place of the site's markup: on ``pages`` pages, ``share`` of its blocks are of ``role``, ``body`` are body."""

    pages: int
    role: str
    share: float
    body: float
    dom_path: str | None


@dataclass(frozen=True, slots=True)
class LearntSite:
    """A profile that can be read; texts and places on the most pages first."""

    site: str
    profile_id: str
    pages: int
    articles: int
    day_first: bool | None
    recurring_texts: int
    places: int
    texts: tuple[LearntText, ...] = field(default=())
    slots: tuple[LearntPlace, ...] = field(default=())


def learnt_site(profile: SiteProfile, batches: Iterator[Any], limit: int) -> LearntSite:
    """*profile* with the words of its *limit* commonest texts and places, looked up in *batches* of ``segments`` (Arrow
    record batches with block_hash, role, text, dom_path), which are read only as far as needed."""
    texts = sorted(profile.texts.items(), key=lambda item: (-item[1], item[0]))[:limit]
    slots = sorted(profile.slots.items(), key=lambda item: (-item[1].pages, item[0]))[:limit]
    words, paths = _look_up({own for own, _ in texts}, {slot for slot, _ in slots}, batches)
    return LearntSite(
        profile.site,
        profile.profile_id,
        profile.pages,
        profile.articles,
        profile.day_first,
        len(profile.texts),
        len(profile.slots),
        tuple(_text(pages, words.get(own), own in profile.one_author) for own, pages in texts),
        tuple(LearntPlace(h.pages, h.role, round(h.share, 3), round(h.body, 3), paths.get(slot)) for slot, h in slots),
    )


def _text(pages: int, found: tuple[str, str] | None, one_author: bool) -> LearntText:
    role, text = found or (None, None)
    return LearntText(pages, role, text, one_author)


def _look_up(
    hashes: set[int], slots: set[int], batches: Iterator[Any]
) -> tuple[dict[int, tuple[str, str]], dict[int, str]]:
    """Role and text by block hash, and path by slot: the first of each in the order of the table."""
    words: dict[int, tuple[str, str]] = {}
    paths: dict[int, str] = {}
    met: set[str] = set()
    wanted = np.array(sorted(hashes), dtype=np.int64)
    for batch in batches:
        own = batch.column("block_hash").to_numpy(zero_copy_only=False)
        for at in np.nonzero(np.isin(own, wanted))[0].tolist():
            if own[at] not in words:
                words[int(own[at])] = (batch.column("role")[at].as_py(), batch.column("text")[at].as_py())
        for path in batch.column("dom_path").unique().to_pylist():
            if path is not None and path not in met:
                met.add(path)
                if (slot := slot_of(path)) in slots:
                    paths.setdefault(slot, path)
        if len(words) == len(hashes) and len(paths) == len(slots):
            break
    return words, paths
