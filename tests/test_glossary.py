"""The code follows docs/glossary.md: words that it gave up are in no name, and a file name says one thing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("archive", "broadsheet", "crawler", "pipelines")
MODULES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if not any(parent.is_symlink() for parent in path.parents)
]

# Names of classes that were given up, and what each thing is called now.
GIVEN_UP = {
    "Answers": "ResponseResolver",
    "Book": "CompactionManifest",
    "CdxjEntry": "CdxjLine",
    "Filed": "RoleAssignment",
    "Held": "IndexedCapture",
    "Holdings": "CaptureIndex",
    "Impostors": "Misattributions",
    "JournalEntry": "Change",
    "Judged": "BodyDecision",
    "Known": "HeadWords",
    "Ledger": "RecordTable",
    "LogEntry": "Submission",
    "Said": "TextTraits",
    "Shelf": "_IndexedPath, DocumentReader",
    "Stored": "CapturedResponse",
    "Wanted": "CaptureFilter",
    "Witness": "MetaTexts",
}
# File names that said several things: each is too general to stand twice.
GENERAL = frozenset(
    {"entry.py", "holdings.py", "ledger.py", "messages.py", "model.py", "plan.py", "scan.py", "spool.py", "stored.py"}
)
# Who means 500 entries of a WARC by `part`, and may have classes that are called so.
PARTS = ("pipelines/compact/", "pipelines/dataset/", "pipelines/derive/", "pipelines/reconcile/")


def classes() -> Iterator[tuple[Path, str]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield path.relative_to(ROOT), node.name


# Public classes that still share their name with another: none may be added.
SHARED = {
    "Collection": "the collection on disk, and the Python API over it",
    "Evidence": "what speaks for a body, and what speaks for a role",
    "Lane": "a queue of visits, and its number in the journal",
    "Option": "of a crawl, and of click",
    "Resolver": "of relative URLs, and of host names",
}


def test_modules_are_found() -> None:
    assert len(MODULES) > 250


def test_no_class_has_a_name_that_was_given_up() -> None:
    found = {
        f"{path}: {name} -> {GIVEN_UP[name.lstrip('_')]}" for path, name in classes() if name.lstrip("_") in GIVEN_UP
    }
    assert not found


def test_a_class_name_stands_once() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path, name in classes():
        if not name.startswith("_"):
            places[name].append(path.as_posix())
    shared = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert {name: paths for name, paths in shared.items() if name not in SHARED} == {}
    assert set(SHARED) <= set(shared), "these stand once by now: take them out of SHARED"


def test_a_general_file_name_stands_once_in_a_layer() -> None:
    places: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path in MODULES:
        if path.name in GENERAL:
            place = path.relative_to(ROOT)
            places[place.parts[0], path.name].append(place.as_posix())
    assert {key: paths for key, paths in places.items() if len(paths) > 1} == {}


def test_a_part_is_500_entries_of_a_warc() -> None:
    named = {(path.as_posix(), name) for path, name in classes() if re.search(r"Part(?![a-z])", name)}
    assert named
    assert {f"{path}: {name}" for path, name in named if not path.startswith(PARTS)} == set()


def test_terms_of_the_glossary_are_in_one_table_each() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    terms = re.findall(r"^\| ([a-zA-Z][^|]*?) \|", text, re.MULTILINE)
    assert {"entry", "part", "capture", "exchange", "requisite", "revisit", "original"} <= set(terms)
    assert sorted(term for term in set(terms) - {"word"} if terms.count(term) > 1) == []
