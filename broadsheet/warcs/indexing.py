"""``broadsheet index``: indexes the WARCs that a user names; a collection's index goes to its own place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from broadsheet.archive.cdxj.build import Indexed, index_collection, write_index
from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import temporary_folder
from broadsheet.archive.errors import BadInput, no_such_file
from broadsheet.archive.named_warcs import named_warcs
from broadsheet.archive.warc.record import Damage


def index_inputs(
    inputs: Sequence[Path], output: Path | None, *, not_modified: bool = True, conversions: bool = False
) -> tuple[Indexed, list[Damage]]:
    """Index *inputs* into *output*, or a collection into its own folder; *not_modified* as in `write_index`,
    *conversions* as in `named_warcs`; a collection's own index has what it was extracted with.

    Raises:
        BadInput: an input is not there or holds no WARC, or there is no place for the index.
        BrokenEnvironment: the disk refuses.
    """
    damages: list[Damage] = []
    if output is None:
        if missing := [path for path in inputs if not path.is_dir() and not path.is_file()]:
            raise no_such_file(missing[0])
        only = Collection(inputs[0])
        if len(inputs) != 1 or not (only.journal.is_file() or only.was_one()):
            raise BadInput("index", "has nowhere to go", "Say with -o FILE, or name one collection.")
        if not not_modified:
            raise BadInput(
                "--no-304", "is not for a collection's own index, which has all", "Name a file with -o FILE."
            )
        done = index_collection(Collection.open(inputs[0]), damages.append, elsewhere=True, conversions=conversions)
        if done is None:
            raise BadInput(str(inputs[0]), "holds no closed WARC", "Index it when a crawl has ended.")
        return done, damages
    with temporary_folder("index") as temporary:
        named = [named_warcs(path, Path(temporary), conversions=conversions) for path in inputs]
        damages += [one for some in named for one in some.missing]
        sources = [source for some in named for source in some.sources]
        return write_index(sources, output, damages.append, not_modified=not_modified), damages
