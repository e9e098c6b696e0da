"""Writes the table of rules in docs/verify.md from the code: ``uv run python docs/make_verify.py``.  A test keeps it true."""

from __future__ import annotations

from pathlib import Path

from broadsheet.archive.verify.finding import Rule
from broadsheet.archive.verify.index import INDEX_RULES
from broadsheet.archive.verify.run import UNREADABLE
from broadsheet.archive.verify.second_reader import SECOND_READER
from broadsheet.archive.verify.wacz import WACZ_RULES
from broadsheet.archive.verify.warc import FILE_RULES, RULES
from broadsheet.pipelines.reconcile import rules

PAGE = Path(__file__).parent / "verify.md"
START = "<!-- rules: written by docs/make_verify.py -->"


def collection_rules() -> list[Rule]:
    """The rules about a collection's own books."""
    return [value for value in vars(rules).values() if isinstance(value, Rule)]


def rules_tables() -> str:
    """All rules, by what they are about."""
    kinds = (
        ("Files, and links between records", [UNREADABLE, *FILE_RULES, SECOND_READER]),
        ("Records and their answers", [entry.rule for entry in RULES]),
        ("Indexes (CDXJ)", INDEX_RULES),
        ("WACZ", WACZ_RULES),
        ("Collections of this program", collection_rules()),
    )
    return "\n".join(_table(title, list(rules)) for title, rules in kinds)


def _table(title: str, rules: list[Rule]) -> str:
    lines = [f"### {title}\n", "| rule | severity | asks | clause |", "|---|---|---|---|"]
    for rule in rules:
        asks = (rule.asks or "The collection's books agree.").replace("``", "`").replace("|", "\\|")
        lines.append(f"| `{rule.id}` | {rule.severity} | {asks} | {rule.clause} |")
    return "\n".join([*lines, ""])


def verify_page() -> str:
    """The page as it should be."""
    text = PAGE.read_text("utf-8")
    return f"{text[: text.index(START)]}{START}\n\n{rules_tables()}"


if __name__ == "__main__":
    PAGE.write_text(verify_page(), "utf-8")
