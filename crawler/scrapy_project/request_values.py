"""Requests as JSON: what a queue keeps, and nothing that only this process understands.

Pickle would keep more, and run what it finds in a folder that others gave; a Request that this refuses is refused in words.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

from scrapy import Request, Spider
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.request import request_from_dict

from broadsheet.crawler.scrapy_project.record import OURS

_BYTES, _TUPLE, _SET, _DICT = "$bytes", "$tuple", "$set", "$dict"


class NotKept(ValueError):
    """A Request that the queue cannot keep; its text says why, and what to do."""


def request_json(request: Request, spider: Spider) -> str:
    """*request* of *spider* as JSON.

    Raises:
        NotKept: it has something that another process could not make again.
    """
    if request.callback is NO_CALLBACK:
        raise NotKept("it has no callback on purpose; such Requests are for engine.download_async")
    try:
        values = request.to_dict(spider=spider)
    except ValueError as error:
        raise NotKept(
            f"its callback or errback is no method of the spider ({error}). Make it one, and hand on values in cb_kwargs"
        ) from error
    values["meta"] = {key: value for key, value in values["meta"].items() if key not in OURS}
    return json.dumps({name: _plain(value, name) for name, value in values.items()}, separators=(",", ":"))


def request_of(text: str, spider: Spider) -> Request:
    """The Request that `request_json` made *text* of.

    Raises:
        NotKept: the spider has changed since: a callback is gone.
    """
    values = {name: _value(value) for name, value in json.loads(text).items()}
    try:
        return request_from_dict(values, spider=spider)
    except (ValueError, ImportError, NameError, TypeError) as error:
        raise NotKept(f"the spider has changed since it was queued ({error})") from error


def _plain(value: Any, where: str) -> Any:
    """*value*, which stands at *where* in a Request, as JSON has it."""
    match value:
        case None | bool() | int() | float() | str() if type(value) in (type(None), bool, int, float, str):
            return value
        case bytes():
            return {_BYTES: b64encode(value).decode("ascii")}
        case list():
            return [_plain(one, f"{where}[{number}]") for number, one in enumerate(value)]
        case tuple() if type(value) is tuple:
            return {_TUPLE: [_plain(one, f"{where}[{number}]") for number, one in enumerate(value)]}
        case set() | frozenset():
            return {_SET: sorted((_plain(one, f"{where}{{}}") for one in value), key=str)}
        case dict() if all(type(key) is str and not key.startswith("$") for key in value):
            return {key: _plain(one, f"{where}[{key!r}]") for key, one in value.items()}
        case dict():
            return {
                _DICT: [[_plain(key, f"{where} key"), _plain(one, f"{where}[{key!r}]")] for key, one in value.items()]
            }
    raise NotKept(
        f"{where} holds a {type(value).__name__}, which is no plain data. Put numbers, text, bytes, lists, tuples, sets and"
        " dicts of these there"
    )


def _value(plain: Any) -> Any:
    match plain:
        case list():
            return [_value(one) for one in plain]
        case {"$bytes": str(text)}:
            return b64decode(text)
        case {"$tuple": list(values)}:
            return tuple(_value(one) for one in values)
        case {"$set": list(values)}:
            return {_value(one) for one in values}
        case {"$dict": list(pairs)}:
            return {_value(key): _value(one) for key, one in pairs}
        case dict():
            return {key: _value(one) for key, one in plain.items()}
    return plain
