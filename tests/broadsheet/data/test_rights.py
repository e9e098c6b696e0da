"""The columns about rights and quality, from a WARC to the rows."""

from __future__ import annotations

from pathlib import Path

from data_site import exchanges
from small_warcs import write_warc

from broadsheet import Collection
from broadsheet.pipelines.dataset.quality import QUALITY_RULES
from broadsheet.pipelines.dataset.records import ArticleRow
from broadsheet.pipelines.derive.extract import extract


def rows(folder: Path) -> dict[str, ArticleRow]:
    return {row.url.partition("example/")[2]: row for row in Collection.open(folder).articles()}


def test_robots_licence_and_paywall(made: Path) -> None:
    row = rows(made)["bakers"]
    assert row.robots_meta == "noai, noindex, noimageai"
    assert row.license_url == "https://creativecommons.org/licenses/by/4.0/"
    assert row.is_paywalled is True
    silent = rows(made)["ice"]
    assert (silent.robots_meta, silent.license_url, silent.is_paywalled) == (None, None, None)


def test_tdm_of_header_and_of_the_sites_file(made: Path) -> None:
    said = {path: (row.tdm_reservation, row.tdm_policy_url) for path, row in rows(made).items()}
    assert said == {
        "ice": (None, None),  # this site has no such file
        "bakers": (1, "https://a.example/terms"),
        "hafen": (1, "https://b.example/policy.json"),  # captured before the file was
        "open/ice": (0, None),
        "empty": (1, "https://b.example/policy.json"),
    }


def test_language_and_share_of_text(made: Path) -> None:
    row = rows(made)["hafen"]
    assert row.language == "de"
    assert row.language_score is not None
    assert row.language_score > 0.9
    assert row.text_ratio is not None
    assert 0.5 < row.text_ratio <= 1


def test_quality_flags(made: Path) -> None:
    known = {rule.flag for rule in QUALITY_RULES}
    found = rows(made)
    assert set(found["ice"].quality_flags) <= known
    assert found["empty"].quality_flags == ()
    assert "mostly_links" not in found["ice"].quality_flags


def test_a_body_of_links_is_flagged(tmp_path: Path) -> None:
    from data_site import answer

    links = "".join(
        f'<p>The council read out <a href="/{n}">the long and winding report number {n} of our neighbours</a> on a Tuesday.</p>'
        for n in range(9)
    )
    body = f"<!doctype html><html lang=en><title>T</title><body><article><h1>Title of it</h1>{links}</article></body></html>"
    warc = write_warc(tmp_path / "in", "w", [answer("https://c.example/links", body, minutes=0)])
    extract([warc], tmp_path / "c", workers=1)
    (row,) = Collection.open(tmp_path / "c").articles()
    assert row.text
    assert "mostly_links" in row.quality_flags


def test_the_order_of_captures_does_not_matter(made: Path, tmp_path: Path) -> None:
    every = exchanges()
    first = write_warc(tmp_path / "in", "a", every[:4])
    second = write_warc(tmp_path / "in", "b", every[4:])
    extract([second, first], tmp_path / "c", workers=1)
    assert {path: row.tdm_reservation for path, row in rows(tmp_path / "c").items()} == {
        path: row.tdm_reservation for path, row in rows(made).items()
    }
