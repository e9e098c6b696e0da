"""What a script loads by a literal."""

from __future__ import annotations

import pytest

from crawler.requisites.requisite import Kind
from crawler.requisites.script import script_requisites

BASE = "https://site.org/js/main.js"


@pytest.mark.parametrize(
    ("script", "kind", "technique"),
    [
        ("import a from './x.js'", Kind.SCRIPT, "script/import"),
        ('import{a as b,c}from"./x.js";', Kind.SCRIPT, "script/import"),
        ("import * as a from '../js/x.js'", Kind.SCRIPT, "script/import"),
        ("import './x.js'", Kind.SCRIPT, "script/import"),
        ("export { a } from '/js/x.js'", Kind.SCRIPT, "script/import"),
        ("export*from'./x.js'", Kind.SCRIPT, "script/import"),
        ("const a = await import( './x.js' )", Kind.SCRIPT, "script/import"),
        ("new Worker('x.js', {type: 'module'})", Kind.SCRIPT, "script/Worker()"),
        ("new SharedWorker('x.js')", Kind.SCRIPT, "script/SharedWorker()"),
        ("importScripts('x.js')", Kind.SCRIPT, "script/importScripts()"),
        ("navigator.serviceWorker.register('/js/x.js?v=1#').then", Kind.SCRIPT, "script/register()"),
        ("new URL('x.js', import.meta.url)", Kind.DATA, "script/new URL()"),
    ],
)
def test_a_form(script: str, kind: Kind, technique: str) -> None:
    found = script_requisites(script, BASE)
    assert [(one.url.partition("?")[0], one.kind, one.technique) for one in found] == [
        ("https://site.org/js/x.js", kind, technique)
    ]


@pytest.mark.parametrize(
    "script",
    ["import a from 'react'", "import(name)", "Array.from('abc')", "new URL('x')", "field.register('name')"],
)
def test_what_only_looks_like_one(script: str) -> None:
    assert [one.url for one in script_requisites(script, BASE)] == []
