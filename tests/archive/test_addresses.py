"""Which addresses are public, which were allowed, and the address that a host's name says."""

from __future__ import annotations

import ipaddress

import pytest

from broadsheet.archive.addresses import address_in_name, is_public
from broadsheet.crawler.client import AddressPolicy

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7",
    "168.63.129.16",
    "::", "::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "ff0e::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1",
    "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1", "100::1",
    "2001:db8::1", "2001::1", "2001:10::1", "2001:20::1", "3fff::1", "5f00::1",
]  # fmt: skip


PUBLIC = [
    "1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.17.0.1",
    "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "2001:4860:4860::8888", "::ffff:1.1.1.1",
    "64:ff9b::101:101", "2002:101:101::",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused_unless_their_host_was_named(address: str) -> None:
    assert not AddressPolicy().allows("evil.example", address)
    assert AddressPolicy(named_hosts=frozenset({"evil.example"})).allows("EVIL.example.", address)
    assert AddressPolicy(allow_private=True).allows("evil.example", address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_not(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
    assert AddressPolicy().allows("a.example", address)


def test_a_host_may_be_named_for_one_port_alone() -> None:
    policy = AddressPolicy(named_hosts=frozenset({"intranet:8080", "[::1]:8080"}))
    assert policy.allows("intranet", "10.0.0.1", 8080)
    assert policy.allows("::1", "::1", 8080)
    assert not policy.allows("intranet", "10.0.0.1", 6379)
    assert not policy.allows("intranet", "10.0.0.1")
    assert not policy.allows("::1", "::1", 6379)


def test_a_network_may_be_allowed() -> None:
    policy = AddressPolicy(networks=(ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/8")))
    assert policy.allows("a", "10.1.2.3")
    assert policy.allows("a", "fd12::1")
    assert not policy.allows("a", "10.2.0.1")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.1", "127.0.0.1"), ("0x7f.0.0.1", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"),
        ("LOCALHOST.", "127.0.0.1"), ("x.localhost", "127.0.0.1"), ("::1", "::1"), ("10.0.0.1", "10.0.0.1"),
        ("example.org", None), ("localhost.example", None), ("1.2.3.4.5", None), ("dead.beef", None),
    ],
)  # fmt: skip
def test_the_address_that_a_host_says(host: str, address: str | None) -> None:
    assert address_in_name(host) == address
