"""``broadsheet report``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks


@click.command("report")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@option("--crawl-log", is_flag=True,
              help="Write DIR/logs/crawl.log, too: a line an exchange, in Heritrix's format, from the WARCs.")  # fmt: skip
@speaks
def report_command(face: Face, directory: Path, crawl_log: bool) -> int:
    """Write DIR/report.html: what was fetched, when, how large, what failed and why.

    One file that needs nothing else: no script, no request. It says what the journal says, how the last
    `broadsheet verify DIR` ended, and what the last `broadsheet check DIR` found.

    \b
    broadsheet report news
    broadsheet report news --crawl-log
    """
    from broadsheet.report.make import make_report  # noqa: PLC0415 - heavy

    report = make_report(directory, with_crawl_log=crawl_log)
    face.print_json(report)
    if not face.as_json:
        out = face.out()
        out.print(f"{report.page}: {report.facts.captures:,} captures", soft_wrap=True, markup=False)
        if report.crawl_log is not None:
            out.print(f"{report.crawl_log}: {report.log_lines:,} lines", soft_wrap=True, markup=False)
    return 0
