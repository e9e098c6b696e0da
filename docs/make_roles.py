"""Writes the tables of roles in docs/extraction.md from the code: ``uv run python docs/make_roles.py``.

A test keeps them true.
"""

from __future__ import annotations

from pathlib import Path

from broadsheet.pipelines.extract.roles.role import Role, RoleGroup, RoleSource

PAGE = Path(__file__).parent / "extraction.md"
START, END = "<!-- roles: written by docs/make_roles.py -->", "<!-- end of roles -->"


def role_tables() -> str:
    """The roles by group, and the sources of roles."""
    lines = ["| role | |", "|---|---|"]
    for group in RoleGroup:
        lines.append(f"| | **{group.doc}** |")
        lines += [f"| `{role}` | {role.doc} |" for role in Role if role.group is group]
    lines += ["", "`role_source` says what gave a block its role:", "", "| role_source | |", "|---|---|"]
    lines += [f"| `{source}` | {source.doc} |" for source in RoleSource]
    return "\n".join(lines)


def extraction_page() -> str:
    """The page as it should be."""
    text = PAGE.read_text("utf-8")
    return f"{text[: text.index(START)]}{START}\n\n{role_tables()}\n\n{text[text.index(END) :]}"


if __name__ == "__main__":
    PAGE.write_text(extraction_page(), "utf-8")
