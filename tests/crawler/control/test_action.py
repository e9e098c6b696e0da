"""Actions as files: what can be asked, that all of it is read back, and that what is no action harms nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.crawler.control.action import Action, ActionFolder, ActionKind, InForce, action_of

AT = datetime(2026, 11, 30, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> ActionFolder:
    return ActionFolder(Collection.create(tmp_path / "c"))


def test_what_is_asked_is_pending_until_it_is_taken(folder: ActionFolder, tmp_path: Path) -> None:
    asked = [action_of("exclude", "/tag/", "endless lists", AT), action_of("seed", "http://b.example", "missed", AT)]
    for one in asked:
        folder.ask(one)
    pending = folder.pending()
    assert [one.action for one in pending] == asked
    folder.take(pending[0])
    assert [(one.action, one.done) for one in folder.all()] == [(asked[0], True), (asked[1], False)]
    assert folder.in_force() == InForce(("/tag/",), ("http://b.example/",))
    assert len(list((tmp_path / "c" / "action" / "done").iterdir())) == 1


def test_the_last_word_on_a_pause_holds() -> None:
    pause, resume = (Action(kind, "", "", AT) for kind in (ActionKind.PAUSE, ActionKind.RESUME))
    assert InForce.of([pause, resume, pause]).pause == pause
    assert InForce.of([pause, resume]).pause is None


@pytest.mark.parametrize(
    ("kind", "value", "cause"),
    [
        ("delete", "", "is not known"),
        ("exclude", "", "everything"),
        ("exclude", "(", "regular expression"),
        ("seed", "javascript:alert(1)", "not a URL"),
        ("seed", "", "not a URL"),
        ("seed", "http://a.example/" + "a" * 5000, "longer"),
    ],
)
def test_what_makes_no_sense_is_refused(kind: str, value: str, cause: str) -> None:
    with pytest.raises(BadInput, match=cause):
        action_of(kind, value, "because", AT)


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=200) | st.recursive(st.none() | st.text(max_size=9), st.lists).map(json.dumps).map(str.encode)
)
def test_a_file_that_is_no_action_is_passed_over(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = ActionFolder(collection := Collection.create(tmp_path_factory.mktemp("c") / "c"))
    folder.ask(action_of("pause", "", "a storm", AT))
    (collection.directory / "action" / "0.json").write_bytes(data)
    (collection.directory / "action" / "folder.json").mkdir()
    assert [one.action.kind for one in folder.pending()] == [ActionKind.PAUSE]
