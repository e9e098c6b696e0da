"""``broadsheet demo``."""

from __future__ import annotations

import click


@click.command("demo")
@click.pass_obj
def demo_command(face: object) -> int:
    """A small built-in news site, crawled, extracted and shown."""
    raise click.UsageError("not yet")
