"""What could not be shown, why, and what to do now."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.serve.view import View


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in the user's words, as `broadsheet.archive.errors` has them."""

    status: int
    thing: str
    cause: str
    remedy: str


def error_page(status: int, thing: str, cause: str, remedy: str) -> View:
    """The page that says so."""
    title = "Not here" if status == 404 else "Cannot be shown"
    return View("error.html", title, Fault(status, thing, cause, remedy), status=status)
