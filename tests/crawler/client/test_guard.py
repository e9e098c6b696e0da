"""The guard remembers where names led."""

from __future__ import annotations

import pytest

from broadsheet.archive.addresses import AddressPolicy
from broadsheet.crawler.client.guard import MAX_NAMES, AddressGuard, AddressRefused

PUBLIC, OTHER_PUBLIC, PRIVATE, OTHER_PRIVATE = "1.1.1.1", "8.8.8.8", "10.0.0.1", "10.0.0.2"
NAMED = AddressPolicy(named_hosts=frozenset({"intranet:80"}))


def refusal(guard: AddressGuard, host: str, *addresses: str, port: int = 80) -> str | None:
    try:
        guard.admit(host, port, addresses)
    except AddressRefused as refused:
        return str(refused.error)
    return None


def test_public_names_may_move_among_public_addresses_and_never_into_the_private_network() -> None:
    guard = AddressGuard(AddressPolicy())
    assert refusal(guard, "a.example", PUBLIC) is None
    assert refusal(guard, "a.example", OTHER_PUBLIC) is None
    assert refusal(guard, "a.example", PRIVATE) == "rebound-address"
    assert refusal(guard, "b.example", PRIVATE) == "refused-address"


@pytest.mark.parametrize("addresses", [(PUBLIC, PRIVATE), (PRIVATE, PUBLIC), (PUBLIC, "::1"), ("0.0.0.0", PUBLIC)])
def test_a_name_with_both_is_refused_whole(addresses: tuple[str, ...]) -> None:
    assert refusal(AddressGuard(AddressPolicy()), "a.example", *addresses) == "mixed-addresses"


def test_a_named_host_is_held_to_its_first_address_and_its_port() -> None:
    guard = AddressGuard(NAMED)
    assert refusal(guard, "intranet", PRIVATE) is None
    assert refusal(guard, "intranet", PRIVATE) is None
    assert refusal(guard, "intranet", OTHER_PRIVATE) == "rebound-address"
    assert refusal(guard, "intranet", PRIVATE, port=6379) == "refused-port"
    assert refusal(guard, "intranet", PRIVATE) is None


def test_a_named_host_that_was_public_does_not_become_private() -> None:
    guard = AddressGuard(NAMED)
    assert refusal(guard, "intranet", PUBLIC) is None
    assert refusal(guard, "intranet", PRIVATE) == "rebound-address"


def test_who_allows_all_is_held_to_nothing() -> None:
    guard = AddressGuard(AddressPolicy(allow_private=True))
    for address in (PUBLIC, PRIVATE, OTHER_PRIVATE):
        assert refusal(guard, "a.example", address) is None


def test_the_memory_for_names_is_bounded() -> None:
    guard = AddressGuard(AddressPolicy())
    for number in range(MAX_NAMES + 1):
        guard.admit(f"h{number}.example", 80, [PUBLIC])
    assert refusal(guard, "h0.example", PRIVATE) == "refused-address"  # forgotten, and refused all the same
    assert refusal(guard, "h1.example", PRIVATE) == "rebound-address"
