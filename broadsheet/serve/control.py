"""``POST /COLLECTION/monitor/control``: what a person asks of a crawl from its monitor (crawler/control).

Off unless ``serve --control`` is given; then whoever knows the token that the command prints may ask.  The token keeps out
other users of the machine, who can open the pages; pages of other sites are kept out by the Origin header, which browsers send
with every POST (security.py).  Nothing is written but a file in the collection's folder ``action``.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.control.action import ActionFolder, ActionKind, action_of
from broadsheet.serve.served import ServedCollection

_LARGEST = 32_000  # bytes of a form
_RUNNING_ONLY = (ActionKind.PAUSE, ActionKind.RESUME)


class NotAllowed(BadInput):
    """Who asks may not."""


@dataclass(frozen=True, slots=True)
class ControlToken:
    """What whoever controls a crawl must know."""

    secret: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)

    def opens(self, given: str) -> bool:
        """Whether *given* is it."""
        return secrets.compare_digest(given.encode(), self.secret.encode())


async def control_answer(served: ServedCollection, request: Request, token: ControlToken | None) -> Response:
    """Ask of the crawl what the form in *request* says, and lead back to the monitor.

    Raises:
        NotAllowed: control is off, or the token is wrong.
        BadInput: the action makes no sense.
    """
    form = await _form(request)
    if token is None:
        raise NotAllowed("The crawl", "cannot be controlled from here", "Start `broadsheet serve` with --control.")
    if not token.opens(form.get("token", "").strip()):
        raise NotAllowed("The token", "is not the one that `broadsheet serve` printed", "Copy it from the terminal.")
    await run_in_threadpool(_ask, served, form)
    return RedirectResponse(f"{served.path}monitor", 303)


def _ask(served: ServedCollection, form: Mapping[str, str]) -> None:
    action = action_of(form.get("action", ""), form.get("value", ""), form.get("reason", ""), datetime.now(UTC))
    if action.kind in _RUNNING_ONLY and not served.collection.is_locked():
        raise BadInput(f"{action.kind}", "nothing works on this collection", "The same command goes on with the crawl.")
    ActionFolder(served.collection).ask(action)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, the last of each name."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            raise BadInput("The form", f"is larger than {_LARGEST:,} bytes", "Shorten it.")
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[-1] for name, values in fields.items()}
