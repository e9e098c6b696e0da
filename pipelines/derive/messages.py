"""What supervisor and workers say to one another."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.warc.record import Damage
from broadsheet.pipelines.dataset.manifest import Manifest
from broadsheet.pipelines.derive.capture_filter import EVERYTHING, CaptureFilter, FilteredExtractor
from broadsheet.pipelines.derive.parts import Part
from broadsheet.pipelines.extract.options import USUAL, ExtractionOptions

if TYPE_CHECKING:  # a crawl's own process extracts nothing
    from broadsheet.pipelines.extract.extraction import Extractor


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a part: ``pages`` were read.  ``manifest`` is None where no rows were wanted; ``problems`` are faults of
    ours that cost pages their extraction; each has its row."""

    pages: int
    manifest: Manifest | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractorSpec:
    """How a worker makes its extractor: ``module:callable``, its argument if it takes one, and the ids that the extractor will
    have, with site profiles and without; which captures are wanted, and the options of the rows, which are a part of both."""

    factory: str
    extraction_id: str
    base_id: str = ""
    argument: str | None = None
    wanted: CaptureFilter = EVERYTHING
    options: ExtractionOptions = USUAL

    def make(self) -> Extractor:
        """The extractor."""
        module, _, name = self.factory.partition(":")
        factory = getattr(importlib.import_module(module), name)
        given = {} if self.options == USUAL else {"options": self.options}  # other extractors take none
        extractor: Extractor = factory(**given) if self.argument is None else factory(self.argument, **given)
        return FilteredExtractor(extractor, self.extraction_id, self.base_id) if str(self.wanted) else extractor


@dataclass(frozen=True, slots=True)
class Task:
    """A part to derive.  ``skip`` maps offsets of records that are not to be extracted to the status they get.  With ``asked``,
    offsets of records, no rows are wanted but the sketches of these; with ``sketches``, those of all pages beside the rows."""

    part: Part
    tables: tuple[str, ...]
    skip: Mapping[int, str]
    wanted: CaptureFilter = EVERYTHING
    options: ExtractionOptions = USUAL
    asked: frozenset[int] | None = None
    sketches: bool = False


@dataclass(frozen=True, slots=True)
class Describe:
    """What the dataset holds by now is to be described (`broadsheet.pipelines.derive.describe`)."""


@dataclass(frozen=True, slots=True)
class Described:
    """It was, unless there was a *problem*."""

    problem: BroadsheetError | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a worker is told: a task, and the extractor that is to do it."""

    task: Task
    spec: ExtractorSpec


@dataclass(frozen=True, slots=True)
class Failed:
    """A part that could not be derived.  ``environment``: the machine is to blame, and all other parts would fail."""

    message: str
    environment: bool


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What became of a task; ``rss`` is the worker's resident memory in bytes."""

    outcome: Done | Failed
    rss: int


def damage_text(warc_filename: str, damage: Damage) -> str:
    """How damage is told: the same words from whoever meets it, so that it is told once."""
    return f"{warc_filename}: {damage.reason} at offset {damage.offset}"
