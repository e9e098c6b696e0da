"""The request a browser makes of the archive, free of sockets."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.archive.http import Headers


@dataclass(frozen=True, slots=True)
class ReplayRequest:
    """What is asked: *method*, the absolute *url* without fragment, the headers as sent, the body without framing."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""

    def get(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
