"""The options of a crawl, kept in its collection: the folder alone is enough to go on.

The last command's options count; seeds add up, so that a crawl can be given more of them later.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from broadsheet.crawler.options import CrawlOptions, ScopeKind
from broadsheet.crawler.state.store import CrawlStore


def store_options(store: CrawlStore, options: CrawlOptions) -> None:
    """Keep *options* in *store*; the folder's own name is left out, so that a collection may be moved, and the file
    of cookies: they are kept themselves."""
    values = asdict(options)
    del values["directory"], values["load_cookies"]
    store.keep_options(json.dumps(values, sort_keys=True))


def load_options(store: CrawlStore, directory: Path) -> CrawlOptions | None:
    """The options of the crawl in *directory*; None when it was never crawled."""
    text = store.options()
    if text is None:
        return None
    known = {field.name for field in fields(CrawlOptions)}
    values: dict[str, Any] = {key: value for key, value in json.loads(text).items() if key in known}
    for name in ("seeds", "include", "exclude", "skip_requisites", "headers"):
        values[name] = tuple(values.get(name, ()))
    values["scope"] = ScopeKind(values.get("scope", ScopeKind.HOST))
    return CrawlOptions(directory=directory, **values)


def merge_options(stored: CrawlOptions | None, given: CrawlOptions, named: frozenset[str]) -> CrawlOptions:
    """What to do now: *given*, with all the seeds so far; without seeds the *stored* options, but for the *named* ones."""
    if stored is None:
        return given
    if not given.seeds:
        changes: dict[str, Any] = {name: getattr(given, name) for name in named}
        return replace(stored, **changes)
    return replace(given, seeds=tuple(dict.fromkeys(stored.seeds + given.seeds)))
