"""A watcher of crawls that keeps what it is told."""

from __future__ import annotations

from broadsheet.crawler.progress import CrawlProgress


class Noting:
    """Keeps the notes; looks at no progress."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def update(self, progress: CrawlProgress) -> None:
        pass

    def note(self, line: str) -> None:
        self.notes.append(line)
