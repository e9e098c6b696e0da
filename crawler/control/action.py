"""What a person asks of a crawl while it runs: pause, go on, leave out what matches a pattern, take one more seed.

An action is a JSON file in the collection's folder ``action``, written whole; the crawl takes the files in the order of their
names and moves each to ``action/done`` when it has effect, as Heritrix does with its action directory.  So who asks writes
nothing that the crawl writes, and a crawl that is killed finds what it had not taken at its next start.

``done`` is kept: exclusions and seeds hold for all later runs, and the files say who changed the crawl, when and why.  A pause
holds for the run that it was asked of.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import make_folders, rename, whole_file
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.url import normalise

_SUFFIX = ".json"
_LARGEST = 64_000  # bytes of a file
_LONGEST = 4_000  # characters of a value or a reason


class ActionKind(StrEnum):
    """What can be asked."""

    PAUSE = "pause"  # ask nothing more of any host, until RESUME; what is being fetched is finished
    RESUME = "resume"
    EXCLUDE = "exclude"  # URLs that the regular expression ``value`` is found in, queued ones, too
    SEED = "seed"  # the URL ``value``, and what belongs to it by the crawl's scope


@dataclass(frozen=True, slots=True)
class Action:
    """What was asked, why, and when (UTC)."""

    kind: ActionKind
    value: str
    reason: str
    at: datetime

    def __str__(self) -> str:
        what = f"{self.kind} {self.value}".rstrip()
        return f"{what} ({self.reason})" if self.reason else what


def action_of(kind: str, value: str, reason: str, at: datetime) -> Action:
    """The action that somebody asks for.

    Raises:
        BadInput: there is no such kind, or its value makes no sense.
    """
    value, reason = value.strip(), " ".join(reason.split())
    if kind not in [*ActionKind]:
        raise BadInput(f"action {kind}", "is not known", f"There are: {', '.join(ActionKind)}.")
    if len(value) > _LONGEST or len(reason) > _LONGEST:
        raise BadInput(f"action {kind}", f"is longer than {_LONGEST:,} characters", "Shorten it.")
    asked = Action(ActionKind(kind), value, reason, at)
    match asked.kind:
        case ActionKind.PAUSE | ActionKind.RESUME:
            return Action(asked.kind, "", reason, at)
        case ActionKind.EXCLUDE:
            return Action(asked.kind, _pattern(value), reason, at)
        case ActionKind.SEED:
            url = normalise(value)
            if url is None:
                raise BadInput(
                    value or "the seed", "is not a URL that can be crawled", "Begin it with http:// or https://."
                )
            return Action(asked.kind, url, reason, at)


def _pattern(value: str) -> str:
    if not value:
        raise BadInput(
            "the pattern", "is empty, and would leave out everything", "Write a part of the URLs to leave out."
        )
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        raise BadInput(f"the pattern {value[:60]}", f"is no regular expression ({error})", "Correct it.") from error
    return value


@dataclass(frozen=True, slots=True)
class RecordedAction:
    """An action as a file: ``done`` when the crawl has taken it."""

    name: str
    action: Action
    done: bool


@dataclass(frozen=True, slots=True)
class InForce:
    """What the actions of a collection come to: patterns left out, seeds taken, and the pause, if it is the last word."""

    exclude: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    pause: Action | None = None

    @classmethod
    def of(cls, actions: Iterable[Action]) -> InForce:
        """What *actions*, in their order, come to."""
        exclude: dict[str, None] = {}
        seeds: dict[str, None] = {}
        pause = None
        for one in actions:
            match one.kind:
                case ActionKind.EXCLUDE:
                    exclude[one.value] = None
                case ActionKind.SEED:
                    seeds[one.value] = None
                case ActionKind.PAUSE:
                    pause = one
                case ActionKind.RESUME:
                    pause = None
        return cls(tuple(exclude), tuple(seeds), pause)


class ActionFolder:
    """The actions of *collection*."""

    def __init__(self, collection: Collection) -> None:
        self._folder = collection.directory / "action"
        self._done = self._folder / "done"

    def ask(self, action: Action) -> None:
        """Ask for *action*, durably; a crawl that runs takes it within a second.

        Raises:
            BroadsheetError: the folder cannot be written.
        """
        self._write(self._folder, action)

    def record(self, action: Action) -> None:
        """Keep *action*, which has effect already.

        Raises:
            OSError: the disk refuses.
        """
        self._write(self._done, action)

    def take(self, recorded: RecordedAction) -> None:
        """Say that *recorded* has effect.

        Raises:
            OSError: the disk refuses.
        """
        make_folders(self._done)
        rename(self._folder / recorded.name, self._done / recorded.name)

    def pending(self) -> list[RecordedAction]:
        """What the crawl has not taken yet, in order."""
        return _read(self._folder, done=False)

    def all(self) -> list[RecordedAction]:
        """All actions in order, those that were taken first."""
        return [*_read(self._done, done=True), *self.pending()]

    def in_force(self) -> InForce:
        """What was asked so far, taken or not."""
        return InForce.of(one.action for one in self.all())

    def _write(self, folder: Path, action: Action) -> None:
        with os_errors_of(folder):
            make_folders(folder)
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.urandom(4).hex()}{_SUFFIX}"
            values = {
                "action": action.kind,
                "value": action.value,
                "reason": action.reason,
                "at": action.at.isoformat(),
            }
            with whole_file(folder / name) as file:
                file.write(json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def _read(folder: Path, *, done: bool) -> list[RecordedAction]:
    """The actions in *folder*; what is none, and who knows how it came there, is passed over."""
    try:
        names = sorted(
            path.name for path in folder.iterdir() if path.suffix == _SUFFIX and not path.name.startswith(".")
        )
    except OSError:
        return []
    found = []
    for name in names:
        try:
            with (folder / name).open("rb") as file:
                values = json.loads(file.read(_LARGEST))
            at = datetime.fromisoformat(values["at"])
            action = action_of(str(values["action"]), str(values["value"]), str(values["reason"]), at)
        except (OSError, ValueError, KeyError, TypeError, BadInput):
            continue
        found.append(RecordedAction(name, action, done))
    return found
