"""``broadsheet pack``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, conversions_option, speaks


@click.command("pack")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR|WARC|WACZ...")
@option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE.wacz",
              help="The WACZ. Nothing is ever overwritten.")  # fmt: skip
@option("--title", help="What readers call it; the folder's name without it.")
@option("--description", help="What it is, for readers.")
@option("--text/--no-text", default=True, show_default=True, help="With the pages' texts, to search in.")
@option("--sign", "key", type=click.Path(path_type=Path), metavar="KEY.pem",
              help="Sign it with this private key (ECDSA, P-384).")  # fmt: skip
@conversions_option
@speaks
def pack_command(
    face: Face,
    inputs: tuple[Path, ...],
    output: Path,
    title: str | None,
    description: str | None,
    text: bool,
    key: Path | None,
    conversions: bool,
) -> int:
    """Pack a collection, or anybody's WARCs, into one WACZ file that replayweb.page and pywb open.

    \b
    broadsheet pack example -o example.wacz
    broadsheet pack old/*.warc.gz -o old.wacz --title "Old pages"

    The same archive gives the same bytes. Exit code 0 when all could be indexed, 1 when something was damaged.
    """
    from broadsheet.warcs.packing import pack_inputs  # noqa: PLC0415 - heavy
    from broadsheet.warcs.verification import verification_progress  # noqa: PLC0415

    with verification_progress(face) as progress:
        done, damages = pack_inputs(
            inputs,
            output,
            title=title,
            description=description,
            text=text,
            key=key,
            conversions=conversions,
            on_progress=progress,
        )
    face.print_json({"packed": done, "damages": damages})
    if not face.as_json:
        out = face.out()
        out.print(
            f"{done.path}: {done.size:,} bytes; {done.warcs:,} WARCs, {done.captures:,} captures, "
            f"{done.pages:,} pages and {done.extra_pages:,} others",
            markup=False,
        )
        if done.signed_by is not None:
            out.print(f"signed by the key sha256:{done.signed_by}", markup=False, soft_wrap=True)
        for damage in damages[:20]:
            told = f"  not indexed: {damage.source}, {damage.length:,} bytes at {damage.offset:,}: {damage.reason}"
            out.print(told, markup=False, soft_wrap=True)
    return 1 if damages else 0
