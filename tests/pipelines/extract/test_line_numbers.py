"""Numbers beside the lines of listings: no text; numbers that are text stay."""

from __future__ import annotations

import pytest
from reading import html_of, read

PARAGRAPHS = ["The boats of the harbour are counted by a program that nobody has looked at for ten years. " * 3] * 2
CODE = "import boats\n\nfor boat in boats.all():\n    print(boat)"


def text_with(listing: str) -> str:
    page = html_of("Counting boats", PARAGRAPHS).replace("</p>", f"</p>{listing}", 1)
    return read([("/boats", page)])[0].article.text or ""


@pytest.mark.parametrize(
    "listing",
    [
        f'<figure><table><tr><td class="gutter"><pre>1<br>2<br>3<br>4<br></pre></td><td class="code"><pre>{CODE}</pre></td></tr></table></figure>',
        f'<figure><table><tr><td><pre><span>17</span>\n<span>18</span>\n<span>19</span>\n<span>20</span></pre></td><td><pre><code>{CODE}</code></pre></td></tr></table></figure>',
    ],
)  # fmt: skip
def test_line_numbers_are_not_in_the_text(listing: str) -> None:
    text = text_with(listing)
    assert "for boat in boats.all():" in text
    assert not any(line.strip().isdigit() for line in text.splitlines())


@pytest.mark.parametrize("listing", ["<pre>1\n2\n3</pre>", f"<pre>1\n2\n4\n8</pre><pre>{CODE}</pre>", "<p>1984</p>"])
def test_numbers_that_are_no_line_numbers_stay(listing: str) -> None:
    before, after = text_with(listing), text_with("")
    assert len(before.split()) > len(after.split())
