"""Where a value comes from: default < stored < toml < environment < flag, for every option of a crawl."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.cli import cli
from broadsheet.cli.option import Option, environment_name
from broadsheet.crawler.kept_options import store_options
from broadsheet.crawler.option import DeclaredOption, declared_options
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.settled_options import Origin
from broadsheet.crawler.state.sqlite import SqliteStore

DECLARED = declared_options(CrawlOptions)
SEED = "https://blog.example.org/"
INDEPENDENT = [one for one in DECLARED if one.name != "ask_all" and one.option.part_of is None]
LAYERS = ("stored", "toml", "environment", "flag")


def values(one: DeclaredOption) -> list[Any]:
    """A value for each layer, as JSON has it: no two neighbours are the same, and none is the default."""
    if one.type is bool:
        return [not one.default] * 4
    if issubclass(one.type, Enum):
        others = [member.value for member in one.type if member is not one.default]
        texts: list[Any] = [others[number % len(others)] for number in range(4)]
    elif one.type in (int, float):
        texts = [one.type(number) for number in (3, 4, 5, 6)]
    else:
        texts = [f"value-{number}" for number in range(4)]
    if one.name == "headers":
        texts = [f"X-{number}: {number}" for number in range(4)]
    return [[text] for text in texts] if one.repeatable else texts


def typed(one: DeclaredOption, value: Any) -> list[str]:
    if one.type is bool:
        return [f"--{one.flag}" if value else f"--no-{one.flag}"]
    return [word for item in (value if one.repeatable else [value]) for word in (f"--{one.flag}", str(item))]


def in_environment(one: DeclaredOption, value: Any) -> str:
    return "\n".join(value) if one.repeatable else str(value)


def in_toml(value: Any) -> str:
    return json.dumps(value)  # of these values JSON and TOML are the same


def crawl_folder(folder: Path, **stored: Any) -> Path:
    with Catalogue.open(Collection.create(folder).journal) as catalogue:
        store_options(SqliteStore.prepared(catalogue), replace(CrawlOptions(folder, (SEED,)), **stored))
    return folder


def shown(
    folder: Path, *arguments: str, toml: str = "", environment: dict[str, str] | None = None
) -> dict[str, tuple[Any, str]]:
    """Value and origin of each option, as --show-options says them."""
    config = folder.parent / "given.toml"
    config.write_text(toml)
    command = ["--config", str(config), "crawl", *arguments, "--show-options", "--json"]
    with mock.patch.dict(os.environ, environment or {}):
        done = CliRunner().invoke(cli, command, standalone_mode=False)
    assert done.exception is None, done.exception
    return {one["name"]: (one["value"], one["origin"]) for one in json.loads(done.stdout)["options"]}


@pytest.fixture(scope="module")
def plain_crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crawl_folder(tmp_path_factory.mktemp("plain") / "c")


@pytest.mark.parametrize("one", DECLARED, ids=lambda one: one.flag)
def test_the_winner_of_every_combination(one: DeclaredOption, plain_crawl: Path, tmp_path: Path) -> None:
    """By folder and by URL in turn: it is one rule."""
    by_layer = dict(zip(LAYERS, values(one), strict=True))
    if not one.option.kept:
        del by_layer["stored"]
    stored_crawl = crawl_folder(
        tmp_path / "c", **{one.name: one.from_plain(by_layer.get("stored", one.plain(one.default)))}
    )
    for number in range(2 ** len(by_layer)):
        present = {layer: value for place, (layer, value) in enumerate(by_layer.items()) if number >> place & 1}
        folder = stored_crawl if "stored" in present else plain_crawl
        toml = f"[crawl]\n{one.flag} = {in_toml(present['toml'])}\n" if "toml" in present else ""
        name = environment_name("crawl", one.flag)
        environment = {name: in_environment(one, present["environment"])} if "environment" in present else {}
        arguments = ["--update"] if one.name == "ask_all" else []
        if "flag" in present:
            arguments += [f"--{one.flag}"] if one.name == "ask_all" else typed(one, present["flag"])
        winner = next((layer for layer in reversed(by_layer) if layer in present), None)
        expected = one.default if winner is None else one.from_plain(present[winner])
        origin = winner or ("stored" if one.option.kept else "default")
        target = [str(folder)] if (number + DECLARED.index(one)) % 2 else [SEED, "-o", str(folder)]
        told = shown(folder, *target, *arguments, toml=toml, environment=environment)[one.flag]
        assert told == (one.shown(expected), origin), (present, target)


@settings(max_examples=25)
@given(named=st.dictionaries(st.sampled_from(INDEPENDENT), st.sampled_from(LAYERS), max_size=8))
def test_options_do_not_disturb_each_other(named: dict[DeclaredOption, str]) -> None:
    """Each from another source, at once; the others keep what they were."""
    named = {one: layer for one, layer in named.items() if one.option.kept or layer != "stored"}
    given_values = {one: values(one)[LAYERS.index(layer)] for one, layer in named.items()}
    with tempfile.TemporaryDirectory() as temporary:
        of = {layer: [one for one in named if named[one] == layer] for layer in LAYERS}
        stored = {one.name: one.from_plain(given_values[one]) for one in of["stored"]}
        folder = crawl_folder(Path(temporary) / "c", **stored)
        toml = "[crawl]\n" + "".join(f"{one.flag} = {in_toml(given_values[one])}\n" for one in of["toml"])
        environment = {
            environment_name("crawl", one.flag): in_environment(one, given_values[one]) for one in of["environment"]
        }
        arguments = [word for one in of["flag"] for word in typed(one, given_values[one])]
        told = shown(folder, str(folder), *arguments, toml=toml, environment=environment)
    for one in INDEPENDENT:
        if one in named:
            assert told[one.flag] == (one.shown(one.from_plain(given_values[one])), named[one])
        else:
            assert told[one.flag] == (one.shown(one.default), "stored" if one.option.kept else "default")


def test_the_order_is_that_of_the_origins() -> None:
    assert [origin.value for origin in Origin] == ["default", *LAYERS]


def test_a_new_crawl_is_shown_and_not_begun(tmp_path: Path) -> None:
    told = shown(tmp_path / "c", SEED, "-o", str(tmp_path / "c"), "--delay", "2m", "--max-size", "64MiB")
    assert told["delay"] == (120.0, "flag")
    assert told["max-size"] == (67_108_864, "flag")
    assert told["warc-size"] == (1_000_000_000, "default")
    assert not (tmp_path / "c").exists()


def test_options_are_shown_to_a_person_too(tmp_path: Path) -> None:
    folder = crawl_folder(tmp_path / "c", http_user="ann", http_password="secret", headers=("Authorization: x",))
    done = CliRunner().invoke(cli, ["crawl", str(folder), "--show-options"], standalone_mode=False)
    assert "http-password" in done.stdout
    assert "Authorization: ***" in done.stdout
    assert "secret" not in done.stdout


def test_the_password_has_its_short_name_in_the_environment(tmp_path: Path) -> None:
    folder = crawl_folder(tmp_path / "c")
    told = shown(folder, str(folder), environment={"BROADSHEET_HTTP_PASSWORD": "secret"})
    assert told["http-password"] == ("***", "environment")


def run(*arguments: str, environment: dict[str, str] | None = None) -> Any:
    with mock.patch.dict(os.environ, environment or {}):
        return CliRunner().invoke(cli, list(arguments))


def test_a_wrong_value_in_the_environment_is_called_by_its_name(tmp_path: Path) -> None:
    done = run("crawl", SEED, "-o", str(tmp_path / "c"), environment={"BROADSHEET_CRAWL_MAX_SIZE": "many"})
    assert done.exit_code == 2
    assert "BROADSHEET_CRAWL_MAX_SIZE in the environment" in done.output
    assert "64MiB" in done.output


def test_a_misspelt_name_in_the_environment_is_said(tmp_path: Path) -> None:
    folder = crawl_folder(tmp_path / "c")
    done = run("crawl", str(folder), "--show-options", environment={"BROADSHEET_CRAWL_DELYA": "1"})
    assert "Did you mean BROADSHEET_CRAWL_DELAY?" in done.output
    other = run(
        "crawl", str(folder), "--show-options", environment={"BROADSHEET_SEED": "1", "BROADSHEET_EXTRACT_X": "1"}
    )
    assert "names no option" not in other.output


def test_every_option_of_every_command_is_ours() -> None:
    """So each has its name in the environment, and in broadsheet.toml."""
    for name, command in cli.commands.items():
        for parameter in command.params:
            assert isinstance(parameter, Option) or parameter.param_type_name == "argument", (name, parameter.name)


def test_what_is_reset_is_a_default_again(tmp_path: Path) -> None:
    folder = crawl_folder(tmp_path / "c", proxy="http://proxy.example:1", delay=3.0)
    told = shown(folder, str(folder), "--reset", "proxy")
    assert told["proxy"] == (None, "default")
    assert told["delay"] == (3.0, "stored")
    done = run("crawl", str(folder), "--reset", "porxy", "--show-options")
    assert "Did you mean proxy?" in str(done.exception)


def test_the_environment_serves_every_command() -> None:
    assert "schema_version" in json.loads(run("schema", "captures", environment={"BROADSHEET_SCHEMA_JSON": "1"}).stdout)
    assert run("compact", "none", environment={"BROADSHEET_COMPACT_TARGET_SIZE": "0"}).exit_code == 2
