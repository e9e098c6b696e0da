"""A site that tries to lead the crawler into the private network: nothing is reached, every try is booked."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from crawled_site import Answer, crawl, frontier, page, serving

from broadsheet.archive.errors import BadInput
from broadsheet.archive.url import normalise
from broadsheet.crawler.allowed_addresses import address_policy
from broadsheet.crawler.options import CrawlOptions

REFUSED = 3
# What the crawler is led to; INNER is a port at 127.0.0.9, OTHER one of the site's own host that was not named.
FORMS = {
    "dotted": "http://127.0.0.9:INNER/",
    "decimal": "http://2130706441:INNER/",
    "octal": "http://0177.0.0.011:INNER/",
    "hex": "http://0x7f000009:INNER/",
    "short": "http://127.9:INNER/",
    "mixed-bases": "http://0x7f.0.011:INNER/",
    "mapped": "http://[::ffff:127.0.0.9]:INNER/",
    "mapped-hex": "http://[::ffff:7f00:9]:INNER/",
    "compatible": "http://[::127.0.0.9]:INNER/",
    "nat64": "http://[64:ff9b::7f00:9]:INNER/",
    "6to4": "http://[2002:7f00:9::]:INNER/",
    "full-width": "http://\uff11\uff12\uff17.0.0.9:INNER/",
    "circled": "http://\u2460\u2461\u2466.0.0.9:INNER/",
    "ideographic-stop": "http://127\u30020\u30020\u30029:INNER/",
    "percent": "http://%31%32%37.0.0.9:INNER/",
    "user": "http://site.example@127.0.0.9:INNER/",
    "backslashes": "http:\\\\127.0.0.9:INNER\\",
    "trailing-dot": "http://127.0.0.9.:INNER/",
    "other-port": "http://127.0.0.1:OTHER/",
    "other-port-decimal": "http://2130706433:OTHER/",
    "zero": "http://0.0.0.0:OTHER/",
    "zero-short": "http://0:OTHER/",
    "localhost": "http://localhost:OTHER/",
    "localhost-dot": "http://LOCALHOST.:OTHER/",
    "loopback-6": "http://[::1]:OTHER/",
    "metadata": "http://169.254.169.254/",
    "metadata-decimal": "http://2852039166/",
    "metadata-6": "http://[fd00:ec2::254]/",
    "metadata-other-cloud": "http://100.100.100.200/",
    "wire-server": "http://168.63.129.16/",
    "ten": "http://10.0.0.1/",
    "seventeen": "http://172.16.0.1/",
    "home": "http://192.168.1.1/",
    "link-local-6": "http://[fe80::1]/",
    "unique-local-6": "http://[fc00::1]/",
}
WAYS = ("picture", "redirect")
PORT_FORMS = ("other-port", "other-port-decimal")


@dataclass
class Attempts:
    """A crawl of the site: what it booked, and how many connections the private servers got."""

    inner: int
    other: int
    rows: dict[str, tuple[int, str | None]]
    connections: int


class Listener:
    """Counts who connects."""

    def __init__(self, address: str) -> None:
        self.connections = 0
        self.socket = socket.create_server((address, 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


def target(form: str, way: str, inner: int, other: int) -> str:
    return FORMS[form].replace("INNER", str(inner)).replace("OTHER", str(other)) + f"{form}-{way}"


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> Attempts:
    inner, other = Listener("127.0.0.9"), Listener("127.0.0.1")
    redirects = {
        f"/to/{form}": Answer(
            status=302,
            headers={"Location": target(form, "redirect", inner.port, other.port).encode().decode("latin-1")},
        )
        for form in FORMS
    }
    pictures = "".join(
        f'<img src="{target(form, "picture", inner.port, other.port)}"><img src="/to/{form}">' for form in FORMS
    )
    folder = tmp_path_factory.mktemp("attempts") / "c"
    with (
        closing(inner.socket),
        closing(other.socket),
        serving({"/": Answer(page() + pictures.encode())} | redirects) as site,
    ):
        crawl(folder, site.url + "/", "--concurrency", "8", "--retries", "0", "--no-extract")
    return Attempts(inner.port, other.port, frontier(folder), inner.connections + other.connections)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", FORMS)
def test_every_try_is_refused_and_booked_as_what_it_is(attempts: Attempts, form: str, way: str) -> None:
    url = normalise(target(form, way, attempts.inner, attempts.other))
    assert url is not None
    assert attempts.rows[url] == (REFUSED, "refused-port" if form in PORT_FORMS else "refused-address")
    assert attempts.connections == 0


@pytest.mark.parametrize(
    "seed", ["http://127.0.0.1:81/", "http://127.1:81/", "http://[::1]:81/", "http://localhost:81/"]
)
def test_a_url_that_says_a_private_address_is_leave_for_it_and_its_port(seed: str) -> None:
    policy = address_policy(CrawlOptions(Path("unused"), (seed,)))
    host = "::1" if "::1" in seed else "localhost" if "localhost" in seed else "127.0.0.1"
    address = "127.0.0.1" if host == "localhost" else host
    assert policy.allows(host, address, 81)
    assert not policy.allows(host, address, 80)
    assert not policy.allows("evil.example", address, 81)
    assert not policy.allows("localhost", "10.0.0.1", 81)


def test_a_name_is_leave_only_with_its_port() -> None:
    options = CrawlOptions(Path("unused"), ("http://intranet/",))
    assert not address_policy(options).allows("intranet", "10.0.0.1", 80)
    allowed = address_policy(CrawlOptions(Path("unused"), ("http://intranet/",), allow_private=("Intranet:80",)))
    assert allowed.allows("intranet", "10.0.0.1", 80)
    assert not allowed.allows("intranet", "10.0.0.1", 6379)


@pytest.mark.parametrize("value", ["intranet", "intranet:", "http://intranet/", "a:99999", ":80", "[::1"])
def test_what_is_no_host_and_port(value: str) -> None:
    with pytest.raises(BadInput, match="HOST:PORT"):
        address_policy(CrawlOptions(Path("unused"), (), allow_private=(value,)))


@pytest.mark.parametrize("value", ["*", "1", "true", "yes"])
def test_all_private_addresses(value: str) -> None:
    assert address_policy(CrawlOptions(Path("unused"), (), allow_private=(value,))).allows("a", "10.0.0.1", 1)


def test_a_port_that_is_named_is_asked(tmp_path: Path) -> None:
    with serving({"/p": Answer(b"GIF89a", "image/gif")}) as other:
        place = other.url.removeprefix("http://")
        with serving({"/": Answer(page() + f'<img src="{other.url}/p">'.encode())}) as site:
            crawl(tmp_path / "c", site.url + "/", "--allow-private", place, "--no-extract")
    assert "/p" in other.paths()
