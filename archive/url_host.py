"""The authority of a URL, as the WHATWG URL Standard reads and writes it (sections 3 and 4.4).

Names go through UTS 46 (case, width, the ideographic full stop; emoji are names too) to punycode; anything whose last
label is a number is an IPv4 address in one of inet_aton's spellings, or it is nothing.  Names that no resolver can look
up are refused here, since they would only fail later and less clearly.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import unquote_to_bytes

import idna

_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_HOST_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]*))?", re.DOTALL)
_NUMBER = re.compile(r"(?:[0-9]+|0[xX][0-9A-Fa-f]*)")
_LONGEST_RUN = re.compile(r"(?:(?:^|:)0){2,8}(?=:|$)")
_MAX_LABEL, _MAX_NAME = 63, 253


def parse_authority(authority: str, scheme: str) -> str | None:
    """Host and port (when it is not *scheme*'s own) of ``user:password@host:port``; None when there is no such host."""
    match = _HOST_AND_PORT.fullmatch(authority.rpartition("@")[2])
    if match is None:
        return None
    host, port = match[1], (match[2] or "").lstrip("0") or (match[2] or "")[:1]
    if len(port) > 5 or (port and int(port) > 65535):
        return None
    parsed = _parse_host(host)
    if parsed is None:
        return None
    return parsed if not port or int(port) == _PORTS[scheme] else f"{parsed}:{int(port)}"


def _parse_host(host: str) -> str | None:
    if host.startswith("["):
        return _ipv6(host[1:-1]) if host.endswith("]") else None
    if "%" in host:
        host = unquote_to_bytes(host.encode("utf-8", "replace")).decode("utf-8", "replace")
    name = _ascii_name(host)
    if not name or _FORBIDDEN.search(name):
        return None
    labels = name.removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(labels)
    if len(name) > _MAX_NAME + name.endswith(".") or not all(0 < len(label) <= _MAX_LABEL for label in labels):
        return None
    return name


def _ascii_name(host: str) -> str | None:
    """The name in lower case and punycode."""
    name = host.lower() if host.isascii() else _mapped(host)
    if name is None or (name.isascii() and "xn--" not in name):
        return name
    labels = []
    for label in name.split("."):
        if label.startswith("xn--"):
            if not _is_punycode(label):
                return None
        elif not label.isascii():
            label = "xn--" + label.encode("punycode").decode("ascii")
        labels.append(label)
    return ".".join(labels)


def _mapped(host: str) -> str | None:
    try:
        return idna.uts46_remap(host, std3_rules=False, transitional=False)
    except idna.IDNAError:
        return None


def _is_punycode(label: str) -> bool:
    """Whether the label decodes to something that would be written like this."""
    if not label.isascii():
        return False
    try:
        plain = label[4:].encode("ascii").decode("punycode")
        return not plain.isascii() and idna.uts46_remap(plain, std3_rules=False, transitional=False) == plain
    except (UnicodeError, idna.IDNAError):
        return False


def _ipv4(labels: list[str]) -> str | None:
    if len(labels) > 4:
        return None
    numbers = []
    for label in labels:
        if not _NUMBER.fullmatch(label) or len(label) > 64:
            return None
        try:
            if label[:2] in ("0x", "0X"):
                numbers.append(int(label[2:] or "0", 16))
            else:
                numbers.append(int(label, 8 if label[0] == "0" and len(label) > 1 else 10))
        except ValueError:
            return None
    *heads, last = numbers
    room = 4 - len(heads)
    if any(number > 255 for number in heads) or last >= 256**room:
        return None
    return ".".join(str(byte) for byte in (*heads, *last.to_bytes(room, "big")))


def _ipv6(text: str) -> str | None:
    """The address in brackets, its longest run of zeros compressed (RFC 5952; never with a dotted tail)."""
    if "%" in text:
        return None
    try:
        packed = IPv6Address(text).packed
    except AddressValueError:
        return None
    pieces = ":".join(f"{packed[i] << 8 | packed[i + 1]:x}" for i in range(0, 16, 2))
    longest = max(_LONGEST_RUN.finditer(pieces), key=lambda run: run.end() - run.start(), default=None)
    if longest is None:
        return f"[{pieces}]"
    before, after = pieces[: longest.start()], pieces[longest.end() :]
    return f"[{before}::{after.removeprefix(':')}]"
