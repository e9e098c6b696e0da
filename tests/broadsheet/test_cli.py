"""The command line: options, errors, exit codes; and the page that documents it."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.cli import cli, main
from broadsheet.cli.shared import url_argument
from broadsheet.crawler.kept_options import load_options, store_options
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.progress import CrawlEnd, CrawlProgress, CrawlSummary
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.terminal.amounts import duration, size
from broadsheet.terminal.progress import describe, live_table

ROOT = Path(__file__).parents[2]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    shown = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, shown.out, shown.err


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("example.org", "https://example.org"),
        ("localhost:8000/x", "https://localhost:8000/x"),
        ("http://127.0.0.1:1/", "http://127.0.0.1:1/"),
        ("https://bücher.example/a?b=c", "https://bücher.example/a?b=c"),
    ],
)
def test_urls_as_people_type_them(typed: str, url: str) -> None:
    assert url_argument(typed) == url


@pytest.mark.parametrize(
    "typed", ["", "foo", "ftp://x.org/", "file:///etc/passwd", "http://", "mailto:a@b.org", "http://a:99999/"]
)
def test_what_is_no_url_is_said_so(typed: str) -> None:
    with pytest.raises(BadInput, match="Write it like"):
        url_argument(typed)


def test_a_size_that_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "crawl", "http://a.org/", "-o", str(tmp_path), "--max-size", "many")
    assert code == 2
    assert "write it like 64MiB" in err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["crawl", "-o", "{tmp}/none"], 2, "no such folder"),
        (["crawl", "-o", "{tmp}"], 2, "not a collection"),
        (["crawl", "http://a.org/", "-o", "{tmp}/full"], 2, "not empty"),
        (["crawl", "nonsense", "-o", "{tmp}/c"], 2, "is not a URL"),
        (["crawl", "{tmp}/none", "--update"], 2, "no such folder"),
        (["report", "{tmp}/full/thesis.doc"], 2, "is a file, not a collection"),
        (["report", "{tmp}/broken"], 1, "broken/archive`"),
        (["repair", "{tmp}/full", "-o", "{tmp}/c"], 2, "is a folder"),
        (["replay", "{tmp}/tiny.warc.gz", "--no-browser"], 2, "holds nothing that can be replayed"),
        (["extract", "{tmp}/none.warc", "-o", "{tmp}/c"], 2, "no such file"),
        (["extract", "{tmp}/full/thesis.doc", "-o", "{tmp}/c"], 2, "not a WARC"),
        (["extract", "{tmp}/full", "-o", "{tmp}/c"], 2, "no WARC or WACZ"),
        (["extract", "{tmp}/full/thesis.doc"], 2, "-o DIR"),
        (["extract", "{tmp}/full/thesis.doc", "-o", "{tmp}/c", "--tables", "poems"], 2, "no table"),
        (["verify", "{tmp}/none"], 2, "no such file"),
        (["verify", "{tmp}/full/thesis.doc"], 2, "not a WARC"),
        (["crawl", "http://a.org/", "-o", "{tmp}/c", "--include", "(("], 2, "regular expression"),
        (["crawl", "http://a.org/", "-o", "{tmp}/c", "--proxy", "gopher://x"], 2, "proxy"),
    ],
)
def test_wrong_use_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.doc").write_text("All my work")
    (tmp_path / "tiny.warc.gz").write_text("hello")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "collection.sqlite").write_text("no database")
    got, out, err = run(capsys, *(argument.format(tmp=tmp_path) for argument in arguments))
    assert (got, out) == (code, "")
    assert message in err
    assert "Traceback" not in err
    assert (tmp_path / "full" / "thesis.doc").read_text() == "All my work"
    assert not (tmp_path / "c").exists()


def test_options_that_cannot_be_followed_change_no_crawl(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A crawl that is there keeps the options it had."""
    folder = tmp_path / "c"
    with Catalogue.open(Collection.create(folder).journal) as catalogue:
        store_options(SqliteStore.prepared(catalogue), CrawlOptions(folder, ("http://a.example/",), include=("kept",)))
    assert run(capsys, "crawl", "-o", str(folder), "--include", "((")[0] == 2
    with Catalogue.open(Collection.open(folder).journal) as catalogue:
        kept = load_options(SqliteStore(catalogue))
    assert kept is not None
    assert kept.options(folder).include == ("kept",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[crawl]\ndelya = 1", "Did you mean delay?"),
        ("[crwal]\ndelay = 1", "Did you mean crawl?"),
        ("delay = 1", "stands outside a table"),
        ("[crawl\n", "is not TOML"),
    ],
)
def test_a_wrong_configuration_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "b.toml").write_text(text)
    code, _, err = run(capsys, "--config", str(tmp_path / "b.toml"), "verify", str(tmp_path))
    assert code == 2
    assert message in err


def test_the_configuration_gives_defaults_and_what_is_typed_wins(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[CrawlOptions] = []

    def crawl(options: CrawlOptions, _observer: object, **_named: object) -> CrawlSummary:
        seen.append(options)
        return CrawlSummary(options.directory, CrawlEnd.FINISHED, 0, CrawlProgress())

    monkeypatch.setattr("broadsheet.crawler.run.crawl", crawl)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broadsheet.toml").write_text('[crawl]\ndelay = 3.5\nmax-size = "1M"\nexclude = ["/x/", "/y/"]\n')
    assert run(capsys, "crawl", "a.org", "-o", "c", "-q")[0] == 0
    assert run(capsys, "crawl", "a.org", "-o", "c", "-q", "--delay", "0")[0] == 0
    assert [options.delay for options in seen] == [3.5, 0.0]
    assert (seen[0].max_size, seen[0].exclude) == (10**6, ("/x/", "/y/"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:9/", "nobody answers"),
        ("http://no-such-host.invalid/", "does not resolve"),
    ],
)
def test_a_host_that_cannot_be_reached(tmp_path: Path, url: str, message: str) -> None:
    command = [sys.executable, "-m", "broadsheet", "crawl", url, "-o", str(tmp_path / "c"), "--retries", "0", "-q"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_the_page_of_the_command_line_is_true() -> None:
    spec = importlib.util.spec_from_file_location("make_cli", ROOT / "docs" / "make_cli.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text("utf-8") == module.cli_page(), "run: uv run python docs/make_cli.py"


def test_the_page_lists_every_option_of_every_command() -> None:
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    for name, command in cli.commands.items():
        section = page.partition(f"\n## broadsheet {name}\n")[2].partition("\n## ")[0]
        for parameter in command.params:
            for text in (*parameter.opts, *parameter.secondary_opts) if isinstance(parameter, click.Option) else ():
                assert re.search(rf"(?<!\S){re.escape(text)}[\s,]", section), f"{name} {text}"


def test_every_option_says_what_it_is_for() -> None:
    for command in cli.commands.values():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{command.name} {parameter.name}"


def test_help_needs_nothing_heavy() -> None:
    heavy = ("scrapy", "pyarrow", "trafilatura", "numpy", "lxml", "rich", "asyncio", "sqlite3", "concurrent.futures")
    script = f"import sys; import broadsheet.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_progress_says_what_matters() -> None:
    moment = CrawlProgress(
        exchanges=30, pages=20, queued=100, elapsed=10.0, rate=3.0, bytes_received=2_500_000, errors={"dns": 2}
    )
    line = describe(moment)
    for needle in ("20 pages", "100 queued", "3.0/s", "2.5 MB", "dns: 2", "33 s"):
        assert needle in line
    assert live_table(moment).row_count == 6
    assert "7 records to go" in describe(CrawlProgress(phase="extract", extraction_backlog=7))
    assert (duration(3661), duration(61), duration(2)) == ("1 h 01 min", "1 min 01 s", "2 s")
    assert (size(999), size(1_500_000)) == ("999 B", "1.5 MB")


def test_json_is_all_there_is_on_standard_output(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "empty.warc").write_bytes(b"")
    code, out, _ = run(capsys, "verify", str(tmp_path), "--json")
    assert {"errors", "warnings", "infos", "rules", "findings", "findings_left_out", "warcs"} == set(json.loads(out))
    assert code in {0, 1}
