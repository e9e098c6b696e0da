"""``broadsheet history``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.shared import Face, speaks

if TYPE_CHECKING:
    from rich.text import Text

    from broadsheet.pages.history import History, Version
    from broadsheet.pipelines.dataset.revision import Piece

_COLOURS = {"text": "yellow", "bytes": "yellow", "no page": "red", "first": "green", "same": "dim", "markup": "cyan"}


@click.command("history")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("url", metavar="URL")
@speaks
def history_command(face: Face, directory: Path, url: str) -> int:
    """List the captures of the page URL in the collection DIR, and show what changed between its versions.

    A capture is the first, the same as before (to the byte), of other markup with the same title and text, of another text,
    or no page. With http or https, "www." or not, it is one page.

    \b
    broadsheet history news https://news.example.org/2026/11/a-story.html
    broadsheet history news news.example.org/about --json
    """
    from broadsheet.pages.history import page_history  # noqa: PLC0415 - heavy

    history = page_history(directory, url)
    face.print_json(history)
    if not face.as_json:
        _show(face, history)
    return 0


def _show(face: Face, history: History) -> None:
    out = face.out()
    for capture in history.captures:
        out.print(_line(capture), soft_wrap=True)
        if capture.title_before is not None:
            out.print(_marked("title", (("- ", capture.title_before, "red"), ("+ ", capture.title or "", "green"))))
        for paragraph in capture.paragraphs:
            if paragraph.skipped:
                count = "1 paragraph" if paragraph.skipped == 1 else f"{paragraph.skipped} paragraphs"
                out.print(f"      … {count} as before", style="dim")
            for sign, pieces, colour in (("-", paragraph.before, "red"), ("+", paragraph.after, "green")):
                if pieces:
                    out.print(_paragraph(sign, pieces, colour), soft_wrap=True)
    count = "1 capture" if len(history.captures) == 1 else f"{len(history.captures)} captures"
    out.print(f"{count}, {history.versions} different {'page' if history.versions == 1 else 'pages'}.")


def _line(capture: Version) -> Text:
    from rich.text import Text  # noqa: PLC0415 - heavy

    line = Text(f"{capture.date:%Y-%m-%d %H:%M:%S}  {capture.status or '-':>3}  ")
    line.append(f"{capture.change.value:<8}", style=_COLOURS[capture.change.value])
    line.append(f"  {capture.digest or capture.error or '-'}", style="dim")
    line.append(f"  {capture.title}" if capture.title else "")
    return line


def _marked(what: str, lines: tuple[tuple[str, str, str], ...]) -> Text:
    from rich.text import Text  # noqa: PLC0415 - heavy

    text = Text()
    for number, (sign, value, colour) in enumerate(lines):
        text.append("\n" if number else "")
        text.append(f"    {sign}{what}: {value}", style=colour)
    return text


def _paragraph(sign: str, pieces: tuple[Piece, ...], colour: str) -> Text:
    from rich.text import Text  # noqa: PLC0415 - heavy

    text = Text(f"    {sign} ", style=colour)
    for number, piece in enumerate(pieces):
        text.append(" " if number else "")
        text.append(piece.text, style=f"bold {colour}" if piece.changed else "default")
    return text
