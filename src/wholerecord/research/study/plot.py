"""A picture of a released table: bars, from its own numbers and from nothing else.

What is not shown in the table has no bar, and says so where its bar would be.
"""

from html import escape

from wholerecord.research.disclose import say
from wholerecord.research.study.protect import Shown

#: Pixels: the column of names, that of bars, a row, and what stands above the first.
_NAMES, _BARS, _ROW, _HEAD = 300, 380, 24, 48
_ROWS = 400


def plot_of(table: Shown) -> str:
    """The table as SVG: a bar for each row, in their order; of a long table the first 400."""
    rows = table.rows[:_ROWS]
    most = max((number for _, number in rows if number is not None), default=0)
    height, width = _HEAD + _ROW * len(rows) + 8, _NAMES + _BARS + 90
    title = escape(f"{table.name}: people by {', '.join(table.names) or 'nothing'}")
    box = f'viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="14"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}><title>{title}</title>',
        f'<text x="8" y="24" font-weight="bold">{title}</text>',
    ]
    for n, (key, number) in enumerate(rows):
        y = _HEAD + n * _ROW
        name = escape(", ".join(key) or "all")
        lines.append(f'<text x="{_NAMES - 8}" y="{y + 15}" text-anchor="end">{name}</text>')
        long = 0.0 if number is None or not most else round(_BARS * number / most, 1)
        if long:
            size = f'width="{long}" height="{_ROW - 8}"'
            lines.append(f'<rect x="{_NAMES}" y="{y + 3}" {size} fill="#005eb8"/>')
        said = escape("7 or fewer" if number is None else say(number))
        lines.append(f'<text x="{_NAMES + long + 6}" y="{y + 15}">{said}</text>')
    return "\n".join((*lines, "</svg>", ""))
