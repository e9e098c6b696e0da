"""What a callback of a spider gives, in whatever form: nothing, one thing, several, now or later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy.utils.asyncgen import as_async_generator
from scrapy.utils.defer import ensure_awaitable
from scrapy.utils.spider import iterate_spider_output


async def all_of(output: Any) -> AsyncIterator[Any]:
    """The items and Requests in *output*, which a callback has returned."""
    async for one in as_async_generator(await ensure_awaitable(iterate_spider_output(output))):
        yield one
