"""The text of a DOCX letter: its paragraphs, with headers before and notes after.

Source: ECMA-376 (Office Open XML), WordprocessingML. The archive says how large its parts are and
need not tell the truth, so what is read of each is bounded.
"""

import re
import zipfile
import zlib
from io import BytesIO

from wholerecord.intake.letters.room import Answer
from wholerecord.intake.markup import Element, local, parse
from wholerecord.nhs import PartialDate

_PART = re.compile(r"word/(?:header|footer|footnotes|endnotes)\d*\.xml")
_BODY, _CORE = "word/document.xml", "docProps/core.xml"
#: Bytes of one part and of all, unpacked; parts of one letter; characters.
_LARGEST, _ALL, _PARTS, _MOST = 32 * 1024 * 1024, 64 * 1024 * 1024, 32, 1_000_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError)
_BROKEN = Answer(unread="It is a Word document that cannot be read.")
_SPACE = {"tab": "\t", "br": "\n", "cr": "\n", "p": "\n", "tr": "\n", "tc": "\t"}


def read(body: bytes) -> Answer:
    """Its text, or why not."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = archive.namelist()
            around = sorted(name for name in names if _PART.fullmatch(name))[:_PARTS]
            heads = [name for name in around if "header" in name]
            parts = [*heads, _BODY, *(name for name in around if name not in heads)]
            texts = _texts(archive, parts)
            made = _made(archive) if _CORE in names else ""
    except (*_DAMAGED, KeyError, ValueError):
        return _BROKEN
    if texts is None:
        return _BROKEN
    words = "\n\n".join(text for text in texts if text)[:_MOST]
    return Answer(
        words=words, unread="" if words else "It is a Word document without words.", made=made
    )


def _texts(archive: zipfile.ZipFile, names: list[str]) -> list[str] | None:
    """The text of each part; None where one is too large, or is not XML that can be read."""
    left = _ALL
    texts: list[str] = []
    for name in names:
        root = _part(archive, name, min(_LARGEST, left))
        if root is None:
            return None
        left -= archive.getinfo(name).file_size
        texts.append(_text(root))
    return texts


def _part(archive: zipfile.ZipFile, name: str, most: int) -> Element | None:
    with archive.open(name) as packed:
        body = packed.read(max(0, most) + 1)
    if len(body) > most:
        return None
    root = parse(body)
    return root if isinstance(root, Element) else None


def _text(root: Element) -> str:
    """The words of every run, a line for each paragraph."""
    parts: list[str] = []
    for each in root.iter("{*}t", "{*}tab", "{*}br", "{*}cr", "{*}p", "{*}tr", "{*}tc"):
        name = local(each)
        parts.append((each.text or "") if name == "t" else _SPACE[name])
    lines = ("".join(parts)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _made(archive: zipfile.ZipFile) -> str:
    """When it says it was made (Dublin Core `created`), as a FHIR dateTime."""
    root = _part(archive, _CORE, 1024 * 1024)
    created = next(root.iter("{*}created"), None) if root is not None else None
    said = (created.text or "").strip() if created is not None else ""
    return said if PartialDate.parse(said) else ""
