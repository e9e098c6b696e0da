"""Charts as inline SVG: no script, no style sheet, nothing to fetch; colours come from the page's own variables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 900, 180, 70, 22, 8


def bars(values: Sequence[float], labels: Sequence[str], show: Callable[[float], str], title: str) -> str:
    """A bar chart over time.  ``labels`` says what each bar is about; the first and the last stand under the axis."""
    if not values:
        return ""
    highest = max(values) or 1
    step = (WIDTH - LEFT) / len(values)
    room = HEIGHT - BOTTOM - TOP
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" class="chart">',
        f"<title>{escape(title)}</title>",
    ]
    for share in (0.0, 0.5, 1.0):
        y = TOP + room * (1 - share)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(show(highest * share))}</text>')
    for number, (value, label) in enumerate(zip(values, labels, strict=True)):
        height = room * value / highest
        x, y = LEFT + number * step, TOP + room - height
        parts.append(
            f'<rect x="{x + step * 0.1:.2f}" y="{y:.2f}" width="{step * 0.8:.2f}" height="{height:.2f}" class="bar">'
            f"<title>{escape(label)}: {escape(show(value))}</title></rect>"
        )
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 6}">{escape(labels[0])}</text>')
    if len(labels) > 1:
        parts.append(f'<text x="{WIDTH}" y="{HEIGHT - 6}" text-anchor="end">{escape(labels[-1])}</text>')
    return "".join([*parts, "</svg>"])


def share_bar(share: float) -> str:
    """A small bar for a row of a table; *share* is of the largest, 0 to 1."""
    width = max(0.0, min(1.0, share)) * 100
    return f'<svg viewBox="0 0 100 8" class="share" aria-hidden="true"><rect width="{width:.2f}" height="8" class="bar"/></svg>'
