"""``{url:whole}`` in a route: the rest of a path.  Starlette's ``path`` ends at a line feed, an encoded URL need not."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor


class _WholePath(Convertor[str]):
    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


WHOLE = "whole"
register_url_convertor(WHOLE, _WholePath())
