"""A sheet as plain text: nothing but words, for any program and any reader."""

from collections.abc import Iterator

from wholerecord.care.sheet import Line, Section, Sheet

BANNER = "Demonstration: invented people. Not for the care of real people."


def text(sheet: Sheet) -> str:
    """The sheet in lines of any length, UTF-8, each line of the record with who said it."""
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield from (BANNER, "", sheet.title, "=" * len(sheet.title), "")
    yield from (f"{label}: {said}" for label, said in sheet.who)
    yield f"Sources: {', '.join(sheet.sources) or 'none has answered'}"
    yield from sheet.notes
    for section in sheet.sections:
        yield from ("", section.title, "-" * len(section.title))
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    for line in (*section.lines, *section.denials):
        yield f"* {in_words(line)}"
        yield from (f"    said by {said}" for said in line.said_by)
    if section.empty:
        yield section.empty
    if section.more:
        yield f"{section.more:,} more in the full record."


def in_words(line: Line) -> str:
    """A line without who said it."""
    doubt = f"sources disagree: {line.doubt}" if line.doubt else ""
    parts = (line.text, line.mark, doubt, *line.says, line.when)
    return "; ".join(part for part in parts if part)
