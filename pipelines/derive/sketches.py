"""Sketches of pages, a file a part: what the first reading of a page leaves for learning about its site."""

from __future__ import annotations

import heapq
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import CorruptArchive
from broadsheet.pipelines.dataset.manifest import publishing
from broadsheet.pipelines.derive.learnable import MOST_URLS, Learnable, order_of
from broadsheet.pipelines.extract.page.text_hash import hash_of
from broadsheet.pipelines.extract.site.learn import learn_profile
from broadsheet.pipelines.extract.site.lines import Lines
from broadsheet.pipelines.extract.site.profile import SiteProfile
from broadsheet.pipelines.extract.site.sketch import PageSketch, read_asked, read_sketches, write_sketches

SHARE_BYTES = 16 * 1024 * 1024  # of files of sketches that are learnt from at a time: four times as much in memory


def sketches_path(collection: Collection, base_id: str, part: str) -> Path:
    """Where the sketches of *part* lie."""
    return collection.directory / "profiles" / "sketches" / base_id / f"{part}.npz"


def publish_sketches(
    collection: Collection, base_id: str, part: str, sketches: Sequence[PageSketch], asked: Iterable[int]
) -> None:
    """Keep the sketches of those records of *part* whose offsets are *asked*.

    Raises:
        OSError: the disk refuses.
    """
    with publishing(collection, sketches_path(collection, base_id, part)) as file:
        file.write(write_sketches(sketches, asked))


def asked_before(collection: Collection, base_id: str, part: str) -> frozenset[int]:
    """The offsets of the records of *part* whose sketches are kept; none when that cannot be read."""
    try:
        return read_asked(sketches_path(collection, base_id, part).read_bytes())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return frozenset()


def lines_before(collection: Collection, base_id: str, part: str) -> dict[int, Lines]:
    """The lines of those pages of *part* whose sketches are kept, by the offsets of their records; none when that cannot be
    read."""
    try:
        sketches = read_sketches(sketches_path(collection, base_id, part).read_bytes())
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
    return {sketch.offset: sketch.blocks for sketch in sketches}


def learn_sites(collection: Collection, base_id: str, learnable: Learnable) -> Iterator[SiteProfile]:
    """The profiles of all sites of which enough was captured.  Sketches of what is not *learnable* (a crawl keeps those of all
    its pages) are passed over, so that what is learnt follows from the captures alone.  Memory is bounded: a share of the
    sites is learnt at a time, and the files are read once for each.

    Raises:
        CorruptArchive: a file of sketches cannot be read.
    """
    paths = sorted((collection.directory / "profiles" / "sketches" / base_id).rglob("*.npz"))
    shares = 1 + sum(path.stat().st_size for path in paths) // SHARE_BYTES
    for share in range(shares):
        yield from _learn(paths, share, shares, learnable)


def _learn(paths: Sequence[Path], share: int, shares: int, learnable: Learnable) -> Iterator[SiteProfile]:
    """The profiles of the sites in the *share* of that number, of *shares*."""
    sites: defaultdict[str, list[tuple[int, int, PageSketch]]] = defaultdict(list)
    count = 0
    for path in paths:
        try:
            sketches = read_sketches(path.read_bytes())
        except (ValueError, OSError, KeyError) as error:
            raise CorruptArchive(str(path), f"holds no sketches ({error})", "Delete it, and extract again.") from error
        for sketch in sketches:
            if hash_of(sketch.site) % shares != share or not learnable.has(sketch.site, sketch.url):
                continue
            kept = sites[sketch.site]
            own = replace(
                sketch, blocks=sketch.blocks.copy()
            )  # they are a view of all blocks of the file, which would stay
            item = (-order_of(sketch.url), count := count + 1, own)
            if len(kept) < MOST_URLS:
                heapq.heappush(kept, item)
            else:
                heapq.heappushpop(kept, item)
    for site, kept in sorted(sites.items()):
        profile = learn_profile(site, (sketch for _, _, sketch in kept))
        if profile is not None:
            yield profile
