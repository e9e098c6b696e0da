"""Files by other writers pass with only justified warnings: warcio, and wget where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.archive.verify.finding import Severity
from broadsheet.archive.verify.warc import verify_warc
from broadsheet.archive.warc.source import WarcSource

SITE = Path(__file__).with_name("varied_site.py")


def rules_in(path: Path) -> dict[str, Severity]:
    return {finding.rule: finding.severity for finding in verify_warc(WarcSource.of(path))}


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("compressed", [True, False])
def test_every_kind_of_record_by_warcio(tmp_path: Path, version: str, compressed: bool) -> None:
    path = tmp_path / ("x.warc.gz" if compressed else "x.warc")
    url, moment = "http://a.example/", "2026-01-01T00:00:00Z"
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=compressed, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "w", "format": f"WARC {version}"}))
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        chunked = StatusAndHeaders("200 OK", [("Transfer-Encoding", "chunked")], protocol="HTTP/1.1")
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "a.example")], is_http_request=True)
        dated = {"WARC-Date": moment, "WARC-IP-Address": "192.0.2.7"}
        answer = writer.create_warc_record(url, "response", BytesIO(b"<p>"), http_headers=head, warc_headers_dict=dated)
        question = writer.create_warc_record(url, "request", BytesIO(b""), http_headers=asked)
        writer.write_request_response_pair(question, answer)
        body = BytesIO(b"3\r\n<p>\r\n0\r\n\r\n")
        more = {"WARC-IP-Address": "192.0.2.7"}
        writer.write_record(
            writer.create_warc_record(f"{url}c", "response", body, http_headers=chunked, warc_headers_dict=more)
        )
        digest = answer.rec_headers.get_header("WARC-Payload-Digest")
        again = {"WARC-Truncated": "length", "WARC-IP-Address": "192.0.2.7"}
        writer.write_record(
            writer.create_revisit_record(url, digest, url, moment, http_headers=head, warc_headers_dict=again)
        )
        for kind in ("resource", "metadata", "conversion"):
            named = {"WARC-Refers-To": answer.rec_headers.get_header("WARC-Record-ID")} if kind == "conversion" else {}
            record = writer.create_warc_record(
                url, kind, BytesIO(b"text"), warc_content_type="text/plain", warc_headers_dict=named
            )
            writer.write_record(record)
    # warcio digests a body over its chunk framing, and gives metadata records a payload digest
    assert rules_in(path) == {"payload-digest-framing": Severity.WARNING, "no-payload": Severity.WARNING}


@pytest.fixture
def site() -> Iterator[str]:
    with subprocess.Popen([sys.executable, str(SITE)], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}/"
        server.kill()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_wget(tmp_path: Path, site: str) -> None:
    common = ["wget", "-q", "-r", "-l2", "--tries=1", "--timeout=10", "--warc-cdx", "-P", str(tmp_path / "mirror")]
    for name, options in (
        ("first", []),
        ("plain", ["--no-warc-compression"]),
        ("again", [f"--warc-dedup={tmp_path / 'first.cdx'}"]),
    ):
        command = [*common, f"--warc-file={tmp_path / name}", *options, site]
        done = subprocess.run(command, timeout=60, check=False)
        assert done.returncode in {0, 8}  # 8: the site answers with a 404, too
    # wget makes payload digests over the chunk framing, and block digests of nothing for revisits
    assert rules_in(tmp_path / "first.warc.gz") == {"payload-digest-framing": Severity.WARNING}
    assert rules_in(tmp_path / "plain.warc") == {"payload-digest-framing": Severity.WARNING}
    again = rules_in(tmp_path / "again.warc.gz")
    assert set(again) <= {"payload-digest-framing", "block-digest-of-nothing", "refers-to"}
    assert Severity.ERROR not in again.values()
