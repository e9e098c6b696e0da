"""Dates in short texts of their own, and what labels, attributes and mastheads say of them."""

from __future__ import annotations

import pytest
from page_metadata import BODY, NOW, read

HEAD = "<h1>The harbour froze</h1>"


@pytest.mark.parametrize(
    "line",
    [
        "<p>Received: 3 March 2022. Accepted: 16 December 2023. Published: 12 August 2024</p>",
        "<dl><dt>Received</dt><dd>3 March 2022</dd><dt>Published online</dt><dd>12 August 2024</dd></dl>",
        "<p>Updated Tue August 13, 2024</p><p>Published Mon August 12, 2024</p>",
        "<p>Actualizado: 13/08/2024 09:00h · Creado: 12/08/2024 08:15h</p>",
        "<p>BERGEN, Norway – August 12, 2024 – The harbour froze on Monday for the first time in forty years, says the mayor.</p>",
        '<time datetime="7 months ago" title="August 12, 2024">7 months ago</time>',
        '<span class="js-date" data-epoch="1723457100">…</span>',
        '<span class="post-date" data-utc="2024-08-12T10:05:00Z">Loading…</span>',
        '<div class="date"><b>Aug</b><i>12</i><em>2024</em></div>',
        '<p>By Ada, 12 August 2024</p><time datetime="2024-08-13T20:10Z">20:10</time><time datetime="2024-08-13T18:02Z">18:02</time>',
    ],
)  # fmt: skip
def test_the_words_and_attributes_beside_a_date_say_what_it_is_of(line: str) -> None:
    assert str(read(body=f"{HEAD}{line}{BODY}").day_published) == "2024-08-12"


@pytest.mark.parametrize("own", ["", "<p>August 12, 2024</p>"])
def test_today_in_the_masthead_is_no_date_of_the_article(own: str) -> None:
    today = f'<div class="topbar"><span class="date">{NOW:%A, %B %d, %Y}</span></div>'
    found = read(body=f"{today}<main>{HEAD}{own}{BODY}</main>").day_published
    assert str(found) == ("2024-08-12" if own else "None")


def test_a_day_without_its_year_is_of_the_year_in_the_address() -> None:
    body = f"{HEAD}<p>12 Feb, 10:05</p>{BODY}"
    assert str(read(body=body, url="https://a.example/2024/frost").day_published) == "2024-02-12"
    assert read(body=body, url="https://a.example/frost").day_published is None


@pytest.mark.parametrize(("said", "day"), [("Published Q3 2024", "2024-01-01"), ("September 2023 Issue", "2023-09-01")])
def test_a_part_of_a_year_is_taken_where_nothing_is_finer(said: str, day: str) -> None:
    assert str(read(body=f"{HEAD}<p>{said}</p>{BODY}").day_published) == day


def test_parse_ly_states_the_date_in_an_object() -> None:
    head = """<meta name="parsely-page" content='{"pub_date": "2024-08-12T10:05:00Z", "author": "Ada Ho"}'>"""
    found = read(head=head, body=f"{HEAD}{BODY}")
    assert (str(found.day_published), [one.name for one in found.authors]) == ("2024-08-12", ["Ada Ho"])
