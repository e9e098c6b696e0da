"""What a script loads by a literal."""

from __future__ import annotations

import pytest

from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.script import script_requisites

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
        ("const a = await fetch('x.js');", Kind.DATA, "script/fetch()"),
        ("fetch( `/js/x.js` ).then(a => a.json())", Kind.DATA, "script/fetch()"),
        ("fetch('x.js', {cache: 'no-store'})", Kind.DATA, "script/fetch()"),
        ('$.getJSON("x.js", fill)', Kind.DATA, "script/getJSON()"),
        ('axios.get("x.js")', Kind.DATA, "script/axios.get()"),
        ('request.open("GET", "x.js", true)', Kind.DATA, "script/open()"),
        ("$.get('x.js', draw)", Kind.DATA, "script/get()"),
        ("jQuery.ajax({dataType: 'json', url: 'x.js'}).done(draw)", Kind.DATA, "script/ajax()"),
        ("$('#list').load('x.js #part')", Kind.DATA, "script/load()"),
        ("const u = 'x.js'; fetch(u).then(r => r.json())", Kind.DATA, "script/fetch()"),
        ("let base='/js/';axios.get(base + 'x.js', {params})", Kind.DATA, "script/axios.get()"),
        ('var API = "/js";\nfetch(`${API}/x.js`)', Kind.DATA, "script/fetch()"),
    ],
)
def test_a_form(script: str, kind: Kind, technique: str) -> None:
    found = script_requisites(script, BASE)
    assert [(one.url.partition("?")[0], one.kind, one.technique) for one in found] == [
        ("https://site.org/js/x.js", kind, technique)
    ]


@pytest.mark.parametrize(
    "script",
    [
        "import a from 'react'",
        "import(name)",
        "Array.from('abc')",
        "new URL('x')",
        "field.register('name')",
        "fetch('/api/' + name)",
        "$.ajax({url: '/like', data: {a: 1}, type: 'POST'})",
        "$.ajax({url: '/x' + id})",
        "loader.load('/x')",
        "const u = '/x'; u = '/y'; fetch(u)",
        "const u = '/x' + id; fetch(u)",
        "const u = '/x'; fetch(u + id)",
        "const u = '/x'; fetch(u, {method: 'POST'})",
        "const s = {u: '/x'}; fetch(u)",
        "fetch(`/api/${name}`)",
        "fetch('/api/{id}')",
        "prefetch('/x')",
        "fetch(name, '/x')",
        "fetch('/like', {method: 'POST'})",
        "fetch('/like', {\n  headers: {}, method})",
        "request.open('POST', '/like')",
        "window.open('/x')",
        "axios.get('/x' + name)",
    ],
)
def test_what_only_looks_like_one(script: str) -> None:
    assert [one.url for one in script_requisites(script, BASE)] == []
