"""A sheet as a table of comma-separated values, a line of the record a row.

Source: RFC 4180; OWASP, "CSV Injection": a cell that a spreadsheet would take for a formula is
begun with an apostrophe, because the words are other people's.
"""

import csv
from io import StringIO

from wholerecord.care.sheet import Section, Sheet

_COLUMNS = ("Heading", "What", "Mark", "Details", "When", "Sources disagree", "Said by")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def table(sheet: Sheet) -> str:
    """Rows under a row of names; whoever denies that there is any has a row too."""
    written = StringIO()
    rows = csv.writer(written)
    rows.writerow(_COLUMNS)
    for section in sheet.sections:
        rows.writerows(_rows(section))
    return written.getvalue()


def _rows(section: Section) -> list[list[str]]:
    found = [
        [
            section.title,
            line.text,
            line.mark,
            "; ".join(line.says),
            line.when,
            line.doubt,
            "; ".join(map(str, line.said_by)),
        ]
        for line in (*section.lines, *section.denials)
    ]
    if section.empty:
        found.append([section.title, section.empty, *[""] * 5])
    return [[safe(cell) for cell in row] for row in found]


def safe(cell: str) -> str:
    """The cell, so that no spreadsheet computes it.

    >>> safe("=1+1"), safe("4.50"), safe(" @x")
    ("'=1+1", '4.50', "' @x")
    """
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA) else cell
