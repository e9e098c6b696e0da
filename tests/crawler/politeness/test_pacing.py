"""When a host may be asked next."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.crawler.politeness.pacing import HostPacer, Pace
from broadsheet.crawler.politeness.retry_after import LONGEST, MAX_WAIT, backoff, parse_retry_after

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("2.5", 2.0),
        ("999999999999", LONGEST),
        ("9" * 50, None),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90.0),
        ("Tue, 24 Nov 2026 12:01:30 -0000", 90.0),
        ("Tuesday, 24-Nov-26 12:01:30 GMT", 90.0),
        ("Tue Nov 24 12:01:30 2026", 90.0),
        ("Tue, 24 Nov 2020 12:01:30 GMT", 0.0),
        ("Tue, 24 Nov 2099 12:01:30 GMT", LONGEST),
        ("Tue, 99 Nov 2026 12:01:30 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


def test_a_date_without_a_zone_is_utc_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        assert parse_retry_after("Tue Nov 24 12:01:30 2026", NOW) == 90.0
    time.tzset()


@given(st.text(max_size=40))
def test_no_retry_after_is_a_fault(value: str) -> None:
    seconds = parse_retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST


def test_backoff_doubles_with_jitter_and_ends() -> None:
    waits = [backoff("example.com", tries) for tries in range(1, 40)]
    assert waits == [backoff("example.com", tries) for tries in range(1, 40)]
    for tries, wait in enumerate(waits[:6], start=1):
        assert 0.75 * 2**tries <= wait <= 1.25 * 2**tries
    assert max(waits) <= 300 * 1.25
    assert backoff("a.org", 1) != backoff("b.org", 1)


def has_place(pacer: HostPacer) -> bool:
    return pacer.has_place


def test_delay_lies_between_beginnings() -> None:
    pacer = HostPacer("h", Pace(delay=2.0))
    assert pacer.ready_at(100.0) == 100.0
    pacer.begin(100.0)
    assert pacer.ready_at(100.5) == 102.0
    pacer.end(101.0, 200, 1.0)
    assert pacer.ready_at(101.0) == 102.0
    assert pacer.ready_at(110.0) == 110.0


def test_crawl_delay_wins_when_it_is_longer() -> None:
    pacer = HostPacer("h", Pace(delay=2.0))
    pacer.slow_down(1.0)
    assert pacer.delay == 2.0
    pacer.slow_down(10.0)
    assert pacer.delay == 10.0
    pacer.begin(0.0)
    assert pacer.ready_at(0.0) == 10.0


def test_concurrency_and_a_host_that_recovers() -> None:
    pacer = HostPacer("h", Pace(delay=0.0, concurrency=2))
    pacer.begin(0.0)
    assert has_place(pacer)
    pacer.begin(0.0)
    assert not has_place(pacer)
    pacer.end(1.0, 429, 0.1, 30.0)
    assert pacer.ready_at(1.0) == 31.0
    assert not has_place(pacer)  # one is still under way
    pacer.end(1.0, 200, 0.1)
    assert pacer.ready_at(1.0) == 31.0  # its answer does not end the rest
    pacer.begin(31.0)
    assert has_place(pacer)  # the late success showed that the host answers


def test_refusals_in_a_row_wait_ever_longer_and_an_answer_ends_it() -> None:
    pacer = HostPacer("h", Pace(delay=0.0))
    now, waits = 0.0, []
    for _ in range(4):
        pacer.begin(now)
        assert not pacer.refusals or not has_place(pacer)
        pacer.end(now, 503, 0.1)
        waits.append(pacer.ready_at(now) - now)
        now = pacer.ready_at(now)
    assert waits == pytest.approx([backoff("h", tries) for tries in (1, 2, 3, 4)])
    pacer.begin(now)
    pacer.end(now, 404, 0.1)
    assert pacer.refusals == 0
    assert pacer.ready_at(now) == now


def test_retry_after_zero_is_no_invitation_to_hammer() -> None:
    pacer = HostPacer("h", Pace(delay=1.0))
    pacer.begin(0.0)
    pacer.end(5.0, 429, 0.1, 0.0)
    assert pacer.ready_at(5.0) == 6.0


def test_a_host_that_does_not_answer_gets_a_rest() -> None:
    pacer = HostPacer("h", Pace(delay=0.0))
    pacer.begin(0.0)
    pacer.end(0.0, 200, 1.0)
    for _ in range(3):
        pacer.begin(0.0)
        pacer.end(0.0, None, 1.0)
        assert pacer.ready_at(0.0) == 0.0
    for _ in range(20):
        pacer.begin(0.0)
        pacer.end(0.0, None, 1.0)
        assert pacer.ready_at(0.0) >= backoff("h", 1)
        assert not pacer.hopeless(1.0)  # it answered once: it may come back


def test_a_host_that_never_answers_is_given_up_while_others_answer() -> None:
    pacer = HostPacer("h", Pace(delay=0.0))
    hopeless = []
    for moment in range(1, 6):
        pacer.begin(float(moment))
        pacer.end(float(moment), None, 0.0)
        hopeless.append((pacer.hopeless(0.5), pacer.hopeless(moment + 0.5)))
    # without an answer from anybody since the first failure it may be our own network: more tries
    assert hopeless == [(False, False), (False, False), (False, True), (False, True), (True, True)]
    assert pacer.ready_at(5.0) > 5.0


def test_a_host_that_answered_and_stops_is_left_after_a_minute_of_rests() -> None:
    pacer = HostPacer("h", Pace(delay=0.0))
    now = 0.0
    pacer.begin(now)
    pacer.end(now, 200, 0.1)
    failures = 0
    while not pacer.dead:
        now = pacer.ready_at(now)
        pacer.begin(now)
        pacer.end(now, None, 0.1)
        failures += 1
    assert failures == 9
    assert 40 < now < 100
    pacer.begin(now)
    pacer.end(now, 200, 0.1)
    assert not pacer.dead


def test_a_host_that_asks_for_more_than_an_hour_is_away() -> None:
    pacer = HostPacer("h", Pace(delay=0.0))
    for asked_for, away in ((3600.0, None), (3601.0, 3601.0)):
        pacer.begin(0.0)
        pacer.end(0.0, 503, 0.1, asked_for)
        assert pacer.away == away


def test_refusals_halve_the_rate_and_answers_raise_it_again() -> None:
    adaptive, fixed = HostPacer("h", Pace(delay=0.5, adaptive=True)), HostPacer("h", Pace(delay=0.5))
    for pacer in (adaptive, fixed):
        for moment in (10.0, 20.0):
            pacer.begin(moment)
            pacer.end(moment + 0.1, 429, 0.1, 1.0)
    assert (adaptive.delay, fixed.delay) == (2.0, 0.5)
    for moment in range(30, 70):
        adaptive.begin(float(moment))
        adaptive.end(moment + 0.1, 200, 0.1)
    assert adaptive.delay == 0.5


quarters = st.integers(0, 40).map(lambda number: number / 4)


@given(
    st.lists(
        st.tuples(
            quarters,
            st.sampled_from([None, 200, 404, 429, 503]),
            quarters,
            st.one_of(st.none(), st.integers(0, 9_000)),
        ),
        max_size=30,
    ),
    st.booleans(),
)
def test_the_delay_is_kept_whatever_the_host_answers(
    events: list[tuple[float, int | None, float, float | None]], adaptive: bool
) -> None:
    pacer = HostPacer("h", Pace(delay=1.0, concurrency=1, adaptive=adaptive))
    now, last = 0.0, float("-inf")
    for pause, status, latency, retry_after in events:
        now = pacer.ready_at(now + pause)
        assert now - last >= 1.0 - 1e-6
        assert has_place(pacer)
        last = now
        pacer.begin(now)
        assert not has_place(pacer)
        pacer.sent(now)
        now += latency
        pacer.end(now, status, latency, retry_after)
        assert pacer.ready_at(now) - now <= MAX_WAIT + 1e-6
    assert pacer.active == 0


def test_the_delay_counts_from_the_moment_at_which_a_request_is_sent() -> None:
    pacer = HostPacer("h", Pace(delay=1.0))
    pacer.begin(0.0)
    assert not has_place(pacer)  # connecting takes as long as it takes
    pacer.sent(3.0)
    assert has_place(pacer)
    assert pacer.ready_at(3.0) == 4.0
    pacer.sent(3.5, again=True)  # the kept connection was dead
    assert pacer.ready_at(3.5) == 4.5
    pacer.begin(4.5)
    pacer.never_sent()
    pacer.end(5.0, None, 0.5)
    assert has_place(pacer)


def test_a_cancelled_request_gives_its_place_back() -> None:
    pacer = HostPacer("h", Pace(delay=0.0, concurrency=1))
    pacer.begin(0.0)
    pacer.cancel()
    assert has_place(pacer)
