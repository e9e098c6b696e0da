"""URLs in headers, from the wire to the next request: headers are bytes."""

from __future__ import annotations

from pathlib import Path

from crawled_site import Answer, crawl, page, serving

PERSIAN = "/fa/\u0627\u0639\u0632\u0627\u0645"
ENCODED = "/fa/%D8%A7%D8%B9%D8%B2%D8%A7%D9%85"


def on_the_wire(text: str, encoding: str = "utf-8") -> str:
    """*text* as the made site must be told it, so that its bytes are those of *encoding*."""
    return text.encode(encoding).decode("latin-1")


LOCATIONS = {
    on_the_wire(PERSIAN): ENCODED,
    ENCODED + "/2": ENCODED + "/2",
    on_the_wire("/caf\u00e9", "latin-1"): "/caf%E9",
    "/a b": "/a%20b",
    "\\a\\b": "/a/b",
    "relative": "/relative",
}


def test_a_redirect_leads_to_the_article(tmp_path: Path) -> None:
    short = {f"/s{number}": location for number, location in enumerate(LOCATIONS)}
    answers = {"/": Answer(page(*short))}
    answers |= {path: Answer(status=301, headers={"Location": location}) for path, location in short.items()}
    answers |= {target: Answer(page(title=f"The article {target}")) for target in LOCATIONS.values()}
    with serving(answers) as site:
        code, summary, _ = crawl(tmp_path / "c", site.url + "/")
    assert code == 0
    assert set(LOCATIONS.values()) <= set(site.paths())
    assert summary["articles"] == 1 + len(LOCATIONS)


def test_link_and_refresh_headers_lead_on(tmp_path: Path) -> None:
    answers = {
        "/": Answer(page(), headers={"Link": on_the_wire("</n\u00e4chste>; rel=next")}),
        "/n%C3%A4chste": Answer(page(), headers={"Refresh": on_the_wire("0; url=/wei\u00dfe-seite")}),
        "/wei%C3%9Fe-seite": Answer(page()),
    }
    with serving(answers) as site:
        crawl(tmp_path / "c", site.url + "/", "--no-extract")
    assert answers.keys() <= set(site.paths())


def test_robots_rules_behind_a_redirect_in_utf8_are_heeded(tmp_path: Path) -> None:
    answers = {
        "/robots.txt": Answer(status=301, headers={"Location": on_the_wire("/r\u00f6bots.txt")}),
        "/r%C3%B6bots.txt": Answer(b"User-agent: *\nDisallow: /no/\n", "text/plain"),
        "/": Answer(page("/no/1")),
        "/no/1": Answer(page()),
    }
    with serving(answers) as site:
        crawl(tmp_path / "c", site.url + "/", "--no-extract")
    assert "/no/1" not in site.paths()
