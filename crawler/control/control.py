"""The running crawl's side of its actions: each is given to the session, said in the log with its reason, and put to those
that are done.

An action has effect before it is done, and each may be given twice: a kill between the two costs nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from broadsheet.archive.collection import Collection
from broadsheet.crawler.control.action import Action, ActionFolder, ActionKind, InForce

logger = logging.getLogger(__name__)


class CrawlControl:
    """Takes the actions of *collection*, whose lock is held; *note* is told of each in words."""

    def __init__(self, collection: Collection, note: Callable[[str], None]) -> None:
        self._folder = ActionFolder(collection)
        self._note = note
        self._given: set[str] = set()  # files whose action has effect, and which may still lie where they were

    def begin(self) -> InForce:
        """What the actions before this run come to.  A pause ends with the run that it was asked of.

        Raises:
            OSError: the disk refuses.
        """
        for recorded in self._folder.pending():
            self._say(recorded.action)
            self._folder.take(recorded)
        force = self._folder.in_force()
        if force.pause is not None:
            self._folder.record(Action(ActionKind.RESUME, "", "a new run begins", datetime.now(UTC)))
        return InForce(force.exclude, force.seeds)

    def poll(self, give: Callable[[Action], None]) -> None:
        """Hand what was asked since then to *give*, one after the other.

        Raises:
            OSError: the disk refuses.
        """
        for recorded in self._folder.pending():
            if recorded.name not in self._given:
                give(recorded.action)
                self._say(recorded.action)
                self._given.add(recorded.name)
            self._folder.take(recorded)

    def _say(self, action: Action) -> None:
        logger.info("asked of this crawl: %s", action)
        self._note(f"Asked of this crawl: {action}.")
