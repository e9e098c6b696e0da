"""``broadsheet profile``: what a site taught, in words; clear answers where nothing was learnt."""

from __future__ import annotations

import importlib.util
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from small_warcs import answered, write_warc

from broadsheet.cli import main
from broadsheet.pipelines.derive.extract import extract

MOMENT = datetime(2026, 4, 1, tzinfo=UTC)


def _synthetic_site() -> ModuleType:
    path = Path(__file__).parents[1] / "pipelines" / "extract" / "synthetic_site.py"
    spec = importlib.util.spec_from_file_location("synthetic_site", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault("synthetic_site", module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of twelve articles of one site, with segments."""
    folder = tmp_path_factory.mktemp("profile")
    site = _synthetic_site()
    stories = site.stories()[:12]
    pages = [
        answered(f"http://daily.example{story.path}", site.page(story, stories, "flat"), moment=MOMENT)
        for story in stories
    ]
    write_warc(folder, "s", pages, via="http://daily.example/")
    extract(sorted(folder.glob("*.warc*")), folder / "c", workers=1)
    return folder / "c"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["profile", *arguments])
    told = capsys.readouterr()
    return int(stopped.value.code or 0), told.out, told.err


@pytest.mark.slow
def test_what_recurs_is_told_in_words(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, str(made), "daily.example", "--json", "--limit", "500")
    (site,) = json.loads(out)
    assert code == 0
    assert (site["site"], site["pages"]) == ("daily.example", 12)
    assert site["recurring_texts"] == len(site["texts"])
    assert all(text["text"] and text["role"] for text in site["texts"])
    assert [text["pages"] for text in site["texts"]] == sorted((text["pages"] for text in site["texts"]), reverse=True)
    on_all = {text["text"]: text["role"] for text in site["texts"] if text["pages"] == 12}
    assert any("©" in text or "rights" in text.lower() for text in on_all)
    assert not [text for text, role in on_all.items() if role in {"body", "headline"}]
    assert any(place["body"] > 0.5 and place["dom_path"] for place in site["slots"])
    assert "texts recur" in run(capsys, str(made), "--limit", "3")[1]


@pytest.mark.slow
def test_lines_that_mark_articles_are_told_with_their_counts_and_where_they_stand(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site,) = json.loads(run(capsys, str(made), "daily.example", "--json", "--limit", "500")[1])
    said = {(form["text"], form["why"]) for form in site["forms"]}
    assert all(form["text"] is not None for form in site["forms"])
    ends = {text for text, why in said if why == "stands on 12 of 12 articles, never before text"}
    begins = {text for text, why in said if why == "stands on 12 of 12 articles, always before the text"}
    assert any("©" in text or "rights" in text.lower() for text in ends)
    assert begins
    assert not ends & begins
    assert any("names of authors are known" in habit for habit in site["habits"])
    assert "lines that mark articles" in run(capsys, str(made), "--limit", "3")[1]


@pytest.mark.slow
def test_sites_that_are_not_known_are_named(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, str(made), "other.example")
    assert code == 2
    assert "daily.example" in err
    assert run(capsys, str(tmp_path))[0] == 2
    for path in (made / "profiles").glob("*.json"):
        path.rename(tmp_path / path.name)
    code, _, err = run(capsys, str(made))
    assert code == 2
    assert "holds no site profile" in err
