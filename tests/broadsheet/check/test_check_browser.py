"""With a browser: what scripts asked for in vain, broken images, script errors, pictures."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from checked_archive import HOST, write_archive

from broadsheet.archive.errors import BadInput
from broadsheet.cli import main
from broadsheet.replay.browser import find_browser

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_what_only_a_browser_sees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        find_browser()
    except BadInput as error:
        warnings.warn(f"CHECK IS NOT TESTED IN A BROWSER: {error}", stacklevel=1)
        pytest.skip(f"needs Chromium: {error}")
    warc, pictures = write_archive(tmp_path), tmp_path / "pictures"
    with pytest.raises(SystemExit) as stopped:
        main(["check", str(warc), "--browser", "--screenshots", str(pictures), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert stopped.value.code == 1
    looks = {one["url"].removeprefix(HOST): one["browser"] for one in told["checked"]}
    look = looks["/a.html"]
    missed = {one["url"].removeprefix(HOST): (one["fate"], one["reason"]) for one in look["missed"]}
    assert missed["/api/made.json"] == ("never asked", "")  # only the script knew of it
    assert missed["/never.png"] == ("never asked", "")
    assert "/gone.png" not in missed  # the archive answers: with the 404 that the server gave
    assert "/favicon.ico" not in missed
    assert look["images"] == 4
    assert look["broken"] == 3
    assert any("broken" in error for error in look["script_errors"])
    whole = looks["/whole.html"]
    assert (whole["missed"], whole["broken"], whole["script_errors"]) == ([], 0, [])
    assert Path(whole["screenshot"]).read_bytes().startswith(b"\x89PNG")
    assert len(list(pictures.iterdir())) == 3
    assert 0 < told["missing_share_in_browser"] < 1
