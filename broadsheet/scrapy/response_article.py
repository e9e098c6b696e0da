"""The article of a Scrapy response, in a callback."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.http import Response

from broadsheet.article import Article
from broadsheet.crawler.scrapy_project.record import record_of
from broadsheet.extracting import extract


def article_of(response: Response) -> Article:
    """The article in *response*: the extraction of the dataset, as of the moment of its record.

    Raises:
        BadInput: it is no HTML.
    """
    record = record_of(response)
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    moment = datetime.now(UTC) if record is None else record.date
    return extract(response.body, response.url, headers=headers, fetch_time=moment)
