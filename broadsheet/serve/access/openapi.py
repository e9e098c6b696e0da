"""The CDX server, TimeGates, TimeMaps and Mementos as an OpenAPI 3.1 document, made from what declares them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from broadsheet.serve.access.cdx_fields import FIELD_NAMES
from broadsheet.serve.access.cdx_forms import WAYBACK_FIELDS
from broadsheet.serve.access.parameters import PARAMETERS, WAYBACK_PARAMETERS, Parameter
from broadsheet.serve.security import Origins

_FAULT = {"schema": {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]}}
_ACCEPT_DATETIME = {
    "name": "Accept-Datetime",
    "in": "header",
    "description": "The wanted time (RFC 7089, section 2.1.1); without it the latest.",
    "schema": {"type": "string"},
    "example": "Tue, 24 Nov 2026 10:00:00 GMT",
}


def document(collections: Sequence[str], origins: Origins) -> dict[str, Any]:
    """The document for a server of *collections*."""
    paths: dict[str, Any] = {
        "/{collection}/cdx": _path(
            "CDX server with pywb's parameters and forms",
            [_query(one) for one in PARAMETERS],
            {
                "200": _content("Captures, one a line", "text/plain", "application/x-ndjson"),
                "400": _fault("A parameter cannot be understood, or there is no such page"),
                "404": _fault("No captures"),
            },
        ),
        "/{collection}/cdx/search/cdx": _path(
            f"CDX server with the Wayback Machine's forms: {' '.join(WAYBACK_FIELDS)}. "
            "A filter is [!]FIELD:EXPRESSION, an expression of the whole field.",
            [_query(one) for one in (*PARAMETERS, *WAYBACK_PARAMETERS)],
            {
                "200": _content("Captures, one a line, or a list of lists", "text/plain", "application/json"),
                "400": _fault("A parameter cannot be understood, or there is no such page"),
            },
        ),
        "/{collection}/timegate/{url}": _path(
            "TimeGate: leads to the Memento closest to a time",
            [_in_path("url", "The URL as it stands, its query too"), _ACCEPT_DATETIME],
            {
                "302": {"description": "The Memento is at Location"},
                "400": _fault("Accept-Datetime is no date"),
                "404": _fault("No captures"),
            },
        ),
    }
    for form, media_type in (("link", "application/link-format"), ("json", "application/json")):
        paths[f"/{{collection}}/timemap/{form}/{{url}}"] = _path(
            "TimeMap: all captures of a URL",
            [_in_path("url", "The URL as it stands, its query too")],
            {"200": _content("The captures", media_type), "404": _fault("No captures")},
        )
    for modifier, what in (("", "The page as it was, scripts off"), ("id_", "The bytes of the capture")):
        made = _path(
            f"Memento. {what}",
            [_in_path("timestamp", "14 digits, UTC"), _in_path("url", "The URL as it stands, its query too")],
            {"default": {"description": "What was captured, with its status"}, "404": {"description": "No captures"}},
        )
        paths[f"/{{collection}}/{{timestamp}}{modifier}/{{url}}"] = {"servers": [{"url": origins.archived}], **made}
    for item in paths.values():
        item["parameters"] = [_collection(collections)]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "broadsheet serve",
            "version": version("broadsheet"),
            "description": f"Collections read as a public web archive is read. Fields: {', '.join(FIELD_NAMES)}.",
        },
        "servers": [{"url": origins.own}],
        "paths": paths,
    }


def _path(summary: str, parameters: list[dict[str, Any]], responses: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def _collection(names: Sequence[str]) -> dict[str, Any]:
    return {"name": "collection", "in": "path", "required": True, "schema": {"type": "string", "enum": list(names)}}


def _in_path(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": {"type": "string"}}


def _query(one: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": one.kind}
    if one.choices:
        schema["enum"] = list(one.choices)
    if one.repeated:
        schema = {"type": "array", "items": schema}
    made: dict[str, Any] = {"name": one.name, "in": "query", "description": one.description, "schema": schema}
    if one.required:
        made["required"] = True
    if one.example:
        made["example"] = [one.example] if one.repeated else one.example
    return made


def _content(description: str, *media_types: str) -> dict[str, Any]:
    return {"description": description, "content": {one: {"schema": {"type": "string"}} for one in media_types}}


def _fault(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": _FAULT}}
