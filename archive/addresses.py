"""Which addresses may be connected to: the guard against a page that sends the crawler into the local network (SSRF).

Asked with the very address that is about to be connected to, after resolving, so that a name cannot answer the check
with one address and the connection with another.  The table is our own, after IANA's special-purpose registries:
``ipaddress.is_global`` changes from one Python to the next and lets through site-local ``fec0::/10`` and
``192.0.0.192``, where a cloud keeps its machines' credentials.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by number, but answered by the cloud's own host
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}
_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost", "ip6-loopback"})


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Public addresses may be connected to; others only when the user named their host or network, or allowed all.

    ``named_hosts`` are host names or literal addresses as in the URLs that the user typed, lower case, IPv6 without
    brackets; with a port behind a colon (``[::1]:8080``, ``intranet:8080``) an entry stands for that port alone.  A name
    for this machine (``localhost``) that was named stands for loopback addresses alone.
    """

    allow_private: bool = False
    named_hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def allows(self, host: str, address: str, port: int | None = None) -> bool:
        """Whether *address*, which *host* resolved to, may be connected to, at *port*."""
        if self.allow_private:
            return True
        try:
            parsed = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if self.is_named(host, port):
            return parsed.is_loopback or not _is_this_machine(host)
        return self._is_open(parsed)

    def is_open(self, address: str) -> bool:
        """Whether *address* may be connected to whoever leads there: a public one, or one of ``networks``."""
        try:
            return self._is_open(ipaddress.ip_address(address.partition("%")[0]))
        except ValueError:
            return False

    def _is_open(self, address: Address) -> bool:
        return is_public(address) or any(address in network for network in self.networks)

    def is_named(self, host: str, port: int | None = None) -> bool:
        """Whether the user named *host* for *port*."""
        name = _plain(host)
        return name in self.named_hosts or f"{_bracketed(name)}:{port}" in self.named_hosts

    def is_named_for_another_port(self, host: str, port: int | None) -> bool:
        """Whether the user named *host*, but for other ports than *port*."""
        start = f"{_bracketed(_plain(host))}:"
        return not self.is_named(host, port) and any(named.startswith(start) for named in self.named_hosts)


def is_public(address: Address) -> bool:
    """Whether *address* is one of the public internet; an IPv6 form is judged by the IPv4 address inside it."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    return address in _GLOBAL_UNICAST and not any(address in network for network in _REFUSED_V6)


def private_place(url: str) -> str | None:
    """``host:port`` of *url*, an absolute one, when it says itself that it is private: by a literal address, or by a name
    for this machine.  None for all other names, whatever they resolve to."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    said = address_in_name(host)
    if said is None or is_public(ipaddress.ip_address(said)):
        return None
    return f"{_bracketed(_plain(host))}:{parts.port or _PORTS.get(parts.scheme, 0)}"


def address_in_name(host: str) -> str | None:
    """The address that *host* says without asking a resolver: a literal in any spelling, or a name for this machine.

    Resolvers also take ``127.1``, ``0x7f.1`` and ``2130706433`` for 127.0.0.1; a proxy that resolves on its side would.
    """
    name = _plain(host)
    if _is_this_machine(name):
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(name.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except (OSError, UnicodeError):
        return None


def _is_this_machine(host: str) -> bool:
    name = _plain(host)
    return name in _LOOPBACK_NAMES or name.endswith(".localhost")


def _plain(host: str) -> str:
    return host.lower().rstrip(".")


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name
