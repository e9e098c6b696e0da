"""Derivation in two readings: the first learns what recurs over each site, the second makes the rows with it.

A site's furniture shows only over many pages, and a page must not depend on which pages came before it.  So what can be
learnt from (`broadsheet.pipelines.derive.learnable`) is read once for its sketches, profiles are learnt from these, and all is
read under an extraction_id that names the profiles.  What a first reading published (a crawl shows its rows while it goes on)
is superseded part by part.  When captures are added, the profiles change, and with them the rows: the same captures always give
the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.journal import connect
from broadsheet.pipelines.dataset.supersede import supersede_compacted
from broadsheet.pipelines.derive.capture_filter import EVERYTHING, CaptureFilter
from broadsheet.pipelines.derive.engine import Derivation, Engine
from broadsheet.pipelines.derive.learnable import Learnable, find_learnable
from broadsheet.pipelines.derive.memory import trim
from broadsheet.pipelines.derive.messages import ExtractorSpec
from broadsheet.pipelines.derive.supervisor import DeriveCounts, DeriveSupervisor, spec_without_profiles
from broadsheet.pipelines.derive.tdmrep import collect_tdm_files, combined_id
from broadsheet.pipelines.derive.worker_pool import WorkerPool
from broadsheet.pipelines.extract.options import USUAL, ExtractionOptions
from broadsheet.pipelines.extract.site.store import write_profiles
from broadsheet.pipelines.identity import extraction_identity

if TYPE_CHECKING:
    from broadsheet.pipelines.extract.site.profile import SiteProfile

EXTRACTOR_OF_COLLECTION = "broadsheet.pipelines.derive.tdmrep:extractor_of"
Progress = Callable[[DeriveCounts, int], None]


def learn(
    collection: Collection,
    *,
    workers: int,
    on_progress: Progress | None = None,
    engine: Engine = DeriveSupervisor,
    wanted: CaptureFilter = EVERYTHING,
    options: ExtractionOptions = USUAL,
) -> tuple[ExtractorSpec | None, int]:
    """Learn the profiles of the collection's sites from the pages *wanted*, and what they reserve, and keep it; the extractor
    that uses it, None when there is nothing of either, and how many parts were read for it.

    Raises:
        BrokenEnvironment: the disk refuses.
        CorruptArchive: sketches cannot be read.
    """
    with closing(connect(collection.journal, read_only=True)) as db:
        learnable = find_learnable(Catalogue(db), wanted)
    plain = spec_without_profiles(wanted, options)
    reading = engine(collection, workers=workers, tables=(), spec=plain, learnable=learnable)
    _finish(reading, on_progress)
    profiles_id = write_profiles(str(collection.directory), _learnt(collection, plain.base_id, learnable))
    trim()  # of the sketches; this process lives on for as long as the rows take
    learnt = combined_id(profiles_id, collect_tdm_files(collection))
    if not learnt:
        return None, reading.derived
    identity = extraction_identity(learnt, str(wanted), str(options))
    directory = str(collection.directory)
    spec = ExtractorSpec(EXTRACTOR_OF_COLLECTION, identity.extraction_id, identity.base_id, directory, wanted, options)
    return spec, reading.derived


def _learnt(collection: Collection, base_id: str, learnable: Learnable) -> Iterable[SiteProfile]:
    if not learnable:
        return ()
    from broadsheet.pipelines.derive.sketches import learn_sites  # noqa: PLC0415 - loads the reading of pages

    return learn_sites(collection, base_id, learnable)


def derive_profiled(
    collection: Collection,
    *,
    workers: int,
    tables: tuple[str, ...],
    on_progress: Progress | None = None,
    engine: Engine = DeriveSupervisor,
    wanted: CaptureFilter = EVERYTHING,
    options: ExtractionOptions = USUAL,
) -> Derivation:
    """Learn from what is settled and *wanted* in *collection*, and read it, by *engine*, with these *options*; the derivation
    that made rows.

    Raises:
        BrokenEnvironment: the disk refuses.
        CorruptArchive: sketches cannot be read.
    """
    spec, read = learn(
        collection, workers=workers, on_progress=on_progress, engine=engine, wanted=wanted, options=options
    )
    second = engine(collection, workers=workers, tables=tables, spec=spec or spec_without_profiles(wanted, options))
    _finish(second, on_progress)
    supersede_compacted(collection)
    second.derived = max(read, second.derived)
    return second


def refine(
    collection: Collection, *, workers: int, pool: WorkerPool, on_progress: Progress | None = None
) -> DeriveSupervisor | None:
    """Make the rows anew with what the sites' profiles say, by workers of *pool*, after a first reading has published them
    without.

    None when there is no profile, or no worker: the rows stay as they are.

    Raises:
        BrokenEnvironment: the disk refuses.
        CorruptArchive: sketches cannot be read.
    """
    if not workers:
        return None
    engine = partial(DeriveSupervisor, pool=pool)
    spec, _ = learn(collection, workers=workers, on_progress=on_progress, engine=engine)
    if spec is None:
        return None
    second = engine(collection, workers=workers, spec=spec)
    _finish(second, on_progress)
    supersede_compacted(collection)
    return second


def _finish(derive: Derivation, on_progress: Progress | None) -> None:
    derive.start()
    try:
        derive.finish(on_progress)
    finally:
        derive.stop()
