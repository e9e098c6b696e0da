"""What README.md, ARCHITECTURE.md and docs/ show is there: linked files, commands and options as click has them.

The Python of README.md runs in test_readme.py, that of docs/data.md and the SQL of docs/dedupe.md in broadsheet/data.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from broadsheet.cli import cli

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
# Other programs that a console block may call.
OTHERS = frozenset({"openssl"})
# Options in prose that are other programs'.
FOREIGN = frozenset({"--nthreads", "--folds", "--rows", "--through", "--through-extraction", "--warc-file", "--proxy"})


def blocks(page: Path, language: str) -> list[str]:
    return [code for name, code in FENCE.findall(page.read_text("utf-8")) if name == language]


def command_lines(page: Path) -> list[list[str]]:
    """The arguments of every call of broadsheet in the console blocks of *page*."""
    found = []
    for block in blocks(page, "console"):
        for line in block.splitlines():
            if not line.startswith("$ "):
                continue
            words = shlex.split(line[2:], comments=True)
            if "broadsheet" in words:
                found.append(words[words.index("broadsheet") + 1 :])
            else:
                assert OTHERS & set(words) or "pytest" in words, line
    return found


def parse(arguments: list[str]) -> None:
    """Parse *arguments* as click declares them, without looking at files.

    Raises:
        click.UsageError: there is no such command or option, one lacks its value, or the value is not of its type.
    """
    name, *rest = arguments
    command = cli.commands[name]
    # with the names of --help that the group gives: click keeps the option that a command is first asked with
    context = click.Context(command, info_name=name, help_option_names=["-h", "--help"])
    values, _, _ = command.make_parser(context).parse_args(rest)
    for parameter in command.params:
        value = values.get(parameter.name)
        if isinstance(value, str | list | tuple) and not isinstance(parameter.type, click.Path | click.File):
            parameter.type_cast_value(context, value)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_line_is_parsed(page: Path) -> None:
    for arguments in command_lines(page):
        parse(arguments)


def test_command_lines_are_found() -> None:
    assert sum(len(command_lines(page)) for page in PAGES) > 25


@pytest.mark.parametrize(
    "arguments", [["crawl", "--no-such"], ["extract", "x", "--status"], ["crawl", "u", "--delay", "x"]]
)
def test_a_wrong_command_line_is_refused(arguments: list[str]) -> None:
    with pytest.raises(click.UsageError):
        parse(arguments)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_option_in_the_text_exists(page: Path) -> None:
    if page.name == "CHANGELOG.md" or page.parent.name == "decisions":
        return  # they speak of other versions, too
    known = {
        option
        for command in (cli, *cli.commands.values())
        for one in command.params
        for option in (*one.opts, *one.secondary_opts)
    }
    spans = re.findall(r"`((?:broadsheet |--)[^`]*)`", page.read_text("utf-8"))
    named = {option for span in spans for option in re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", span)}
    assert named - known - FOREIGN - {"--help", "--version"} == set()


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_file_that_it_links_to_is_there(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", page.read_text("utf-8")):
        file = page.parent / target if target else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), f"{target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of *page*, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_python_compiles(page: Path) -> None:
    for block in blocks(page, "python"):
        compile(block, page.name, "exec")


def test_pages_with_python_are_those_that_run() -> None:
    """Python in another page needs a test that runs it, as these have."""
    running = {"README.md", "data.md", "lakehouse.md", "python.md", "scrapy.md"}
    assert {page.name for page in PAGES if blocks(page, "python")} == running


def test_every_module_that_the_architecture_names_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"`((?:archive|broadsheet|crawler|pipelines)/[\w/.]*)`", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert len(text.splitlines()) <= 100, "ARCHITECTURE.md is one page"
