"""How much is decoded at once: bombs from many hosts wait for each other, pages do not."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Coroutine
from typing import Any

import pytest

from broadsheet.archive.http import parse_response_head
from broadsheet.archive.http_answer import Answer
from broadsheet.crawler.decoding import BUDGET, SMALL, DecodingBudget, decode_within
from broadsheet.crawler.reading import MAX_DOCUMENT, MAX_LISTING

PAGE = b"<html><p>" + b"word " * 1000
BOMB = gzip.compress(b"<html>" + bytes(100_000_000), 1)


def answer(body: bytes, *fields: bytes) -> Answer:
    head = b"\r\n".join((b"HTTP/1.1 200 OK", b"Content-Type: text/html", *fields, b"", b""))
    return Answer(parse_response_head(head), head + body)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def test_a_page_is_decoded_whole_and_takes_no_room() -> None:
    async def work() -> None:
        budget = DecodingBudget()
        coded = await decode_within(budget, answer(gzip.compress(PAGE), b"Content-Encoding: gzip"))
        assert (coded.content, coded.room, budget.held) == (PAGE, None, 0)

    run(work())


def test_a_bomb_is_cut_and_takes_room_until_it_is_read() -> None:
    async def work() -> None:
        budget = DecodingBudget()
        decoded = await decode_within(budget, answer(BOMB, b"Content-Encoding: gzip"))
        assert len(decoded.content) == MAX_DOCUMENT
        assert budget.held >= MAX_DOCUMENT
        decoded.release()
        decoded.release()
        assert budget.held == 0

    run(work())


def test_large_answers_that_are_not_coded_or_list_urls_are_not_cut_like_bombs() -> None:
    async def work() -> None:
        long = PAGE + b" " * (MAX_DOCUMENT + 5)
        assert (await decode_within(DecodingBudget(), answer(long))).content == long
        sitemap = b"<urlset>" + b" " * (MAX_DOCUMENT + 5)
        coded = answer(gzip.compress(sitemap, 1), b"Content-Encoding: gzip")
        assert (await decode_within(DecodingBudget(), coded)).content == sitemap
        packed = await decode_within(DecodingBudget(), answer(BOMB))  # a file: the reader unpacks it
        assert packed.room is not None
        assert packed.room.size >= MAX_LISTING

    run(work())


def test_many_bombs_at_once_never_hold_more_than_the_budget() -> None:
    async def work() -> tuple[int, int]:
        budget, most, count = DecodingBudget(), 0, 0

        async def one() -> None:
            nonlocal most, count
            decoded = await decode_within(budget, answer(BOMB, b"Content-Encoding: gzip"))
            most, count = max(most, budget.held), count + 1
            await asyncio.sleep(0)
            decoded.release()

        await asyncio.gather(*(one() for _ in range(6)))
        return most, count

    most, count = run(work())
    assert count == 6
    assert SMALL < most <= BUDGET


def test_room_is_given_in_the_order_of_asking_and_a_waiter_that_goes_costs_nothing() -> None:
    async def work() -> list[str]:
        budget, order = DecodingBudget(10), []

        async def one(name: str, size: int) -> None:
            room = await budget.reserve(size)
            order.append(name)
            await asyncio.sleep(0)
            room.release()

        first = await budget.reserve(8)
        gone = asyncio.create_task(one("gone", 9))
        rest = [asyncio.create_task(one(name, size)) for name, size in (("large", 99), ("small", 1))]
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        first.release()
        await asyncio.gather(*rest)
        assert budget.held == 0
        return order

    assert run(work()) == ["large", "small"]


def test_what_cannot_be_decoded_gives_its_room_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        budget = DecodingBudget()
        bomb = answer(BOMB, b"Content-Encoding: gzip")
        real = Answer.content

        def failing(self: Answer, most: int) -> bytes:
            if most > SMALL:
                raise MemoryError
            return real(self, most)

        monkeypatch.setattr(Answer, "content", failing)
        with pytest.raises(MemoryError):
            await decode_within(budget, bomb)
        assert budget.held == 0

    run(work())
