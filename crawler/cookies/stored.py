"""The cookies of a crawl in its journal, so that a crawl that is gone on with is the same visitor as before.

They commit with the exchange that set them, like all that it led to.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from broadsheet.archive.capture import Capture
from broadsheet.crawler.cookies.cookie import Cookie

_TABLE = """
CREATE TABLE IF NOT EXISTS cookies (
    domain TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    host_only INTEGER NOT NULL,
    secure INTEGER NOT NULL,
    expires REAL,                        -- seconds since 1970; NULL: as long as the crawl
    PRIMARY KEY (domain, path, name)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class CookiesKept:
    """Cookies that were set, or ended."""

    cookies: tuple[Cookie, ...]

    def apply(self, db: sqlite3.Connection, _capture: Capture | None) -> None:
        """Write them."""
        db.executemany(
            "INSERT OR REPLACE INTO cookies VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(c.domain, c.path, c.name, c.value, c.host_only, c.secure, c.expires) for c in self.cookies],
        )


def stored_cookies(db: sqlite3.Connection) -> list[Cookie]:
    """The cookies that earlier runs have kept, expired ones too; makes their table if there is none."""
    db.executescript(_TABLE)
    rows = db.execute("SELECT name, value, domain, path, host_only, secure, expires FROM cookies")
    return [
        Cookie(name, value, domain, path, bool(host_only), bool(secure), expires)
        for name, value, domain, path, host_only, secure, expires in rows
    ]
