"""Sheets made into PDF, in another process that is bounded in time and memory."""

import asyncio
import os
import sys
from pathlib import Path

import msgspec

from wholerecord.care.sheet import Line, Sheet
from wholerecord.errors import Category, Unavailable, WholerecordError
from wholerecord.portal.paper.letters import printable
from wholerecord.portal.paper.typesetting import MOST_SECONDS

#: PDFs made at once. Each takes a core.
_MOST = 2
#: Two threads and two pools of memory, so that the bound holds on a machine with many cores.
_FEW = {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
_HERE = Path(__file__).with_name("typesetting.py")
_making: list[object] = []


class PressBusy(WholerecordError):
    """Others are printing: try again in a minute."""

    category = Category.BUSY


class NotPrinted(Unavailable):
    """The PDF could not be made. The page can be printed, and the text saved, instead."""


async def pdf(sheet: Sheet, *, large: bool) -> bytes:
    """The sheet as an accessible PDF (PDF/UA-1); `large` is for reading, else it fits a page.

    Raises:
        PressBusy: as many are being made as may be.
        NotPrinted: it took too long, or too much memory, or cannot be set at all.
    """
    if len(_making) >= _MOST:
        raise PressBusy
    turn = object()
    _making.append(turn)
    try:
        made = await _made(msgspec.json.encode(_values(sheet, large=large)))
    finally:
        _making.remove(turn)
    if not made.startswith(b"%PDF"):
        raise NotPrinted
    return made


async def _made(body: bytes) -> bytes:
    """What the other process makes of it; nothing, when it could not."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(_HERE)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # it may quote what it was given
        env={**os.environ, **_FEW},
    )
    try:
        made, _ = await asyncio.wait_for(process.communicate(body), MOST_SECONDS + 5)
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return made if process.returncode == 0 else b""


def _values(sheet: Sheet, *, large: bool) -> dict[str, object]:
    """What the template asks for: every text in letters that it can show."""
    return {
        "large": large,
        "title": printable(sheet.title),
        "name": printable(sheet.name),
        "made": f"{sheet.made:%Y-%m-%d %H:%M} UTC",
        "who": [(printable(label), printable(said)) for label, said in sheet.who],
        "sources": [printable(source) for source in sheet.sources],
        "notes": [printable(note) for note in sheet.notes],
        "sections": [
            {
                "title": section.title,
                "lines": [_line(line) for line in section.lines],
                "denials": [_line(line) for line in section.denials],
                "empty": printable(section.empty),
                "more": section.more,
            }
            for section in sheet.sections
        ],
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "text": printable(line.text),
        "says": [printable(said) for said in line.says],
        "when": printable(line.when),
        "mark": printable(line.mark),
        "doubt": printable(line.doubt),
        "said": [printable(str(said)) for said in line.said_by],
    }
