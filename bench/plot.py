"""Draws the ratios as an SVG that is readable on light and on dark pages."""

import math
from html import escape
from typing import List

from datasets import human
from report import Row, quantity

WIDTH = 1200
AGAINST = 490  # where the names of other programs begin; the work is left of them
LEFT = 640  # where the axes begin
RIGHT = 1000  # and where they end; values are right of it
LINE = 22

STYLE = """
  .page { fill: #ffffff; } text { fill: #1f2328; font: 13px system-ui, -apple-system, "Segoe UI",
    Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
  .title { font-size: 16px; font-weight: 600; } .work { font-weight: 600; }
  .small { font-size: 12px; } .soft { fill: #59636e; }
  .grid { stroke: #d1d9e0; } .one { stroke: #59636e; stroke-width: 1.5; }
  .better { fill: #0969da; } .worse { fill: #bc4c00; }
  .target { stroke: #1f2328; stroke-width: 3; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; } text { fill: #e6edf3; } .soft { fill: #9198a1; }
    .grid { stroke: #30363d; } .one { stroke: #9198a1; }
    .better { fill: #4493f8; } .worse { fill: #db6d28; } .target { stroke: #e6edf3; }
  }
"""


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} class="{kind}">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _bar(x1: float, x2: float, y: float, kind: str) -> str:
    left, width = min(x1, x2), max(abs(x2 - x1), 1)
    return (
        f'<rect x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" height="14" rx="2" class="{kind}"/>'
    )


def svg(rows: List[Row], caption: str) -> str:
    """Times against other programs on an axis of ratios, memory on one of bytes."""
    parts = [_text(20, 30, "model-signing and others on one machine", "title")]
    y = _legend(parts, 56)
    # Whole processes only; the table has the rest.
    times = [row for row in rows if row.measure == "seconds" and row.ratio and not row.part]
    memory = [row for row in rows if row.measure == "peak"]
    if times:
        y = _times(parts, times, y + 16)
    if memory:
        y = _memory(parts, memory, y + 24)
    for line in caption.splitlines():
        y += 18
        parts.append(_text(20, y, line, "small soft"))
    height = y + 20
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
            f'width="{WIDTH}" height="{height:.0f}" role="img">',
            "<title>Time and memory of model-signing against other programs</title>",
            f"<style>{STYLE}</style>",
            f'<rect width="{WIDTH}" height="{height:.0f}" class="page"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _legend(parts: List[str], y: float) -> float:
    x = 20
    for kind, words, width in (
        ("better", "model-signing is faster", 190),
        ("worse", "model-signing is slower", 190),
    ):
        parts.append(_bar(x, x + 14, y - 11, kind))
        parts.append(_text(x + 20, y, words))
        x += width
    parts.append(_line(x + 6, y - 14, x + 6, y + 5, "target"))
    parts.append(_text(x + 16, y, "target: at most this"))
    return y


def _times(parts: List[str], rows: List[Row], y: float) -> float:
    found = [row.ratio for row in rows] + [row.at_most for row in rows if row.at_most]
    low = min(-2, math.floor(math.log2(min(found))))
    high = max(1, math.ceil(math.log2(max(found))))

    def place(ratio: float) -> float:
        return LEFT + (math.log2(ratio) - low) / (high - low) * (RIGHT - LEFT)

    top = y + 36
    bottom = top + _height(rows)
    caption = "time of model-signing / time of the other (logarithmic)"
    parts.append(_text((LEFT + RIGHT) / 2, y + 10, caption, "small soft", "middle"))
    for power in range(low, high + 1):
        ratio = 2.0**power
        x = place(ratio)
        parts.append(_line(x, top, x, bottom, "one" if power == 0 else "grid"))
        parts.append(_text(x, top - 6, f"{ratio:.4g}", "small soft", "middle"))
    for row, y in _labelled(parts, rows, top):
        parts.append(_bar(place(1), place(row.ratio), y, "better" if row.ratio <= 1 else "worse"))
        if row.at_most:
            parts.append(_line(place(row.at_most), y - 3, place(row.at_most), y + 17, "target"))
        own, other = quantity(row.ours.median, "seconds"), quantity(row.theirs.median, "seconds")
        parts.append(_text(RIGHT + 10, y + 12, f"{row.ratio:.2f}", "work"))
        parts.append(_text(WIDTH - 20, y + 12, f"{own} / {other}", "small soft", "end"))
        parts.append(_text(AGAINST, y + 12, row.against))
    return bottom


def _memory(parts: List[str], rows: List[Row], y: float) -> float:
    most = max([row.ours.greatest for row in rows] + [row.ceiling or 0 for row in rows]) * 1.1

    def place(size: float) -> float:
        return LEFT + size / most * (RIGHT - LEFT)

    top = y + 36
    bottom = top + _height(rows)
    caption = "peak resident memory of model-signing, MB (blue: within its target)"
    parts.append(_text((LEFT + RIGHT) / 2, y + 10, caption, "small soft", "middle"))
    step = 50e6 if most < 600e6 else 250e6
    for i in range(int(most // step) + 1):
        x = place(i * step)
        parts.append(_line(x, top, x, bottom, "one" if i == 0 else "grid"))
        parts.append(_text(x, top - 6, f"{i * step / 1e6:.0f}", "small soft", "middle"))
    for row, y in _labelled(parts, rows, top):
        limit = row.ceiling
        if row.at_most and row.theirs:
            limit = min(limit, row.at_most * row.theirs.median)
        kind = "better" if row.ours.median <= limit else "worse"
        parts.append(_bar(LEFT, place(row.ours.median), y, kind))
        parts.append(_line(place(limit), y - 3, place(limit), y + 17, "target"))
        parts.append(_text(RIGHT + 10, y + 12, human(row.ours.median), "work"))
        if row.theirs:
            against = f"{row.ratio:.2f} × {human(row.theirs.median)}"
            parts.append(_text(WIDTH - 20, y + 12, against, "small soft", "end"))
    return bottom


def _height(rows: List[Row]) -> float:
    return LINE * len(rows) + 8


def _labelled(parts: List[str], rows: List[Row], y: float):
    """Writes what was done, and yields each row with where its bar belongs."""
    before = None
    y += 8
    for row in rows:
        if row.work != before:
            if before:
                parts.append(_line(20, y - 4, WIDTH - 20, y - 4, "grid"))
            parts.append(_text(20, y + 12, row.work))
            before = row.work
        yield row, y
        y += LINE
