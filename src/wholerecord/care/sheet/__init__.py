"""A record as a document: under the headings of a record standard, every line with who said it."""

from wholerecord.care.sheet.headings import HEADINGS, Heading, heading_of
from wholerecord.care.sheet.line import Line, SaidBy, line_of, negative_line
from wholerecord.care.sheet.sheet import Section, Sheet, full_sheet, one_page

__all__ = [
    "HEADINGS",
    "Heading",
    "Line",
    "SaidBy",
    "Section",
    "Sheet",
    "full_sheet",
    "heading_of",
    "line_of",
    "negative_line",
    "one_page",
]
