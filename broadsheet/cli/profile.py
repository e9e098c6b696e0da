"""``broadsheet profile``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks

if TYPE_CHECKING:
    from broadsheet.pipelines.dataset.learnt import LearntSite

_WIDEST = 90  # columns of a text that is shown


@click.command("profile")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("site", required=False, metavar="[SITE]")
@option("--limit", type=click.IntRange(1), default=20, show_default=True, metavar="N",
              help="Texts, places and lines to show.")  # fmt: skip
@speaks
def profile_command(face: Face, directory: Path, site: str | None, limit: int) -> int:
    """Show what was learnt about SITE, or all sites, of a collection: the texts that recur, what stands where, and the
    lines by which articles are told from what is around them.

    A profile is learnt when a crawl or `extract` ends. What it knows keeps furniture out of the articles.

    \b
    broadsheet profile example
    broadsheet profile example blog.example.org --limit 50
    """
    from broadsheet.api import Collection  # noqa: PLC0415
    from broadsheet.archive.errors import BadInput  # noqa: PLC0415 - heavy
    from broadsheet.pipelines.dataset.learnt import learnt_site  # noqa: PLC0415
    from broadsheet.pipelines.extract.site.store import read_profiles  # noqa: PLC0415

    collection = Collection.open(directory)
    profiles, _ = read_profiles(str(directory))
    if not profiles:
        remedy = f"It takes several pages of a site; run `broadsheet extract {directory}`."
        raise BadInput(str(directory), "holds no site profile", remedy)
    wanted = sorted(profiles) if site is None else [site.removeprefix("www.").lower()]
    if wanted[0] not in profiles:
        known = ", ".join(sorted(profiles)[:10])
        raise BadInput(str(site), f"has no profile in {directory}", f"There are profiles of {known}.")
    found = []
    for name in wanted:
        host = name.rpartition(":")[0] if ":" in name else name
        try:
            table = collection.segments(host=(host, f"www.{host}"), columns=("block_hash", "role", "text", "dom_path"))
            batches = table.batches()
        except BadInput:  # no table of segments: counts are shown without words
            batches = iter(())
        found.append(learnt_site(profiles[name], batches, limit))
    face.print_json(found)
    if not face.as_json:
        for one in found:
            _show(face, one)
    return 0


def _show(face: Face, one: LearntSite) -> None:
    from rich.table import Table  # noqa: PLC0415 - heavy
    from rich.text import Text  # noqa: PLC0415

    order = {None: "not known", True: "day first", False: "month first"}[one.day_first]
    out = face.out()
    out.print(
        f"{one.site}: {one.pages:,} pages, {one.articles:,} articles; dates {order}; profile {one.profile_id}",
        markup=False,
    )
    texts = Table("pages", "role now", "text", title=f"{one.recurring_texts:,} texts recur", title_justify="left")
    for text in one.texts:
        told = _cut(text.text)
        by_one = text.one_author and 2 * text.pages < one.pages  # on a blog of one author it says nothing
        texts.add_row(f"{text.pages:,}", text.role or "", Text(f"{told} (one author)" if by_one else told))
    out.print(texts)
    places = Table("pages", "role", "share", "body", "place", title=f"{one.places:,} places", title_justify="left")
    for place in one.slots:
        places.add_row(
            f"{place.pages:,}", place.role, f"{place.share:.0%}", f"{place.body:.0%}", Text(place.dom_path or "")
        )
    out.print(places)
    forms = Table("stands", "line", title="lines that mark articles", title_justify="left")
    for form in one.forms:
        kind = "" if form.kind in {None, "text"} else f" ({form.kind})"
        where = "" if form.place is None else f"; template {form.place}"
        forms.add_row(Text(form.why.removeprefix("stands ") + where), Text(_cut(form.text) + kind))
    out.print(forms)
    for habit in one.habits:
        out.print(f"- {habit}", markup=False, highlight=False)


def _cut(text: str | None) -> str:
    said = " ".join(("(not in the table segments)" if text is None else text).split())
    return said if len(said) <= _WIDEST else said[: _WIDEST - 1] + "…"
