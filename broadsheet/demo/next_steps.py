"""What to do after the demo, in commands that work as they are printed, however broadsheet was started."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path


def next_steps(directory: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Lines to print about the collection in *directory*."""
    broadsheet, python = _started_by(environment)
    folder = shlex.quote(str(directory))
    code = f"from broadsheet import Collection; print(Collection.open({str(directory)!r}).articles().to_arrow())"
    query = "SELECT title, date_published FROM articles WHERE language = 'de'"
    return "\n".join(
        f"  {line}"
        for line in (
            f"{broadsheet} verify {folder}",
            f'{broadsheet} query {folder} "{query}"',
            f"{broadsheet} export {folder} --to markdown -o {shlex.quote(f'{directory}-markdown')}",
            f"{python} -c {shlex.quote(code)}",
        )
    )


def _started_by(environment: Mapping[str, str]) -> tuple[str, str]:
    """How a person calls broadsheet, and the Python that has it: the program that a shell finds, if it is this one."""
    if "UV_RUN_RECURSION_DEPTH" in environment:  # of `uv run`, which has our folder on its path, as the shell has not
        return "uv run broadsheet", "uv run python"
    here = Path(sys.executable)
    found = shutil.which("broadsheet", path=environment.get("PATH"))
    ours = found is not None and _belongs(Path(found), here)
    return "broadsheet" if ours else f"{shlex.quote(str(here))} -m broadsheet", shlex.quote(str(here))


def _belongs(program: Path, interpreter: Path) -> bool:
    """Whether *program*, or what it is a link to, lies beside *interpreter*: an environment has both in one folder."""
    return interpreter.parent in (program.parent, program.resolve().parent)
