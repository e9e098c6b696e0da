"""What a crawl is run with now, and where each value comes from.

    default < stored < toml < environment < flag

One rule, however a crawl is gone on with: what is named now (on the command line, in the environment, in broadsheet.toml)
wins; what is not named is what was stored with the crawl.  Seeds add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.kept_options import KeptOptions
from broadsheet.crawler.option import HIDDEN, DeclaredOption, declared_options
from broadsheet.crawler.options import CrawlOptions


class Origin(StrEnum):
    """Where a value comes from; of two, the later in this list wins."""

    DEFAULT = "default"
    STORED = "stored"
    TOML = "toml"
    ENVIRONMENT = "environment"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class OptionChange:
    """An option that is no longer what was stored with the crawl; the values may be shown."""

    name: str
    before: Any
    after: Any
    origin: Origin

    def __str__(self) -> str:
        if HIDDEN in (self.before, self.after):
            return f"{self.name} changed ({self.origin})."
        return f"{self.name} changed from {value_text(self.before)} to {value_text(self.after)} ({self.origin})."


@dataclass(frozen=True, slots=True)
class SettledOptions:
    """The options of a crawl, where each comes from, and what changed since they were stored."""

    options: CrawlOptions
    origins: Mapping[str, Origin]
    changes: tuple[OptionChange, ...] = ()
    unknown: Mapping[str, Any] | None = None  # options that another version stored; they stay as they are

    def told(self) -> tuple[dict[str, Any], ...]:
        """Each option with its value, without secrets, and its origin."""
        return tuple(
            {
                "name": one.flag,
                "value": one.shown(getattr(self.options, one.name)),
                "origin": self.origins[one.name].value,
            }
            for one in declared_options(CrawlOptions)
        )

    def notes(self) -> tuple[str, ...]:
        """What a person should know who goes on with the crawl."""
        unknown = ", ".join(sorted(self.unknown or ()))
        told = (f"Stored by another version, not followed: {unknown}.",) if unknown else ()
        return (*map(str, self.changes), *told)


def settle(
    given: CrawlOptions,
    origins: Mapping[str, Origin] | None = None,
    stored: KeptOptions | None = None,
    reset: frozenset[str] = frozenset(),
) -> SettledOptions:
    """What to do now: *given*, but what is stored where it is a default.

    *origins* says where the values of *given* come from; without it, whatever is not its default counts as named.  The names
    in *reset* are not taken from *stored*.

    Raises:
        BadInput: a stored value cannot be followed, or the stored login would go to hosts it was not given for.
    """
    if origins is None:
        origins = dict.fromkeys(_not_default(given), Origin.FLAG)
    declared = declared_options(CrawlOptions)
    settled = {
        one.name: _settle_one(one, getattr(given, one.name), origins.get(one.name, Origin.DEFAULT), stored, reset)
        for one in declared
    }
    for one in declared:
        if one.option.part_of is not None and settled[one.name][1] is Origin.STORED:
            whole = next(other for other in declared if other.name == one.option.part_of)
            if stored is not None and whole.plain(settled[whole.name][0]) != stored.values.get(whole.name):
                settled[one.name] = (one.default, Origin.DEFAULT)
    options = replace(given, **{name: value for name, (value, _) in settled.items()})
    where = {name: origin for name, (_, origin) in settled.items()}
    if stored is None:
        return SettledOptions(options, where)
    _check_login(options, where, stored)
    options = replace(options, seeds=tuple(dict.fromkeys((*stored.seeds, *given.seeds))))
    return SettledOptions(options, where, _changes(options, where, stored), stored.unknown)


def _settle_one(
    one: DeclaredOption, value: Any, origin: Origin, stored: KeptOptions | None, reset: frozenset[str]
) -> tuple[Any, Origin]:
    if origin is Origin.DEFAULT and one.name not in reset and stored is not None and stored.has(one):
        return stored.value(one), Origin.STORED
    return value, origin


def _not_default(given: CrawlOptions) -> list[str]:
    return [one.name for one in declared_options(CrawlOptions) if getattr(given, one.name) != one.default]


def _changes(options: CrawlOptions, origins: Mapping[str, Origin], stored: KeptOptions) -> tuple[OptionChange, ...]:
    changes = []
    for one in declared_options(CrawlOptions):
        after = getattr(options, one.name)
        before = stored.values[one.name] if stored.has(one) else one.plain(one.default)
        if one.option.kept and one.plain(after) != before:
            try:
                told = one.shown(one.from_plain(before))
            except ValueError:
                told = HIDDEN if one.option.shown else before
            changes.append(OptionChange(one.flag, told, one.shown(after), origins[one.name]))
    return tuple(changes)


def _check_login(options: CrawlOptions, origins: Mapping[str, Origin], stored: KeptOptions) -> None:
    """A login goes to the hosts that are named.  One that is stored was not meant for a host that is named only now."""
    new = {urlsplit(seed).netloc for seed in options.seeds} - {urlsplit(seed).netloc for seed in stored.seeds}
    names = {header.partition(":")[0].strip().lower() for header in options.headers}
    for flag, name, held in (
        ("http-user", "http_user", options.http_user is not None),
        ("header", "headers", bool(names & {"authorization", "cookie"})),
    ):
        if new and held and origins[name] is Origin.STORED:
            raise BadInput(
                min(new),
                f"would get the login that was stored for other hosts (--{flag})",
                f"Name --{flag} again to send it there, too, or say --reset {flag}, or crawl into another folder.",
            )


def value_text(value: Any) -> str:
    """*value*, as JSON has it, for a person."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value in (None, "") else str(value)
