"""The command line: a file a command; here is what they share, errors and exit codes above all.

Heavy modules are imported inside the commands, so that ``broadsheet --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from broadsheet.archive.ending import interrupted_by_endings, leave_closed_terminal
from broadsheet.archive.errors import EXIT_FAILED, EXIT_INCOMPLETE, BadInput, BroadsheetError, from_os_error
from broadsheet.cli.article import article_command
from broadsheet.cli.check import check_command
from broadsheet.cli.compact import compact_command
from broadsheet.cli.config import read_defaults
from broadsheet.cli.crawl import crawl_command
from broadsheet.cli.dedupe import dedupe_command
from broadsheet.cli.demo import demo_command
from broadsheet.cli.diff import diff_command
from broadsheet.cli.explain import explain_command
from broadsheet.cli.export import export_command
from broadsheet.cli.extract import extract_command
from broadsheet.cli.history import history_command
from broadsheet.cli.import_files import import_command
from broadsheet.cli.index import index_command
from broadsheet.cli.option import misspelt_environment
from broadsheet.cli.pack import pack_command
from broadsheet.cli.profile import profile_command
from broadsheet.cli.publish import publish_command
from broadsheet.cli.query import query_command
from broadsheet.cli.repair import repair_command
from broadsheet.cli.replay import replay_command
from broadsheet.cli.report import report_command
from broadsheet.cli.schema import schema_command
from broadsheet.cli.serve import serve_command
from broadsheet.cli.status import status_command
from broadsheet.cli.verify import verify_command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="broadsheet")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", envvar="BROADSHEET_CONFIG",
              help="Values for options; without it, broadsheet.toml of this folder.")  # fmt: skip
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """Crawl news sites and blogs into exact WARC archives and a Parquet dataset that points into them.

    \b
    Try it without the internet:     broadsheet demo
    Crawl a site, or go on with it:  broadsheet crawl https://blog.example.org/ -o example
    The dataset of any WARC:         broadsheet extract old.warc.gz -o old
    Pages that you have as files:    broadsheet import saved-pages -o saved
    The article in one page:         broadsheet article https://blog.example.org/post
    Check what you have:             broadsheet verify example
    See it in a browser, offline:    broadsheet replay example
    Search, read and check it:       broadsheet serve example
    Ask the dataset in SQL:          broadsheet query example "SELECT title FROM articles"

    An option that is not typed is taken from the environment (BROADSHEET_CRAWL_MAX_PAGES=100), then from broadsheet.toml
    (max-pages = 100 under [crawl]), then from what is stored with the crawl.

    Exit codes: 0 complete and sound; 1 something is wrong; 2 wrong use; 3 incomplete, the same command goes on.
    """
    context.default_map = read_defaults(config, cli)
    command = cli.commands.get(context.invoked_subcommand or "")
    for line in () if command is None else misspelt_environment(command):
        click.echo(line, err=True)


for command in (
    crawl_command,
    extract_command,
    import_command,
    article_command,
    verify_command,
    check_command,
    repair_command,
    replay_command,
    serve_command,
    status_command,
    index_command,
    pack_command,
    compact_command,
    dedupe_command,
    report_command,
    diff_command,
    history_command,
    explain_command,
    schema_command,
    profile_command,
    query_command,
    export_command,
    publish_command,
    demo_command,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        with interrupted_by_endings():
            _check_current_folder()
            code = cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. The same command goes on from here.", err=True)
        code = EXIT_INCOMPLETE
    except BroadsheetError as error:
        code = _say(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away: nobody to complain to
        code = EXIT_FAILED
    except OSError as error:  # of the machine, and not of ours: it may happen wherever a file is touched
        gone = leave_closed_terminal()
        code = EXIT_INCOMPLETE if gone else _say(from_os_error(error, str(error.filename or "the system")))
    sys.exit(code if isinstance(code, int) else 0)


def _check_current_folder() -> None:
    """Refuse to work where the current folder was removed: relative paths lead nowhere, and DuckDB ends the process."""
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise BadInput("the current folder", "was removed", "Change to one that is there.") from error


def _say(error: BroadsheetError) -> int:
    """Tell *error*; the exit code that it means."""
    if os.environ.get("BROADSHEET_TRACEBACK") == "1":
        import traceback  # noqa: PLC0415 - seldom needed

        traceback.print_exc()
    click.echo(f"error: {error}", err=True)
    return error.exit_code
