"""The commands that make and check collections, for programs: `crawl`, `extract_warcs`, `import_files`, `verify`.

They work as the commands of these names do, with the same options and defaults, and are as safe against a kill.  They raise
the errors of `broadsheet.archive.errors`, and leave the program's logging, signals and garbage collector alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadsheet.archive.errors import BadInput

if TYPE_CHECKING:
    from broadsheet.archive.verify.run import Verification
    from broadsheet.crawler.progress import CrawlProgress, CrawlSummary
    from broadsheet.pipelines.derive.extract import ExtractSummary
    from broadsheet.pipelines.derive.supervisor import DeriveCounts
    from broadsheet.pipelines.importers.importing import ImportProgress, ImportSummary

Paths = str | Path | Iterable[str | Path]


def crawl(
    urls: str | Iterable[str],
    directory: str | Path,
    *,
    update: bool = False,
    on_progress: Callable[[CrawlProgress], None] = lambda _: None,
    on_note: Callable[[str], None] = lambda _: None,
    **options: Any,
) -> CrawlSummary:
    """Crawl the sites at *urls* into *directory*, or go on with the crawl there; without URLs, go on.  ``@FILE`` stands for the
    URLs in a list, OPML, a sitemap or a feed.

    *options* are those of `broadsheet crawl`, with underscores (``max_pages=100``); what each means: docs/cli.md.
    *on_progress* is called a few times a second, *on_note* with what a person should know; both must be quick.

    Raises:
        TypeError: there is no such option.
        BadInput: no URL, an option with a value that it does not take, a folder that is not a collection, a collection that
            another command works on.
        BrokenEnvironment: the folder cannot be written.
    """
    from broadsheet.cli.seeds import seed_arguments  # noqa: PLC0415 - heavy
    from broadsheet.crawler.options import CrawlOptions  # noqa: PLC0415
    from broadsheet.crawler.run import crawl as run  # noqa: PLC0415

    known = {field.name for field in fields(CrawlOptions)} - {"directory", "seeds"}
    if unknown := sorted(options.keys() - known):
        near = get_close_matches(unknown[0], sorted(known), 1)
        hint = f"Did you mean {near[0]}?" if near else "docs/cli.md has all."
        raise TypeError(f"crawl() has no option {unknown[0]!r}. {hint}")
    seeds = seed_arguments([urls] if isinstance(urls, str) else urls)
    typed = _typed(CrawlOptions, options)
    return run(CrawlOptions(Path(directory), seeds, **typed), _Observer(on_progress, on_note), update=update)


def extract_warcs(
    sources: Paths,
    directory: str | Path,
    *,
    workers: int | None = None,
    tables: Iterable[str] | None = None,
    profiles: bool = True,
    on_progress: Callable[[DeriveCounts, int], None] | None = None,
) -> ExtractSummary:
    """Make the dataset of WARC, ARC and WACZ files, folders of them, or their URLs, in the collection *directory*.

    Without *sources*, that of the collection's own WARCs.  *workers* are processes, by default one a core; *profiles* says
    whether what recurs over each site is learnt.  *on_progress* is told what is counted so far, and how many records are to go.

    Raises:
        BadInput: a source is no WARC, or there is none.
        BrokenEnvironment: the disk refuses.
    """
    from broadsheet.pipelines.dataset.defaults import DEFAULT_TABLES  # noqa: PLC0415
    from broadsheet.pipelines.derive.extract import extract  # noqa: PLC0415

    named = [one if isinstance(one, str) and "://" in one else Path(one) for one in _several(sources)]
    return extract(
        named,
        Path(directory),
        workers=workers or os.cpu_count() or 1,
        tables=DEFAULT_TABLES if tables is None else tuple(tables),
        profiles=profiles,
        on_progress=on_progress,
    )


def import_files(
    sources: Paths,
    directory: str | Path,
    *,
    listing: str | Path | None = None,
    on_progress: Callable[[ImportProgress], None] = lambda _: None,
) -> ImportSummary:
    """Import HTML, SingleFile, MHTML, HAR and JSON lines, or folders of them, into the collection *directory* (docs/import.md).

    *listing* is a CSV or JSON lines that names addresses and dates of files.  `extract_warcs` makes the dataset.

    Raises:
        BadInput: a source is not there or of no such kind, or nothing of all could be imported.
        BrokenEnvironment: the disk refuses.
    """
    from broadsheet.pipelines.importers.importing import import_files as run  # noqa: PLC0415 - heavy

    told = None if listing is None else Path(listing)
    return run([Path(one) for one in _several(sources)], Path(directory), listing=told, on_progress=on_progress)


def verify(
    paths: Paths, *, workers: int = 1, on_progress: Callable[[int, int, str], None] = lambda *_: None
) -> Verification:
    """Check WARC, CDXJ and WACZ files, anybody's, and whole collections, strictly (docs/verify.md).

    Sound is what has no ``errors``; the findings are in ``log.kept``.  *on_progress* is told bytes done, bytes in all, and the
    file that is read.

    Raises:
        BadInput: a path does not exist, or is nothing that can be verified.
    """
    from broadsheet.warcs.verification import verify_paths  # noqa: PLC0415 - heavy

    result, _ = verify_paths([Path(one) for one in _several(paths)], workers=workers, on_progress=on_progress)
    return result


def _typed(declaring: type, options: Mapping[str, Any]) -> dict[str, Any]:
    """*options* as the fields of *declaring* have them.

    Raises:
        BadInput: a value is not of its option's type, or too small.
    """
    from broadsheet.crawler.option import declared_options  # noqa: PLC0415 - heavy

    declared = {one.name: one for one in declared_options(declaring)}
    typed = {}
    for name, value in options.items():
        one = declared.get(name)
        if one is None:
            typed[name] = value
            continue
        plain = str(value) if isinstance(value, Path) else value
        try:
            typed[name] = one.from_plain(plain if isinstance(plain, str | bool) else one.plain(plain))
        except (ValueError, TypeError) as error:
            raise BadInput(f"{name}={value!r}", str(error), "docs/cli.md says what it takes.") from error
        least = one.option.least or 0
        if isinstance(typed[name], int | float) and typed[name] < least:
            raise BadInput(f"{name}={value!r}", f"is less than {least}", "docs/cli.md says what it takes.")
    return typed


class _Observer:
    """Hands a crawl's news on."""

    def __init__(self, on_progress: Callable[[CrawlProgress], None], on_note: Callable[[str], None]) -> None:
        self.update = on_progress
        self.note = on_note


def _several(paths: Paths) -> list[str | Path]:
    return [paths] if isinstance(paths, str | Path) else list(paths)
