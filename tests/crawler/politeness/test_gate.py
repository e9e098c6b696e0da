"""The gate keeps the pace, in a real event loop; waits are some hundredths of a second."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

import pytest

from broadsheet.crawler.politeness.gate import GateClosed, HostGivenUp, HostLeft, PolitenessGate
from broadsheet.crawler.politeness.host_settings import host_settings
from broadsheet.crawler.politeness.hours import Hours


def gate(delay: float = 0.0, connections: int = 10, concurrency: int = 0) -> tuple[PolitenessGate, list[str]]:
    rests: list[str] = []
    made = PolitenessGate(
        delay=delay, connections=connections, concurrency=concurrency, on_rest=lambda host, _: rests.append(host)
    )
    return made, rests


async def ask(made: PolitenessGate, host: str, begun: list[float], status: int | None = 200, work: float = 0.0) -> None:
    async with made.turn(host) as turn:
        begun.append(asyncio.get_running_loop().time())
        await asyncio.sleep(work)
        turn.answered(status, None)


def gaps(begun: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(begun)]


def test_requests_to_a_host_keep_their_distance_and_others_do_not_wait() -> None:
    async def run() -> None:
        made, _ = gate(delay=0.04)
        one: list[float] = []
        other: list[float] = []
        await asyncio.gather(*(ask(made, "one", one) for _ in range(4)), ask(made, "other", other))
        assert min(gaps(one)) >= 0.04
        assert other[0] < one[1]

    asyncio.run(run())


def test_a_request_waits_until_the_one_before_it_is_sent() -> None:
    async def run() -> None:
        made, _ = gate(delay=0.02)
        sent: list[float] = []

        async def connect_and_ask(takes: float) -> None:
            async with made.turn("host") as turn:
                await asyncio.sleep(takes)
                turn.sent()
                sent.append(asyncio.get_running_loop().time())
                turn.answered(200)

        await asyncio.gather(*(connect_and_ask(takes) for takes in (0.05, 0.0, 0.03, 0.0)))
        assert min(gaps(sent)) >= 0.02

    asyncio.run(run())


def test_a_wait_for_a_connection_does_not_bunch_the_requests() -> None:
    async def run() -> None:
        made, _ = gate(delay=0.03, connections=1)
        begun: list[float] = []
        blocker: list[float] = []
        first = asyncio.create_task(ask(made, "blocker", blocker, work=0.12))
        await asyncio.sleep(0)
        await asyncio.gather(first, *(ask(made, "host", begun) for _ in range(3)))
        assert min(gaps(begun)) >= 0.03

    asyncio.run(run())


def test_connections_and_places_are_limited() -> None:
    async def run(connections: int, concurrency: int, hosts: int) -> int:
        made, _ = gate(connections=connections, concurrency=concurrency)
        under_way = most = 0

        async def work(host: str) -> None:
            nonlocal under_way, most
            async with made.turn(host) as turn:
                under_way += 1
                most = max(most, under_way)
                await asyncio.sleep(0.005)
                under_way -= 1
                turn.answered(200)

        await asyncio.wait_for(asyncio.gather(*(work(f"h{n % hosts}") for n in range(24))), 10)
        return most

    assert asyncio.run(run(connections=3, concurrency=0, hosts=8)) == 3
    assert asyncio.run(run(connections=20, concurrency=2, hosts=1)) == 2
    assert asyncio.run(run(connections=20, concurrency=2, hosts=4)) == 8


def test_a_refusal_makes_the_host_rest_and_is_told() -> None:
    async def run() -> None:
        made, rests = gate()
        now = asyncio.get_running_loop().time()
        async with made.turn("host") as turn:
            turn.answered(429, 30.0)
        assert rests == ["host"]
        assert 29 < made.ready_at("host", now) - now < 31
        assert made.ready_at("other", now) == now

    asyncio.run(run())


def test_after_a_rest_one_request_tries_before_the_others() -> None:
    async def run() -> None:
        made, _ = gate()
        async with made.turn("host") as turn:
            turn.answered(503, 0.02)
        begun: list[float] = []
        await asyncio.gather(*(ask(made, "host", begun, work=0.03) for _ in range(3)))
        assert gaps(begun)[0] >= 0.03
        assert gaps(begun)[1] < 0.03

    asyncio.run(run())


def test_closing_lets_nobody_in() -> None:
    async def run() -> None:
        made, _ = gate(delay=60.0, concurrency=1)
        inside = asyncio.create_task(ask(made, "host", [], work=0.05))
        busy = asyncio.create_task(ask(made, "idle", [], work=0.05))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(ask(made, host, [])) for host in ("host", "idle", "host")]
        await asyncio.sleep(0.01)
        made.close()
        results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
        assert all(isinstance(result, GateClosed) for result in results)
        await asyncio.gather(inside, busy)  # what was begun ends in peace
        with pytest.raises(GateClosed):
            await ask(made, "new", [])

    asyncio.run(run())


def test_cancelling_and_failing_leak_nothing() -> None:
    async def run() -> None:
        made, _ = gate(connections=1, concurrency=1)

        async def fail() -> None:
            async with made.turn("host"):
                raise ValueError

        for _ in range(5):
            with pytest.raises(ValueError):
                await fail()
        holder = asyncio.create_task(ask(made, "host", [], work=0.05))
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(ask(made, host, [])) for host in ("host", "other", "host")]
        await asyncio.sleep(0.01)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await holder
        await asyncio.wait_for(ask(made, "host", []), 1)

    asyncio.run(run())


def test_no_delay_costs_almost_nothing() -> None:
    async def run() -> float:
        made, _ = gate()
        began = time.process_time()
        for number in range(20_000):
            async with made.turn(f"h{number % 3000}") as turn:
                turn.answered(200)
        return (time.process_time() - began) / 20_000

    assert asyncio.run(run()) < 100e-6  # seconds; 3 to 6 us in truth


def test_a_host_that_never_answers_lets_nobody_in_any_more() -> None:
    async def run() -> None:
        made, _ = gate()
        await ask(made, "alive", [])
        for _ in range(2):
            await ask(made, "dead", [], status=None)
        assert not made.given_up("dead")
        assert made.ready_at("dead", asyncio.get_running_loop().time()) > asyncio.get_running_loop().time() + 1
        waiting = asyncio.create_task(ask(made, "dead", []))
        await asyncio.sleep(0)
        made._line("dead").pacer.begin(0.0)
        made._line("dead").pacer.end(0.0, None, 0.0)
        made._last_answer = float("inf")  # others answer all the time
        assert made.given_up("dead")
        assert not made.given_up("alive")
        assert made.ready_at("dead", 5.0) == 5.0
        with pytest.raises(HostGivenUp):
            await ask(made, "dead", [])
        waiting.cancel()

    asyncio.run(run())


def test_a_host_that_asks_for_long_is_left_and_its_reason_names_the_time() -> None:
    async def run() -> None:
        made, rests = gate()
        async with made.turn("host") as turn:
            turn.answered(503, 7200.0)
        with pytest.raises(HostLeft, match=r"until \d{4}-\d\d-\d\d \d\d:\d\d UTC \(Retry-After\)"):
            await ask(made, "host", [])
        assert not rests
        assert made.ready_at("host", 5.0) == 5.0

    asyncio.run(run())


def test_a_host_that_answered_in_an_earlier_run_is_left_and_another_given_up() -> None:
    async def run() -> None:
        made = PolitenessGate(
            delay=0.0, connections=1, on_rest=lambda *_: None, answered_before=lambda host: host == "known"
        )
        for host, end in (("known", HostLeft), ("unknown", HostGivenUp)):
            pacer = made._line(host).pacer
            for _ in range(5):
                pacer.begin(0.0)
                pacer.end(0.0, None, 0.0)
            with pytest.raises(end):
                await ask(made, host, [])

    asyncio.run(run())


def test_settings_of_a_host_hold_for_it_alone() -> None:
    async def run() -> None:
        made = PolitenessGate(
            delay=0.0, connections=9, on_rest=lambda *_: None, hosts=host_settings(["slow.example delay=0.05"])
        )
        slow: list[float] = []
        quick: list[float] = []
        await asyncio.gather(
            *(ask(made, "slow.example", slow) for _ in range(3)), *(ask(made, "b", quick) for _ in range(3))
        )
        assert min(gaps(slow)) >= 0.05
        assert quick[-1] < slow[1]

    asyncio.run(run())


def test_outside_its_hours_a_host_waits() -> None:
    class Closed(Hours):
        def wait(self, now: object) -> float:
            return 900.0

    async def run() -> None:
        made = PolitenessGate(delay=0.0, connections=1, on_rest=lambda *_: None, hours=Closed(0, 1))
        assert made.ready_at("host", 5.0) == 905.0
        asking = asyncio.create_task(ask(made, "host", []))
        await asyncio.sleep(0.02)
        assert not asking.done()
        made.close()
        with pytest.raises(GateClosed):
            await asking

    asyncio.run(run())


def test_what_is_received_is_paid_for_before_the_next_request() -> None:
    async def run() -> None:
        made = PolitenessGate(delay=0.0, connections=9, on_rest=lambda *_: None, bandwidth=10_000)
        async with made.turn("one") as turn:
            turn.received(600)
            turn.answered(200)
        begun = [asyncio.get_running_loop().time()]
        await ask(made, "other", begun)
        assert gaps(begun)[0] >= 0.05

    asyncio.run(run())
