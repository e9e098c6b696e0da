"""Writes docs/cli.md from the commands and the declarations of their options: ``uv run python docs/make_cli.py``.

A test keeps it true.
"""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli import cli
from broadsheet.cli.declared import default_text
from broadsheet.cli.option import environment_name
from broadsheet.crawler.option import declared_options
from broadsheet.crawler.options import CrawlOptions

PAGE = Path(__file__).parent / "cli.md"

_INTRODUCTION = """# The command line

Written by `docs/make_cli.py` from the commands and the declarations of their options.

## Where a value comes from

Five places can give an option its value. Of two, the later one in this list wins:

| origin | |
|---|---|
| `default` | what the help says |
| `stored` | what is stored with the crawl, in the journal of its folder (`crawl` alone) |
| `toml` | `broadsheet.toml` of the current folder, or the file that `broadsheet --config FILE` (or `BROADSHEET_CONFIG`) names |
| `environment` | `BROADSHEET_`, the command and the option, in capitals, `-` as `_`: `BROADSHEET_CRAWL_MAX_PAGES=100` |
| `flag` | the command line |

Go on with a crawl by its URL (`broadsheet crawl URL -o DIR`) or by its folder (`broadsheet crawl DIR`): the rule is the
same. What is named now, on the command line, in the environment or in `broadsheet.toml`, wins, and is stored in place
of what was. What is not named is what was stored. So `broadsheet.toml` overrides what is stored. A repeatable option
that is named replaces the whole list; URLs add up. Each change is told: `delay changed from 3.0 to 7.0 (toml).`

```console
$ broadsheet crawl news --show-options     # each option, its value, its origin; --json for programs; nothing is crawled
$ broadsheet crawl news --reset proxy      # forget what was stored of it
```

`broadsheet.toml` has a table for each command and a key for each option:

```toml
[crawl]
delay = 1.0
max-size = "64MiB"
exclude = ["/tag/", "/print/"]
requisites = false

[extract]
workers = 4
```

A command or an option that does not exist, or a value of the wrong type, is an error that names the file and the key.

In the environment a repeatable option holds one value a line; on and off are `1` and `0`. A variable that is named like
an option of the command, and is none, is reported.

## Sizes and durations

A size is a number of bytes, or has a unit: `64MiB` (or `64Mi`) is 67,108,864; `64MB`, and `64M`, is 64,000,000; `64` is
64. A duration is a number of seconds, or has a unit: `1.5`, `500ms`, `90s`, `2m`, `1h`, `7d`.

## Passwords

`http-password`, the values of `header`, and the name and password in `proxy` are never shown and never written into
warcinfo records. They are stored with the crawl, in plain text, so that the folder alone is enough to go on; and
request records hold what was sent. Whoever may read the folder may read them: [docs/access.md](access.md).

A stored login is not sent to hosts that are named later: to add another host, name the login again or `--reset` it. A
password belongs to its user: another `http-user` does not get it.
"""


def cli_page() -> str:
    """The page as it should be."""
    context = cli.make_context("broadsheet", ["demo"], terminal_width=100)
    parts = [
        _INTRODUCTION,
        f"## Options of a crawl\n\n{_crawl_table()}\n",
        f"## broadsheet\n\n```text\n{cli.get_help(context)}\n```\n",
    ]
    for name in sorted(cli.commands):
        command = cli.commands[name]
        inner = click.Context(command, parent=context, info_name=name, terminal_width=100)
        parts.append(f"## broadsheet {name}\n\n```text\n{command.get_help(inner)}\n```\n")
    return "\n".join(parts)


def _crawl_table() -> str:
    """What the declarations say besides the help."""
    rows = ["| option | in the environment | default | stored | in the warcinfo record |", "|---|---|---|---|---|"]
    for one in declared_options(CrawlOptions):
        names = [one.option.environment or "", environment_name("crawl", one.flag)]
        cells = (
            f"`{one.flag}`",
            ", ".join(f"`{name}`" for name in names if name),
            default_text(one),
            "yes" if one.option.kept else "no",
            "in its settings" if one.option.recorded else "",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    PAGE.write_text(cli_page(), "utf-8")
