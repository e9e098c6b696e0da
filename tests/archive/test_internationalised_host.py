"""Host names as browsers write them."""

from __future__ import annotations

import pytest

from broadsheet.archive.internationalised_host import ascii_host
from broadsheet.archive.surt import surt


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("STRAẞE.example", "xn--strae-oqa.example"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("i❤.example", "xn--i-7iq.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("plain.example", "plain.example"),
    ],
)
def test_names_beyond_ascii(host: str, expected: str) -> None:
    assert ascii_host(host) == expected
    assert surt(f"http://{host}/") == surt(f"http://{expected}/")


def test_two_hosts_are_two() -> None:
    assert surt("http://straße.example/") != surt("http://strasse.example/")
