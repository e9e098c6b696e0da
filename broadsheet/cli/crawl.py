"""``broadsheet crawl``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from broadsheet.archive.errors import BadInput
from broadsheet.cli.declared import origins_now, takes, typed_values
from broadsheet.cli.option import nearest, option
from broadsheet.cli.seeds import seed_arguments
from broadsheet.cli.shared import Face, speaks
from broadsheet.crawler.kept_options import KeptOptions, load_options
from broadsheet.crawler.option import declared_options
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.settled_options import SettledOptions, settle, value_text


@click.command("crawl")
@click.argument("urls", nargs=-1, metavar="[URL|@FILE...|DIR]")
@option("-o", "--output", "directory", type=click.Path(path_type=Path), metavar="DIR",
        help="The collection: made if there is none, gone on with if there is.")  # fmt: skip
@option("--update", is_flag=True,
        help="Ask again what DIR holds, and store what is new or changed. See docs/recrawl.md.")  # fmt: skip
@takes(CrawlOptions)
@option("--reset", multiple=True, metavar="OPTION",
        help="Forget what was stored of this option, e.g. proxy: back to its default. Repeatable.")  # fmt: skip
@option("--show-options", is_flag=True, help="Show each option, its value and where it comes from; do not crawl.")
@speaks
def crawl_command(
    face: Face,
    urls: tuple[str, ...],
    directory: Path | None,
    update: bool,
    reset: tuple[str, ...],
    show_options: bool,
    **options: Any,
) -> int:
    """Crawl the sites at URL... into DIR; without a URL, go on with the crawl in DIR, or update it.

    Options are stored with the crawl. Going on, by URL or by DIR, what is named now (here, in the environment, in
    broadsheet.toml) wins; what is not named is what was stored. --show-options says what holds, and why.

    @FILE names many URLs: a list, one a line, OPML, a sitemap or a feed; @- is standard input.

    Stop it with Ctrl-C (once: what is in flight is finished; twice: at once) or lose power: the same command goes on.

    \b
    broadsheet crawl https://blog.example.org/ -o blog
    broadsheet crawl https://news.example.org/ -o news --max-pages 1000 --delay 1
    broadsheet crawl news
    broadsheet crawl news --update
    """
    from broadsheet.archive.collection import Collection  # noqa: PLC0415 - heavy

    if update and directory is None and len(urls) == 1 and "://" not in urls[0]:
        Collection.open(Path(urls[0]))  # for its reason, when it is none
    if directory is None:
        if len(urls) != 1 or "://" in urls[0] or not Path(urls[0]).is_dir():
            raise click.UsageError("Missing option '-o': the folder to crawl into, or to go on in.")
        directory, urls = Path(urls[0]), ()
    if options["ask_all"] and not update:
        raise click.UsageError("--ask-all goes with --update.")
    seeds = seed_arguments(urls)
    given = CrawlOptions(directory, seeds, **typed_values(CrawlOptions, options))
    origins = origins_now(click.get_current_context(), CrawlOptions)
    forgotten = _names(reset)
    if show_options:
        _show(face, settle(given, origins, _stored(directory, new=bool(seeds)), forgotten))
        return 0

    from broadsheet.terminal.process import StopSignals, loading, prepare_process  # noqa: PLC0415 - heavy

    with loading():
        from broadsheet.crawler.run import crawl  # noqa: PLC0415
        from broadsheet.terminal.progress import crawl_observer  # noqa: PLC0415
        from broadsheet.terminal.summary import show_crawl  # noqa: PLC0415

    prepare_process()
    with crawl_observer(face) as observer:
        stop = StopSignals(observer).watch
        summary = crawl(given, observer, origins=origins, reset=forgotten, update=update, watch=stop)
    show_crawl(face, summary)
    return summary.exit_code


def _names(flags: tuple[str, ...]) -> frozenset[str]:
    """The fields of the options that *flags* name, with or without dashes.

    Raises:
        BadInput: one names nothing that is stored with a crawl.
    """
    known = {one.flag: one.name for one in declared_options(CrawlOptions) if one.option.kept}
    for flag in flags:
        if flag.lstrip("-") not in known:
            raise BadInput(f"--reset {flag}", "is not an option that is stored", nearest(flag.lstrip("-"), list(known)))
    return frozenset(known[flag.lstrip("-")] for flag in flags)


def _stored(directory: Path, *, new: bool) -> KeptOptions | None:
    """What is stored with the crawl in *directory*, which may be *new*."""
    from broadsheet.archive.catalogue import Catalogue  # noqa: PLC0415 - heavy
    from broadsheet.archive.collection import Collection  # noqa: PLC0415
    from broadsheet.crawler.state.sqlite import SqliteStore  # noqa: PLC0415

    if new and not (directory / "collection.sqlite").exists():
        return None
    with Catalogue.open(Collection.open(directory).journal, read_only=True) as catalogue:
        store = SqliteStore.existing(catalogue)
        return None if store is None else load_options(store)


def _show(face: Face, settled: SettledOptions) -> None:
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    told = settled.told()
    face.print_json({"seeds": settled.options.seeds, "options": told})
    if not face.as_json:
        table = Table("option", "value", "origin")
        for one in told:
            table.add_row(str(one["name"]), Text(value_text(one["value"])), str(one["origin"]))
        face.out().print(table)
