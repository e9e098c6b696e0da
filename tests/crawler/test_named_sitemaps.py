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


def test_a_sitemap_may_send_its_readers_to_another_host_and_name_sitemaps_there(tmp_path: Path) -> None:
    with serving({}) as elsewhere:
        index = f"<sitemapindex><sitemap><loc>{elsewhere.url}/child.xml</loc></sitemap></sitemapindex>".encode()
        answers = {
            "/robots.txt": Answer(b"Sitemap: /index.xml\nSitemap: /moved.xml", "text/plain"),
            "/": Answer(page()),
        }
        answers |= {"/index.xml": Answer(index, "application/xml"), "/a": Answer(page()), "/b": Answer(page())}
        answers["/moved.xml"] = Answer(status=302, headers={"Location": f"{elsewhere.url}/moved-to.xml"})
        with serving(answers) as site:
            elsewhere.answers["/child.xml"] = urlset(f"{site.url}/a", "{base}/not-of-the-site")
            elsewhere.answers["/moved-to.xml"] = urlset(f"{site.url}/b")
            leave = ("--allow-private", elsewhere.url.removeprefix("http://"))
            assert crawl(tmp_path / "c", site.url + "/", *leave, "--no-extract")[0] == 0
    assert {"/a", "/b"} <= set(site.paths())
    assert "/not-of-the-site" not in elsewhere.paths()
