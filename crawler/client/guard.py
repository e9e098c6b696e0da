"""The guard before every connection: the address policy asked about all addresses of a host, with a memory for rebinding.

A name that the user allowed is pinned to the private addresses that it led to first; a name that led to the public internet
does not lead into a private network later.  A name with public and private addresses at once is refused whole: no honest
site has such a name, and which of them is connected to would be chance.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from broadsheet.archive.addresses import AddressPolicy, address_in_name
from broadsheet.archive.exchange import FetchError

MAX_NAMES = 10_000  # that are remembered

Place = tuple[str, int]


class AddressRefused(Exception):
    """No connection may be made; ``error`` says of which kind."""

    def __init__(self, error: FetchError, detail: str) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail


class AddressGuard:
    """Lets through what *policy* allows, as long as names stay where they were."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._pinned: dict[Place, frozenset[str]] = {}  # as many as the user named
        self._were_public: OrderedDict[str, None] = OrderedDict()

    def admit(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Let a connection to any of *addresses*, all that *host* resolved to, pass.

        Raises:
            AddressRefused: it must not be made.
        """
        refused = [one for one in addresses if not self._policy.allows(host, one, port)]
        if refused:
            raise AddressRefused(*self._why(host, port, addresses, refused[0]))
        private = frozenset(one for one in addresses if not self._policy.is_open(one))
        if not private:
            self._remember_public(host)
        elif self._policy.is_named(host, port) and not self._policy.allow_private and address_in_name(host) is None:
            self._hold_to_its_place(host, port, private)

    def _why(self, host: str, port: int, addresses: Sequence[str], refused: str) -> tuple[FetchError, str]:
        if any(self._policy.allows(host, one, port) for one in addresses):
            return FetchError.MIXED_ADDRESSES, f"{host} is at {', '.join(addresses)}: public and private at once"
        if host in self._were_public:
            return FetchError.REBOUND_ADDRESS, f"{host} was at a public address and is now at {refused}"
        if self._policy.is_named_for_another_port(host, port):
            return FetchError.REFUSED_PORT, f"{host} is private, and was not named for port {port}"
        return FetchError.REFUSED_ADDRESS, f"{host} is at {refused}, which is not a public address"

    def _hold_to_its_place(self, host: str, port: int, private: frozenset[str]) -> None:
        first = self._pinned.setdefault((host, port), private)
        if host in self._were_public or not private <= first:
            raise AddressRefused(
                FetchError.REBOUND_ADDRESS, f"{host} is now at {', '.join(sorted(private))}, and was elsewhere before"
            )

    def _remember_public(self, host: str) -> None:
        self._were_public[host] = None
        self._were_public.move_to_end(host)
        if len(self._were_public) > MAX_NAMES:
            self._were_public.popitem(last=False)
