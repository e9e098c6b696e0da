"""Sitemaps that a robots.txt names: relative, and on other hosts (cross-submission)."""

from __future__ import annotations

from pathlib import Path

from crawled_site import Answer, crawl, page, serving


def urlset(*urls: str) -> Answer:
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return Answer(f"<urlset>{entries}</urlset>".encode(), "application/xml")


def test_a_relative_line_and_one_for_another_host(tmp_path: Path) -> None:
    with serving({}) as elsewhere:
        robots = f"User-agent: *\nSitemap: /s/own.xml\nSitemap: {elsewhere.url}/s/sister.xml\n".encode()
        answers = {"/robots.txt": Answer(robots, "text/plain"), "/": Answer(page()), "/s/own.xml": urlset("{base}/own")}
        answers |= {"/own": Answer(page()), "/sister": Answer(page())}
        with serving(answers) as site:
            elsewhere.answers["/s/sister.xml"] = urlset(f"{site.url}/sister", "{base}/not-of-the-site")
            leave = ("--allow-private", elsewhere.url.removeprefix("http://"))
            assert crawl(tmp_path / "c", site.url + "/", *leave, "--no-extract")[0] == 0
    assert {"/own", "/sister"} <= set(site.paths())
    assert "/s/sister.xml" in elsewhere.paths()
    assert "/not-of-the-site" not in elsewhere.paths()


def test_the_robots_txt_of_a_requisites_host_speaks_for_no_sitemap(tmp_path: Path) -> None:
    with serving({"/p.gif": Answer(b"GIF89a", "image/gif")}) as cdn:
        cdn.answers["/robots.txt"] = Answer(b"Sitemap: {base}/s.xml", "text/plain")
        with serving({"/": Answer(page() + f'<img src="{cdn.url}/p.gif">'.encode())}) as site:
            leave = ("--allow-private", cdn.url.removeprefix("http://"))
            crawl(tmp_path / "c", site.url + "/", *leave, "--no-extract")
    assert "/p.gif" in cdn.paths()
    assert "/s.xml" not in cdn.paths()
