"""``broadsheet check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.archive.errors import BadInput
from broadsheet.check.defaults import SAMPLE
from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, conversions_option, speaks

if TYPE_CHECKING:
    from broadsheet.archive.warc.record import Damage


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR|WARC|WACZ...")
@option("--sample", type=click.IntRange(0), default=SAMPLE, show_default=True, metavar="N",
              help="Pages to check, the same ones each time; 0 for all.")  # fmt: skip
@option("--browser", "look", is_flag=True, help="Look at the pages in a browser, too, through the replay.")
@option("--browser-path", type=click.Path(path_type=Path), metavar="PATH", help="The Chrome or Chromium to use.")
@option("--screenshots", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
              help="With --browser: keep a picture of each page here.")  # fmt: skip
@option("--max-missing", type=click.FloatRange(0, 100), default=0.0, show_default=True, metavar="PERCENT",
              help="Exit with 1 when more than this is missing.")  # fmt: skip
@conversions_option
@speaks
def check_command(
    face: Face,
    paths: tuple[Path, ...],
    sample: int,
    look: bool,
    browser_path: Path | None,
    screenshots: Path | None,
    max_missing: float,
    conversions: bool,
) -> int:
    """Check how well pages were captured: what they need against what is there.

    \b
    Of each page everything that it names is looked up: images, styles, scripts, fonts, media, frames, and what those
    name in turn. It was captured; is gone, as the server itself said (4xx); failed; was never asked for; or was left out
    by choice (options of the crawl, robots.txt). Failed and never asked is missing.

    \b
    broadsheet check example
    broadsheet check example --browser --sample 20 --screenshots pictures
    broadsheet check other.wacz --sample 0 --max-missing 1

    Exit code 1 when more is missing than --max-missing allows, of what pages name or of what the browser asked for, or a
    WARC is not where it was.
    """
    from broadsheet.archive.named_warcs import is_missing  # noqa: PLC0415 - heavy
    from broadsheet.check.check import CheckOptions, check  # noqa: PLC0415
    from broadsheet.check.show import check_progress, show_quality  # noqa: PLC0415

    if not look and (browser_path is not None or screenshots is not None):
        raise BadInput("--screenshots and --browser-path", "are for looking in a browser", "Add --browser.")
    options = CheckOptions(paths, sample, look, browser_path, screenshots, conversions)
    incomplete: list[Damage] = []

    def told(damage: Damage) -> None:
        missing = is_missing(damage)
        if missing:
            incomplete.append(damage)
        where = "" if missing else f" at offset {damage.offset}"
        face.err().print(f"{damage.source}: {damage.reason}{where}; left out.", markup=False, soft_wrap=True)

    with check_progress(face) as progress:
        quality = check(
            options,
            progress,
            told,
        )
    show_quality(face, quality)
    return 1 if incomplete or 100 * max(quality.missing_share, quality.missing_in_browser) > max_missing else 0
