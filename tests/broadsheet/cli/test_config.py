"""``broadsheet.toml``: what stands there is taken, or an error names the file, the key and the remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.cli import cli
from broadsheet.cli.config import read_defaults


def read(tmp_path: Path, text: str) -> dict[str, dict[str, Any]]:
    path = tmp_path / "b.toml"
    path.write_text(text)
    return read_defaults(path, cli)


@pytest.mark.parametrize(
    ("text", "command", "name", "value"),
    [
        ("[crawl]\ndelay = 1", "crawl", "delay", 1),
        ('[crawl]\ndelay = "2m"', "crawl", "delay", "2m"),
        ('[crawl]\nmax-size = "64MiB"', "crawl", "max_size", "64MiB"),
        ("[crawl]\nmax-size = 64", "crawl", "max_size", 64),
        ('[crawl]\nheader = ["From: a@b.example"]', "crawl", "headers", ["From: a@b.example"]),
        (
            '[crawl.host."a.example"]\ndelay = 2\nignore-robots = true\nreason = "leave of 3 May"\n'
            '[crawl.host.b]\nhours = "1:00-2:00"',
            "crawl",
            "host_settings",
            ["a.example delay=2 ignore-robots=yes 'reason=leave of 3 May'", "b hours=1:00-2:00"],
        ),
        ("[crawl]\nrequisites = false", "crawl", "requisites", False),
        ("[extract]\nstatus = [200, 404]", "extract", "statuses", [200, 404]),
        ("[dedupe]\nthreshold = 1", "dedupe", "threshold", 1),
    ],
)
def test_values_are_taken(tmp_path: Path, text: str, command: str, name: str, value: Any) -> None:
    assert read(tmp_path, text) == {command: {name: value}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[crawl]\ndelya = 1", r"b\.toml: \[crawl\] delya: is not an option\. Did you mean delay\?"),
        ("[crawl]\nno-requisites = true", r"\[crawl\] no-requisites: is not an option\. Did you mean requisites\?"),
        ("[crawl]\nheaders = []", "Did you mean header"),
        ("[crwal]\ndelay = 1", r"b\.toml: \[crwal\]: is not a command\. Did you mean crawl\?"),
        ("delay = 1", r"b\.toml: delay: stands outside a table\. .*\[crawl\]"),
        ("crawl = 1", "stands outside a table"),
        ("[crawl]\ndelay = true", r'\[crawl\] delay: cannot be True\. Write seconds, or a text like "2m"'),
        ('[crawl]\ndelay = "soon"', r"\[crawl\] delay: 'soon' is not a duration"),
        ("[crawl]\ndelay = inf", r"\[crawl\] delay: inf is not at least 0"),
        ('[crawl]\nmax-size = "many"', r"\[crawl\] max-size: 'many' is not a size"),
        ("[crawl]\nmax-size = 1.5", r"\[crawl\] max-size: cannot be 1\.5"),
        ("[crawl]\nmax-pages = 1.5", r"\[crawl\] max-pages: cannot be 1\.5\. Write a whole number"),
        ("[crawl]\nmax-pages = -1", r"\[crawl\] max-pages: -1 is not in the range"),
        ('[crawl]\nrequisites = "yes"', r"\[crawl\] requisites: cannot be 'yes'\. Write true or false"),
        ('[crawl]\nexclude = "/x/"', r"\[crawl\] exclude: cannot be '/x/'\. Write a list"),
        ("[crawl]\nexclude = [1]", r"\[crawl\] exclude: cannot be \[1\]\. Write a list"),
        ('[crawl]\nskip-requisites = ["hologram"]', r"\[crawl\] skip-requisites: 'hologram' is not one of"),
        ("[crawl]\noperator = 5", r"\[crawl\] operator: cannot be 5\. Write a text"),
        ('[crawl]\nscope = "world"', r"\[crawl\] scope: 'world' is not one of"),
        ("[crawl.host]\na = 1", r"\[crawl\] host\.'a': cannot be 1\. Write a table"),
        ('[crawl.host."a.example"]\ndelay = [1]', "Write a table of plain values"),
        ("[crawl\n", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read(tmp_path, text)


def test_without_a_file_nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_defaults(None, cli) == {}
    with pytest.raises(BadInput, match="No such file"):
        read_defaults(Path("none.toml"), cli)
