"""The text of a PDF, page by page, as far as it can be read."""

import logging
import re
import struct
import zlib
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from wholerecord.intake.hl7v2.moments import moment
from wholerecord.intake.letters.room import Answer

logging.getLogger("pypdf").setLevel(logging.CRITICAL)

#: Pages and characters of one letter: the longest that people wrote are shorter.
MOST_PAGES, MOST_CHARACTERS = 500, 1_000_000
#: What a damaged PDF makes its reader raise.
_DAMAGED = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_DATE = re.compile(r"D:(\d{4,14})(?:([+-])(\d\d)'?(\d\d)?)?", re.ASCII)


def read(body: bytes) -> Answer:
    """The text of every page that can be read; a page that cannot is named."""
    try:
        reader = PdfReader(BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return Answer(unread="It is a PDF that is locked with a password.")
        pages = len(reader.pages)
    except _DAMAGED:
        return Answer(unread="It is a PDF that cannot be read.")
    words, lost = _pages(reader, min(pages, MOST_PAGES))
    if pages > MOST_PAGES:
        words += f"\n\n[Pages {MOST_PAGES + 1} to {pages} are not read.]"
    elif lost:
        words += f"\n\n[{lost} of {pages} pages could not be read.]"
    if not words.strip() or (lost == pages and pages):
        return Answer(unread="It is a PDF of pictures: its words are not read.", made=_made(reader))
    return Answer(words=words[:MOST_CHARACTERS], made=_made(reader))


def _pages(reader: PdfReader, pages: int) -> tuple[str, int]:
    """The text of the first `pages`, and how many of them could not be read."""
    told: list[str] = []
    length = lost = 0
    for n in range(pages):
        try:
            text = reader.pages[n].extract_text()
        except _DAMAGED:
            lost += 1
            continue
        text = text.encode("utf-8", "replace").decode().strip()
        length += len(text)
        if text:
            told.append(text)
        if length > MOST_CHARACTERS:
            break
    return "\n\n".join(told), lost


def _made(reader: PdfReader) -> str:
    """When the file says it was made, as a FHIR dateTime (ISO 32000-1, 7.9.4)."""
    try:
        about = reader.metadata
        said = str(about.get("/CreationDate", "")) if about is not None else ""
    except _DAMAGED:
        return ""
    match = _DATE.match(said)
    if match is None:
        return ""
    zone = f"{match[2]}{match[3]}{match[4] or '00'}" if match[2] else ""
    return moment(match[1] + zone)
