"""The seam between what is to be derived and where that happens: one machine, or a Dask cluster.

An engine makes derivations; both readings of a collection (`broadsheet.pipelines.derive.profiled`) go through the same engine.
All engines publish from the worker: a part's files, then its manifest, each by a rename in the collection's folder.  Published
from the driver, every row would travel through one process; as it is, only manifests do, and a part that two workers made,
because one of them was taken for dead, overwrites itself with the same bytes.  So the workers of a cluster must see the
collection (and local WARC files) under the same path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.derive.messages import ExtractorSpec
from broadsheet.pipelines.derive.supervisor import DeriveCounts, DeriveSupervisor

if TYPE_CHECKING:
    from broadsheet.pipelines.derive.learnable import Learnable


class Derivation(Protocol):
    """Derives all that is settled in a collection, once, as `DeriveSupervisor` does."""

    counts: DeriveCounts
    derived: int

    def start(self) -> None:
        """Begin."""

    def finish(self, on_progress: Callable[[DeriveCounts, int], None] | None = None) -> None:
        """Wait until all is derived.

        Raises:
            BroadsheetError: whatever ended it early; the same command then goes on where it stopped.
        """

    def stop(self) -> None:
        """End at once; a part that is under way is done again another time."""


class Engine(Protocol):
    """Makes derivations."""

    def __call__(
        self,
        collection: Collection,
        *,
        workers: int,
        tables: tuple[str, ...],
        spec: ExtractorSpec | None = None,
        learnable: Learnable | None = None,
        sketches: bool = False,
    ) -> Derivation:
        """A derivation of *collection*, not yet started; with *learnable* one that makes sketches of that and no rows, with
        *sketches* one that makes those of all pages beside the rows."""


@contextmanager
def open_engine(name: str, *, workers: int) -> Iterator[Engine]:
    """The engine *name*: ``local``, ``dask`` (a cluster of *workers* on this machine) or ``dask://HOST:PORT``.

    Raises:
        BadInput: there is no such engine, or it is not installed.
        BrokenEnvironment: no scheduler answers at that address.
    """
    if name == "local":
        yield DeriveSupervisor
        return
    try:
        parts = urlsplit(name)
        valid = name == "dask" or (parts.scheme == "dask" and parts.hostname and parts.port and not parts.path)
    except ValueError:
        valid = False
    if not valid:
        raise BadInput(name, "is no engine", "Write local, dask, or dask://HOST:PORT.")
    from broadsheet.pipelines.derive.cluster import open_cluster  # noqa: PLC0415 - optional, and heavy

    with open_cluster(parts.netloc or None, workers=workers) as engine:
        yield engine
