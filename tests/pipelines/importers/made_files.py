"""Small files of each kind that can be imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BODY = "<p>The bridge over the river was opened by the mayor, who walked over it with her two dogs.</p>" * 5


def html(number: object, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}<title>Bridge {number}</title></head>'
        f"<body><h1>Bridge number {number} is open</h1>{BODY}<p>It is number {number} of many.</p></body></html>"
    )


def single_file(url: str, number: object = 1) -> str:
    saved = "Wed Mar 04 2026 11:00:00 GMT+0100 (Central European Standard Time)"
    comment = f"<!--\n Page saved with SingleFile \n url: {url} \n saved date: {saved}\n-->"
    return html(number).replace("<head>", f"{comment}<head>", 1)


def mhtml(url: str) -> bytes:
    return (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {url}\r\nSubject: Bridge\r\n"
        "Date: Wed, 4 Mar 2026 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----b"\r\n\r\n'
        f"------b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Location: {url}\r\n\r\n{html('m')}\r\n"
        "------b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Location: https://m.example/dog.png\r\n\r\niVBORw0KGgo=\r\n"
        "------b\r\nContent-Type: text/css\r\nContent-Location: cid:css-1@m.example\r\n\r\np { color: red }\r\n"
        "------b\r\nContent-Type: text/plain\r\n\r\nwithout an address\r\n------b--\r\n"
    ).encode()


def har_entry(url: str, text: str | None, **answer: Any) -> dict[str, Any]:
    content: dict[str, Any] = {"size": len(text or "x"), "mimeType": "text/html"}
    if text is not None:
        content["text"] = text
    kind = [
        {"name": "Content-Type", "value": "text/html; charset=iso-8859-1"},
        {"name": "content-encoding", "value": "br"},
    ]
    return {
        "startedDateTime": "2026-03-04T10:00:00.000Z",
        "time": 42.5,
        "request": {
            "method": "GET",
            "url": url,
            "headers": [{"name": ":path", "value": "/"}, {"name": "Accept", "value": "*/*"}],
        },
        "response": {"status": 200, "statusText": "", "headers": kind, "content": content, **answer},
    }


def har(*entries: Any) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}})


def folder_of_all(folder: Path) -> Path:
    """A folder with a file of each kind: eight documents, five of them pages with a row."""
    (folder / "sub").mkdir(parents=True)
    (folder / "named.html").write_text(html(1, '<link rel="canonical" href="https://h.example/one">'))
    (folder / "sub" / "single.html").write_text(single_file("https://s.example/two", 2))
    (folder / "three.mhtml").write_bytes(mhtml("https://m.example/three"))
    (folder / "four.har").write_text(har(har_entry("https://x.example/four", html("h\u00fc"))))
    (folder / "five.jsonl").write_text(
        json.dumps({"url": "https://j.example/five", "html": html(5), "date": "2026-03-04"}) + "\n"
    )
    (folder / "notes.txt").write_text("not imported")
    return folder
