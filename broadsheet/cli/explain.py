"""``broadsheet explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.shared import Face, speaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from broadsheet.pages.url_account import UrlAccount


@click.command("explain")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("url", metavar="URL")
@speaks
def explain_command(face: Face, directory: Path, url: str) -> int:
    """Say what the crawl in DIR knows of URL, and why it was fetched, or was not.

    Where it was found and how, whether it is in scope and by which rule, when it was asked for and what came, which rows it
    has, and which page stands for it if it is another spelling of one.

    \b
    broadsheet explain news https://news.example.org/2026/11/a-story.html
    broadsheet explain news 'https://news.example.org/tag/old?page=7' --json
    """
    from broadsheet.pages.url_account import account_of  # noqa: PLC0415 - heavy

    account = account_of(directory, url)
    face.print_json(account)
    if not face.as_json:
        out = face.out()
        for line in _lines(account):
            out.print(line, soft_wrap=True, markup=False)
    return 0


def _lines(account: UrlAccount) -> Iterator[str]:
    yield account.url
    if account.key != account.url:
        yield f"  counts as    {account.key}"
    yield f"  verdict      {account.verdict}"
    yield f"  scope        {'in scope' if account.in_scope else account.scope_rule}"
    for number, step in enumerate(account.way):
        yield f"  {'found        ' if not number else '             '}{'  ' * number}{step.url} ({step.found_as})"
    for capture in account.captures:
        said = capture.error or capture.status
        place = f"{capture.warc_filename} at {capture.offset:,}"
        yield f"  answer       {capture.date:%Y-%m-%d %H:%M:%S}  {said}  {capture.record_type}  {place}"
    for row in account.rows:
        of = f", duplicate of {row.duplicate_of}" if row.duplicate_of else ""
        yield f"  row          {row.id}  {row.status}  {row.title or '-'}{of}"
    for variant in account.variants:
        yield f"  stands for   {variant}"
    for rule in account.rules:
        yield f"  spelling     {rule.rule}: the same page {rule.agreed} times, another {rule.differed} times"
    if account.shape is not None:
        shape = account.shape
        yield (
            f"  like it      {shape.shape}: {shape.asked:,} asked, {shape.fruitful:,} brought new articles,"
            f" {shape.since:,} since the last, {shape.left_out:,} given up"
        )
