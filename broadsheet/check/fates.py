"""What became of a URL: the replay says whether it was captured, the journal of the crawl why it was not.

Redirects are followed, so "captured" means that a page gets it.  Only the journal knows why something is missing: the
frontier has every URL that was found, the options say what was left out.  WARCs of other tools have no journal, so what is
missing there counts as never asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.check.documents import DocumentReader
from broadsheet.check.quality import Fate, Verdict
from broadsheet.crawler.control.action import ActionFolder
from broadsheet.crawler.discovery.scope import Scope
from broadsheet.crawler.frontier.outcome import RETRY_STATUSES
from broadsheet.crawler.kept_options import load_options
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.url import State


class Fates:
    """Knows what became of URLs.  A context manager: it holds the journals of the collections among *paths* open."""

    def __init__(self, documents: DocumentReader, paths: Sequence[Path]) -> None:
        self._documents = documents
        self._open = ExitStack()
        self._journals = [journal for path in paths if (journal := self._journal(path)) is not None]

    def __enter__(self) -> Fates:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _journal(self, path: Path) -> _CrawlJournal | None:
        if not (path / "collection.sqlite").is_file():
            return None
        catalogue = self._open.enter_context(Catalogue.open(path / "collection.sqlite", read_only=True))
        store = SqliteStore.existing(catalogue)
        kept = None if store is None else load_options(store)
        if store is None or kept is None:
            return None
        options, asked = kept.options(path), ActionFolder(Collection(path)).in_force()
        return _CrawlJournal(store, replace(options, exclude=(*options.exclude, *asked.exclude)))

    def of(self, url: str, kind: Kind | None = None) -> Verdict:
        """What became of *url*, which is needed as a *kind* of thing (None: not known)."""
        document = self._documents.read(url)
        if document.status is not None:
            verdict = _by_status(document.status)
            fuzzy = verdict.fate is Fate.CAPTURED and document.captured_url is not None
            return Verdict(Fate.FUZZY, f"shown with {document.captured_url}") if fuzzy else verdict
        if document.fault:
            return Verdict(Fate.FAILED, document.fault)
        verdicts = [journal.why_not(document.url, kind) for journal in self._journals]
        known = [one for one in verdicts if one.fate is not Fate.NEVER_ASKED or one.reason]
        verdict = next(iter(known or verdicts), Verdict(Fate.NEVER_ASKED))
        if document.url != url:
            redirect = f"redirects to {document.url}"
            return Verdict(verdict.fate, f"{redirect}: {verdict.reason}" if verdict.reason else redirect)
        return verdict


def _by_status(status: int) -> Verdict:
    if status < 400:
        return Verdict(Fate.CAPTURED)
    passing = status >= 500 or status in RETRY_STATUSES
    return Verdict(Fate.FAILED if passing else Fate.GONE, f"status {status}")


class _CrawlJournal:
    """The journal of a crawl."""

    def __init__(self, store: CrawlStore, options: CrawlOptions) -> None:
        self._store = store
        self._options = options
        self._scope = Scope(options.scope, options.seeds, options.include, options.exclude)

    def why_not(self, url: str, kind: Kind | None) -> Verdict:
        """Why *url* has no answer in the archive."""
        known = self._store.why(url)
        if known is None:
            return self._unmet(url, kind)
        if known.state is State.QUEUED:
            return Verdict(Fate.NEVER_ASKED, "still queued")
        if known.state is State.REFUSED:
            return Verdict(Fate.LEFT_OUT, str(known.error))
        if known.state is State.DONE and known.url != url:
            return Verdict(Fate.FAILED, f"captured as {known.url} alone")
        return Verdict(Fate.FAILED, str(known.error or "no answer that can be shown"))

    def _unmet(self, url: str, kind: Kind | None) -> Verdict:
        if not self._options.requisites:
            return Verdict(Fate.LEFT_OUT, "--no-requisites")
        if kind is not None and kind in self._options.skip_requisites:
            return Verdict(Fate.LEFT_OUT, f"--skip-requisites {kind}")
        if self._scope.excludes(url):
            return Verdict(Fate.LEFT_OUT, "--exclude")
        return Verdict(Fate.NEVER_ASKED)
