"""What a crawl is run with: what is stored, what is named now, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.kept_options import KeptOptions, kept_json
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.settled_options import Origin, settle

HERE = Path("c")
SEED = "https://blog.example.org/"
LOGIN: dict[str, Any] = {"http_user": "ann", "http_password": "secret"}


def stored(**values: Any) -> KeptOptions:
    return KeptOptions.parse(kept_json(CrawlOptions(HERE, (SEED,), **values)))


def test_seeds_add_up() -> None:
    settled = settle(CrawlOptions(HERE, ("https://other.example/", SEED)), {}, stored())
    assert settled.options.seeds == (SEED, "https://other.example/")


def test_a_caller_names_what_is_not_its_default() -> None:
    settled = settle(CrawlOptions(HERE, (SEED,), delay=0.0), None, stored(delay=3.0, max_depth=2))
    assert (settled.options.delay, settled.options.max_depth) == (0.0, 2)
    assert settled.origins["delay"] is Origin.FLAG


def test_what_changed_is_said_and_no_secret() -> None:
    given = CrawlOptions(HERE, delay=7.0, exclude=("/x/",), **LOGIN)
    origins = {
        "delay": Origin.TOML,
        "exclude": Origin.FLAG,
        "http_user": Origin.FLAG,
        "http_password": Origin.ENVIRONMENT,
    }
    notes = settle(given, origins, stored(delay=3.0, http_user="bob", http_password="old")).notes()
    assert set(notes) == {
        "exclude changed from none to /x/ (flag).",
        "delay changed from 3.0 to 7.0 (toml).",
        "http-user changed from bob to ann (flag).",
        "http-password changed (environment).",
    }


def test_the_same_value_again_is_no_change() -> None:
    assert settle(CrawlOptions(HERE, delay=3.0), {"delay": Origin.FLAG}, stored(delay=3.0)).changes == ()


def test_another_user_does_not_get_the_password_of_the_first() -> None:
    settled = settle(CrawlOptions(HERE, http_user="bob"), {"http_user": Origin.FLAG}, stored(**LOGIN))
    assert settled.options.http_password is None
    reset = settle(CrawlOptions(HERE), {}, stored(**LOGIN), frozenset({"http_user"}))
    assert (reset.options.http_user, reset.options.http_password) == (None, None)
    again = settle(CrawlOptions(HERE, http_user="ann"), {"http_user": Origin.FLAG}, stored(**LOGIN))
    assert again.options.http_password == "secret"


@pytest.mark.parametrize("login", [LOGIN, {"headers": ("authorization: Bearer x",)}, {"headers": ("Cookie: a=1",)}])
def test_a_stored_login_does_not_go_to_a_host_that_is_named_later(login: dict[str, Any]) -> None:
    given = CrawlOptions(HERE, ("https://other.example/",))
    with pytest.raises(BadInput, match=r"other\.example: would get the login .* --reset"):
        settle(given, {}, stored(**login))
    flags = dict.fromkeys(login, Origin.FLAG)
    assert settle(replace(given, **login), flags, stored(**login)).options.seeds == (SEED, "https://other.example/")
    settle(given, {}, stored(**login), frozenset(login))
    settle(given, {}, stored(headers=("Accept-Language: de",)))
    settle(CrawlOptions(HERE, (f"{SEED}deeper",)), {}, stored(**login))
