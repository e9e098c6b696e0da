"""``broadsheet index``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, conversions_option, speaks

_SHOWN = 20


@click.command("index")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR|WARC|WACZ...")
@option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help="The index, or - for standard output; without it, DIR/indexes/index.cdxj of a collection.")  # fmt: skip
@option("--no-304", "no_304", is_flag=True,
              help="No lines for 'not modified' answers, which pywb would give as they are: a blank page.")  # fmt: skip
@conversions_option
@speaks
def index_command(face: Face, inputs: tuple[Path, ...], output: Path | None, no_304: bool, conversions: bool) -> int:
    """Write the CDXJ index of WARCs, whoever made them: sorted, with the fields of cdxj-indexer.

    A crawl writes that of its collection when it ends. What is damaged is told, and costs only itself.

    \b
    broadsheet index example
    broadsheet index old/*.warc.gz -o old.cdxj
    broadsheet index example -o for-pywb.cdxj --no-304

    Exit code 0 when all could be read, 1 when something was damaged.
    """
    from broadsheet.warcs.indexing import index_inputs  # noqa: PLC0415 - heavy

    if output is not None:
        face = face.beside(output)
    done, damages = index_inputs(inputs, output, not_modified=not no_304, conversions=conversions)
    face.print_json({"index": done, "damages": damages})
    if not face.as_json:
        out = face.out()
        out.print(f"{done.path}: {done.lines:,} captures of {done.warcs:,} WARCs, {done.size:,} bytes", markup=False)
        for damage in damages[:_SHOWN]:
            told = f"  {damage.source}, {damage.length:,} bytes at {damage.offset:,}: {damage.reason}"
            out.print(told, markup=False, soft_wrap=True)
        if len(damages) > _SHOWN:
            out.print(f"  and {len(damages) - _SHOWN:,} more")
    return 1 if damages else 0
