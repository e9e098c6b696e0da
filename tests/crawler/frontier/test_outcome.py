"""What becomes of a URL after a try."""

from __future__ import annotations

import pytest

from broadsheet.archive.exchange import FetchError
from broadsheet.crawler.frontier.outcome import judge
from broadsheet.crawler.state.url import State


@pytest.mark.parametrize("status", [200, 204, 301, 304, 400, 401, 403, 404, 410, 451, 501])
def test_an_answer_is_an_answer(status: int) -> None:
    assert judge(status, None, tries=1, retries=2).state is State.DONE


@pytest.mark.parametrize("error", ["dns", "connect", "timeout", "disconnect", "tls", "protocol", "proxy"])
def test_a_failure_is_tried_again_as_often_as_allowed(error: str) -> None:
    states = [judge(None, FetchError(error), tries=n, retries=2).state for n in (1, 2, 3)]
    assert states == [State.QUEUED, State.QUEUED, State.FAILED]


def test_a_cut_answer_is_tried_again_although_it_has_a_status() -> None:
    assert judge(200, FetchError.DISCONNECT, tries=1, retries=1).state is State.QUEUED
    assert judge(200, FetchError.DISCONNECT, tries=2, retries=1).state is State.FAILED


def test_an_answer_cut_at_the_size_limit_is_kept_as_it_is() -> None:
    outcome = judge(200, FetchError.TOO_LARGE, tries=1, retries=2)
    assert outcome.state is State.DONE
    assert outcome.error == "too-large"


def test_a_host_that_asks_to_wait_gets_more_patience_than_one_that_fails() -> None:
    assert judge(503, None, tries=4, retries=2).state is State.QUEUED
    assert judge(500, None, tries=4, retries=2).state is State.FAILED
    assert judge(429, None, tries=1, retries=0).state is State.FAILED


@pytest.mark.parametrize("error", [FetchError.BLOCKED, FetchError.REFUSED_ADDRESS, FetchError.INVALID_URL])
def test_a_refusal_is_final(error: FetchError) -> None:
    assert judge(None, error, tries=1, retries=9).state is State.REFUSED
