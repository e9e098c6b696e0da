"""Ids and links of records over all files of a set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from faulty_warcs import continuation, first_segment
from made_records import original, response, revisit
from verifying import rules, verified


def test_links_are_followed_over_files(lab: Any, tmp_path: Path) -> None:
    parts = {
        "1.warc.gz": (original(lab),),
        "2.warc.gz": (revisit(lab),),
        "3.warc.gz": (first_segment(lab).replace(b"0aa>", b"0dd>"),),
        "4.warc.gz": (continuation(lab, 2, "6").replace(b"0aa>", b"0dd>").replace(b"0cc>", b"0ee>"),),
    }
    for number, (name, records) in enumerate(parts.items(), 2):
        warcinfo = lab.warcinfo().replace(b"000001>", b"%06d>" % number)
        (tmp_path / name).write_bytes(lab.gzip(warcinfo, *records))
    assert verified(tmp_path).log.kept == []
    assert rules(verified(tmp_path / "2.warc.gz")) == {"refers-to"}
    assert rules(verified(tmp_path / "4.warc.gz")) == {"segment-origin"}


def test_ids_are_unique_over_files(lab: Any, tmp_path: Path) -> None:
    for name in ("1.warc.gz", "2.warc.gz"):
        (tmp_path / name).write_bytes(
            lab.gzip(lab.warcinfo(), response(lab, WARC_Target_URI=f"http://a.example/{name}"))
        )
    result = verified(tmp_path)
    assert result.log.counts == {"record-id-unique": 2}
    assert [report.errors for report in result.reports] == [0, 2]
