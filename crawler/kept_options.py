"""The options of a crawl as JSON: as they are kept in its journal, and as its warcinfo records tell them.

The folder alone is then enough to go on.  Its own name is left out, so that a collection may be moved.  What a later version
keeps there, and this one does not know, stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.crawler.option import DeclaredOption, declared_options
from broadsheet.crawler.options import CrawlOptions

if TYPE_CHECKING:
    from broadsheet.crawler.state.store import CrawlStore  # heavy, and the command line reads this module

_ARGUMENTS = {"seeds"}


@dataclass(frozen=True, slots=True)
class KeptOptions:
    """The options that the journal of a crawl holds, as JSON has them."""

    values: Mapping[str, Any]

    @classmethod
    def parse(cls, text: str) -> KeptOptions:
        """The options in the JSON *text*, of this version or another.

        Raises:
            CorruptArchive: it is not an object of JSON.
        """
        try:
            values = json.loads(text)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise CorruptArchive(
                "the options kept with the crawl", "are not JSON", "Name a URL to crawl into a new folder."
            )
        return cls(values)

    @property
    def seeds(self) -> tuple[str, ...]:
        """Where the crawl begins."""
        return tuple(str(seed) for seed in self.values.get("seeds", ()))

    @property
    def unknown(self) -> dict[str, Any]:
        """What another version kept."""
        known = _ARGUMENTS | {one.name for one in declared_options(CrawlOptions)}
        return {name: value for name, value in self.values.items() if name not in known}

    def has(self, one: DeclaredOption) -> bool:
        """Whether the option is kept here."""
        return one.option.kept and one.name in self.values

    def value(self, one: DeclaredOption) -> Any:
        """The value of an option that is kept here.

        Raises:
            BadInput: this version cannot follow it.
        """
        try:
            return one.from_plain(self.values[one.name])
        except ValueError as error:
            remedy = f"If a later version began this crawl, go on with that one; or say --{one.flag} anew."
            raise BadInput(f"--{one.flag}, as kept with the crawl", f"cannot be followed ({error})", remedy) from error

    def options(self, directory: Path) -> CrawlOptions:
        """The options of the crawl in *directory*; the default of what is not kept.

        Raises:
            BadInput: this version cannot follow one of them.
        """
        values = {one.name: self.value(one) for one in declared_options(CrawlOptions) if self.has(one)}
        return CrawlOptions(directory, self.seeds, **values)

    def shown(self) -> dict[str, Any]:
        """The options for a reader: without arguments and secrets, nor what another version kept, which may be one."""
        return {one.name: one.shown(self.value(one)) for one in declared_options(CrawlOptions) if self.has(one)}


def kept_json(options: CrawlOptions, unknown: Mapping[str, Any] | None = None) -> str:
    """*options* as they are kept with the crawl, passwords included: see docs/access.md.  *unknown* is of another version."""
    values = {
        one.name: one.plain(getattr(options, one.name)) for one in declared_options(CrawlOptions) if one.option.kept
    }
    return json.dumps({**(unknown or {}), **values, "seeds": list(options.seeds)}, sort_keys=True)


def recorded_json(options: CrawlOptions) -> str:
    """*options* as the warcinfo record tells them: without what it tells elsewhere, and without secrets."""
    values = {
        one.name: one.shown(getattr(options, one.name))
        for one in declared_options(CrawlOptions)
        if one.option.recorded and getattr(options, one.name) not in (None, "")
    }
    return json.dumps(values, sort_keys=True)


def store_options(store: CrawlStore, options: CrawlOptions, unknown: Mapping[str, Any] | None = None) -> None:
    """Keep *options* in *store*."""
    store.keep_options(kept_json(options, unknown))


def load_options(store: CrawlStore) -> KeptOptions | None:
    """The options in *store*; None when nothing was ever crawled."""
    text = store.options()
    return None if text is None else KeptOptions.parse(text)
