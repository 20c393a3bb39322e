"""What a section says to people: a table of lines, each with who said it. Always the same words.

Source: FHIR R4, Narrative: XHTML with no script, no style and nothing from elsewhere.
"""

import re
from collections.abc import Sequence
from html import escape

from wholerecord.care.sheet import Line
from wholerecord.fhir.record.said_by import Json

#: Characters that XML 1.0 cannot say.
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = "<tr><th>What</th><th>When</th><th>Said by</th></tr>"


def narrative(lines: Sequence[Line], notes: Sequence[str]) -> Json:
    """The lines as a table, the notes as paragraphs below it."""
    rows = "".join(map(_row, lines))
    table = f"<table><thead>{_HEAD}</thead><tbody>{rows}</tbody></table>" if rows else ""
    said = "".join(f"<p>{_text(note)}</p>" for note in notes)
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{table}{said}</div>',
    }


def _row(line: Line) -> str:
    marked = (line.mark, line.doubt and f"Sources disagree: {line.doubt}")
    what = "; ".join(part for part in (line.text, *line.says, *marked) if part)
    who = "<br/>".join(_text(str(said)) for said in line.said_by)
    return f"<tr><td>{_text(what)}</td><td>{_text(line.when)}</td><td>{who}</td></tr>"


def _text(text: str) -> str:
    return escape(_UNSAYABLE.sub("\ufffd", text))
