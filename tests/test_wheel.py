"""What is installed: one top-level package, which no file of the user's can break."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IMPORT = "from broadsheet import Collection; import broadsheet.crawler.run; print(broadsheet.__file__)"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("uv") is None, reason="needs uv to build the wheel")]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as an installer unpacks it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ["uv", "build", "--quiet", "--wheel", "--out-dir", str(folder / "dist"), str(ROOT)]
    subprocess.run(command, check=True, timeout=250)
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_the_wheel_has_one_name(unpacked: Path) -> None:
    names = {path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")}
    assert names == {"broadsheet"}
    for folder in ("archive", "crawler", "pipelines"):
        assert (unpacked / "broadsheet" / folder / "__init__.py").is_file()


@pytest.mark.parametrize("form", ["{}.py", "{}/__init__.py"])
def test_files_of_the_users_with_names_of_our_folders_break_nothing(unpacked: Path, tmp_path: Path, form: str) -> None:
    for name in ("archive", "crawler", "pipelines"):
        theirs = tmp_path / form.format(name)
        theirs.parent.mkdir(exist_ok=True)
        theirs.write_text("raise RuntimeError('the user is not asked')\n")
    (tmp_path / "job.py").write_text(f"import sys; sys.path.insert(1, {str(unpacked)!r})\n{IMPORT}\n")
    done = subprocess.run(
        [sys.executable, "job.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(unpacked / "broadsheet" / "__init__.py")
