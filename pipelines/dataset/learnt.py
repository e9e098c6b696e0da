"""A site's profile in words: the profile holds hashes, the table ``segments`` has the texts behind them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.site.forms import LINE, form_of, is_wordy
from broadsheet.pipelines.extract.site.lines import slot_of
from broadsheet.pipelines.extract.site.marks import BEGINS, ENDS, NAME_KEY, NEAR, keys_of_form, keys_of_texts
from broadsheet.pipelines.extract.site.profile import SiteProfile
from broadsheet.pipelines.extract.site.site_forms import Template, stands_on


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
class LearntForm:
    """A line that the site's articles have in common: of which ``kind`` ("text", "text in its place", "form", "label",
    "author's name"), ``why`` says on how many it stands and where, ``text`` is one such line.  ``place`` is that of the text of
    the template whose articles were counted; all of the site's where it is None.  ``kind`` and ``text`` are None when the table
    ``segments`` does not hold it."""

    articles: int
    why: str
    kind: str | None
    text: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class LearntSite:
    """A profile that can be read; texts, places and forms on the most pages first; ``habits`` of its articles in words."""

    site: str
    profile_id: str
    pages: int
    articles: int
    day_first: bool | None
    recurring_texts: int
    places: int
    texts: tuple[LearntText, ...] = field(default=())
    slots: tuple[LearntPlace, ...] = field(default=())
    forms: tuple[LearntForm, ...] = field(default=())
    habits: tuple[str, ...] = field(default=())


def learnt_site(profile: SiteProfile, batches: Iterator[Any], limit: int) -> LearntSite:
    """*profile* with the words of its *limit* commonest texts, places and forms, looked up in *batches* of ``segments`` (Arrow
    record batches with block_hash, role, text, dom_path), which are read only as far as needed."""
    texts = sorted(profile.texts.items(), key=lambda item: (-item[1], item[0]))[:limit]
    slots = sorted(profile.slots.items(), key=lambda item: (-item[1].pages, item[0]))[:limit]
    marks = _marks(profile)[:limit]
    wanted = {mark.key for mark in marks}
    places = {slot for slot, _ in slots} | {mark.slot for mark in marks if mark.slot}
    found = _LookUp({own for own, _ in texts}, places, wanted)
    found.read(batches)
    return LearntSite(
        profile.site,
        profile.profile_id,
        profile.pages,
        profile.articles,
        profile.day_first,
        len(profile.texts),
        len(profile.slots),
        tuple(_text(pages, found.words.get(own), own in profile.one_author) for own, pages in texts),
        tuple(
            LearntPlace(h.pages, h.role, round(h.share, 3), round(h.body, 3), found.paths.get(slot))
            for slot, h in slots
        ),
        tuple(
            LearntForm(mark.articles, mark.why, kind, text, found.paths.get(mark.slot))
            for mark in marks
            for kind, text in [found.forms.get(mark.key, (None, None))]
        ),
        _habits(profile),
    )


def _text(pages: int, found: tuple[str, str] | None, one_author: bool) -> LearntText:
    role, text = found or (None, None)
    return LearntText(pages, role, text, one_author)


@dataclass(frozen=True, slots=True)
class _Told:
    """A mark of a template whose text stands in ``slot`` (0: of all articles), and what it says in words."""

    key: int
    slot: int
    articles: int
    why: str


def _marks(profile: SiteProfile) -> list[_Told]:
    """The lines that begin articles, end them, or stand near their heads; those of the most articles first."""
    found = []
    for slot, template in ((0, profile.forms.site), *sorted(profile.forms.templates.items())):
        for key, sides in sorted(template.sides.items()):
            side = next((one for one in (ENDS, BEGINS, NEAR) if sides & one), None)
            if side is not None:
                mark = template.marks[key]
                found.append(_Told(key, slot, mark.articles, stands_on(mark, side)))
    return sorted(found, key=lambda one: (-one.articles, one.slot, one.key))


def _habits(profile: SiteProfile) -> tuple[str, ...]:
    """How the site's articles are made, in words; what was found on none is not said."""
    forms, site = profile.forms, profile.forms.site
    habits = site.habits
    counted = (
        (len(forms.names), "names of authors are known"),
        (forms.biographies, "authors have biographies below the text"),
        (habits.own_title, "articles have their headline again amid the text"),
        (habits.captioned, f"of {habits.pictured} articles with images have a short line behind each"),
        (len(habits.credits), "labels stand behind images, as of credits"),
        (habits.others, "articles name another page of the site amid the text"),
        (len(forms.boxes), "texts begin a box that stands now here, now there"),
        (len(_all_places(profile)), "places hold subheads"),
        (len(forms.templates), "templates, each by the place of its text"),
    )
    return tuple(words if count is True else f"{count:,} {words}" for count, words in counted if count)


def _all_places(profile: SiteProfile) -> Set[int]:
    templates: tuple[Template, ...] = (profile.forms.site, *profile.forms.templates.values())
    return frozenset().union(*(one.habits.headings for one in templates))


class _LookUp:
    """What stands behind hashes, the first of each in the order of the table.

    ``words``: role and text by block hash; ``paths`` by place; ``forms``: kind and text by the key of a mark."""

    def __init__(self, hashes: Set[int], slots: Set[int], keys: Set[int]) -> None:
        self.words: dict[int, tuple[str, str]] = {}
        self.paths: dict[int, str] = {}
        self.forms: dict[int, tuple[str, str]] = {}
        self._hashes, self._slots, self._keys = hashes, slots, set(keys)
        if int(NAME_KEY) in keys:
            self.forms[int(NAME_KEY)] = ("author's name", "")
        self._met: dict[str, int] = {}
        self._seen: set[str] = set()

    def read(self, batches: Iterator[Any]) -> None:
        """Read *batches* until all is found."""
        for batch in batches:
            own = batch.column("block_hash").to_numpy(zero_copy_only=False)
            self._read_texts(batch, own)
            slots = np.array([self._slot(path) for path in batch.column("dom_path").to_pylist()], np.int64)
            wording = _wording(batch, own)
            for kind, found in zip(("text in its place", "text"), keys_of_texts(wording, slots), strict=True):
                self._read_keys(batch, kind, found)
            self._read_forms(batch)
            if len(self.words) == len(self._hashes) and len(self.paths) == len(self._slots) and not self._missing():
                break

    def _missing(self) -> Set[int]:
        return self._keys - self.forms.keys()

    def _read_texts(self, batch: Any, own: npt.NDArray[np.int64]) -> None:
        for at in _rows_with(own, self._hashes):
            if own[at] not in self.words:
                self.words[int(own[at])] = (batch.column("role")[at].as_py(), batch.column("text")[at].as_py())

    def _slot(self, path: str | None) -> int:
        slot = self._met.get(path or "")
        if slot is None:
            slot = self._met[path or ""] = slot_of(path or "")
            if slot in self._slots:
                self.paths.setdefault(slot, path or "")
        return slot

    def _read_keys(self, batch: Any, kind: str, found: npt.NDArray[np.int64]) -> None:
        for at in _rows_with(found, self._missing()):
            self.forms.setdefault(int(found[at]), (kind, batch.column("text")[at].as_py()))

    def _read_forms(self, batch: Any) -> None:
        missing = self._missing()
        for text in batch.column("text").unique().to_pylist() if missing else ():
            if len(text) > LINE or not text or text in self._seen:
                continue
            self._seen.add(text)
            for kind, key in zip(("form", "label"), keys_of_form(form_of(text)), strict=True):
                if key in missing:
                    self.forms.setdefault(key, (kind, text))


def _wording(batch: Any, own: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """*own*, the hashes of a batch's texts, with the forms of those that are the same text whatever their numbers."""
    texts = batch.column("text").to_pylist()
    forms = [is_wordy(text) and form_of(text).form for text in texts]
    return np.where(np.array(forms, np.int64) != 0, np.array(forms, np.int64), own)


def _rows_with(values: npt.NDArray[np.int64], wanted: Set[int]) -> list[int]:
    """Where in *values* those *wanted* stand."""
    found: list[int] = np.nonzero(np.isin(values, np.array(sorted(wanted), np.int64)))[0].tolist()
    return found
