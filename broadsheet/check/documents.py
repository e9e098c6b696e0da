"""Documents of an archive as a browser would get them, redirects followed, and what they name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayOutcome, ReplayResponse
from broadsheet.archive.url import normalise
from broadsheet.crawler.requisites.answer import answer_requisites, language_of
from broadsheet.crawler.requisites.requisite import Requisite

_REDIRECTS = 10
_MOST_READ = 16 * 1024 * 1024  # bytes of a document that are looked at
_REMEMBERED = 50_000  # documents: style sheets and scripts are those of many pages


@dataclass(frozen=True, slots=True)
class Document:
    """What the archive answers to a URL.  ``url`` is the one that redirects end at; ``status`` is None when there is no
    answer, and ``fault`` says why there is none although something was captured.  ``captured_url`` is set where the
    capture is that of another query, which differs in a cache-buster."""

    url: str
    status: int | None = None
    fault: str = ""
    captured_url: str | None = None
    requisites: tuple[Requisite, ...] = ()


class DocumentReader:
    """The documents of an archive, through its *replay*."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        self.read = lru_cache(_REMEMBERED)(self._read)

    def _read(self, url: str) -> Document:
        """What a browser that asks for *url* comes to."""
        for _ in range(_REDIRECTS):
            answer = self._replay.answer(ReplayRequest("GET", url.partition("#")[0]))
            if not answer.outcome.is_archived:
                fault = _last_line(answer) if answer.outcome is ReplayOutcome.UNUSABLE else ""
                return Document(url, fault=fault)
            location = _header(answer, "location")
            target = normalise(urljoin(url, location)) if location and 300 <= answer.status < 400 else None
            if target is None:
                other = _header(answer, "content-location") if answer.outcome is ReplayOutcome.FUZZY else None
                return Document(url, answer.status, captured_url=other, requisites=_requisites(url, answer))
            url = target
        return Document(url, fault=f"more than {_REDIRECTS} redirects")


def _requisites(url: str, answer: ReplayResponse) -> tuple[Requisite, ...]:
    kind = _header(answer, "content-type")
    if answer.status != 200 or language_of(url, kind) is None:
        return ()
    return answer_requisites(url, kind, answer.payload.slice(0, min(answer.payload.length, _MOST_READ)))


def _header(answer: ReplayResponse, name: str) -> str:
    return next((value for key, value in answer.headers if key.lower() == name), "")


def _last_line(answer: ReplayResponse) -> str:
    lines = answer.payload.slice(0, answer.payload.length).decode("utf-8", "replace").splitlines()
    return lines[-1] if lines else "it cannot be read"
