"""What a document names that HTTP cannot fetch: it is never asked for, and counted by the reason.

What names nothing to fetch (``mailto:``, ``javascript:``, ``data:``) stands on most pages and is not counted.
"""

from __future__ import annotations

import re

_MOST = 1000  # of one document
_SCHEME = re.compile(r"[\0-\x20]*([A-Za-z][A-Za-z0-9+.-]{1,15}):")
# fmt: off
_FETCHED_OTHERWISE = frozenset((
    "dict", "file", "ftp", "ftps", "gemini", "git", "gopher", "imap", "ipfs", "jar", "ldap", "ldaps", "netdoc", "nfs", "pop3",
    "rsync", "rtmp", "rtsp", "sftp", "smb", "smtp", "ssh", "svn", "telnet", "tftp", "ws", "wss",
))
# fmt: on


def why_unfetchable(reference: str) -> str | None:
    """Why *reference*, which `broadsheet.archive.url.normalise` makes nothing of, cannot be fetched; None where it names
    nothing to fetch."""
    match = _SCHEME.match(reference)
    scheme = "" if match is None else match[1].lower()
    if scheme in ("http", "https"):
        return "not a URL"
    return f"scheme: {scheme}" if scheme in _FETCHED_OTHERWISE else None


class Unfetchable:
    """Gathers what one document names and HTTP cannot fetch, each reference once."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def see(self, reference: str) -> None:
        """Keep *reference*, which `normalise` makes nothing of, if it names something to fetch."""
        if why_unfetchable(reference) is not None and len(self._found) < _MOST:
            self._found[reference.strip()] = None

    @property
    def found(self) -> tuple[str, ...]:
        """They, as written, in order."""
        return tuple(self._found)
