"""Which addresses may be connected to: the guard against a page that sends the crawler into the local network (SSRF).

Asked with the very address that is about to be connected to, after resolving, so that a name cannot answer the check
with one address and the connection with another.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_CGNAT = ipaddress.IPv4Network("100.64.0.0/10")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Public addresses may be connected to; others only when the user named their host, or allowed all.

    ``named_hosts`` are host names or literal addresses as in the URLs that the user typed, lower case, without port.
    """

    allow_private: bool = False
    named_hosts: frozenset[str] = frozenset()

    def allows(self, host: str, address: str) -> bool:
        """Whether *address*, which *host* resolved to, may be connected to."""
        if self.allow_private or host.lower().rstrip(".") in self.named_hosts:
            return True
        try:
            parsed = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return is_public(parsed)


def is_public(address: Address) -> bool:
    """Whether *address* is one of the public internet; an IPv6 form is judged by the IPv4 address inside it."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    elif address in _CGNAT:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
