"""What one statement says of a document, and the text in it.

Source: FHIR R4 DocumentReference and Composition.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from html import unescape

from wholerecord.fold.shape import (
    IN_ERROR,
    NOT_SAID,
    Attachment,
    Coded,
    Heard,
    Identifier,
    Part,
    Reference,
    Shape,
    codings,
    named,
)


class Content(Part, frozen=True):
    """`DocumentReference.content`."""

    attachment: Attachment = Attachment()


class Related(Part, frozen=True):
    """`DocumentReference.relatesTo`, `Composition.relatesTo`."""

    code: str = ""
    target: Reference | None = None
    target_reference: Reference | None = None


class DocumentSaid(Shape, frozen=True):
    """FHIR DocumentReference."""

    master_identifier: Identifier | None = None
    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    doc_status: str = ""
    type: Coded = NOT_SAID
    category: tuple[Coded, ...] = ()
    date: str = ""
    author: tuple[Reference, ...] = ()
    description: str = ""
    relates_to: tuple[Related, ...] = ()
    content: tuple[Content, ...] = ()

    def heard(self) -> Heard:
        return self.says(
            self.type,
            self.description,
            happened=self.date,
            state=self.status if self.status == IN_ERROR else self.doc_status or self.status,
            by=named(*self.author),
            tags=codings(self.category),
        )


class Narrative(Part, frozen=True):
    """`Narrative`: XHTML."""

    div: str = ""


class Section(Part, frozen=True):
    """`Composition.section`."""

    title: str = ""
    code: Coded = NOT_SAID
    text: Narrative | None = None
    section: tuple["Section", ...] = ()


class CompositionSaid(Shape, frozen=True):
    """FHIR Composition."""

    identifier: Identifier | None = None
    status: str = ""
    type: Coded = NOT_SAID
    category: tuple[Coded, ...] = ()
    date: str = ""
    author: tuple[Reference, ...] = ()
    title: str = ""
    relates_to: tuple[Related, ...] = ()
    section: tuple[Section, ...] = ()

    def heard(self) -> Heard:
        return self.says(
            self.type,
            self.title,
            happened=self.date,
            state=self.status,
            by=named(*self.author),
            tags=(*codings(self.category), *self.type.coding),
        )


_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\r\f\v\xa0]+")


def text_of_xhtml(div: str) -> str:
    """The text of a narrative, a line for each block. Tags are dropped, never interpreted."""
    bare = unescape(_TAG.sub("", _BREAK.sub("\n", div)))
    lines = (_BLANK.sub(" ", line).strip() for line in bare.split("\n"))
    return "\n".join(line for line in lines if line)


def text_of_section(section: Section, depth: int = 0) -> str:
    """A section's title and text, its own sections after it."""
    heading = section.title or section.code.words
    text = text_of_xhtml(section.text.div) if section.text else ""
    inner = [text_of_section(one, depth + 1) for one in section.section] if depth < 8 else []
    return "\n".join(part for part in (heading, text, *inner) if part)


def text_of_attachment(attachment: Attachment) -> tuple[str, str]:
    """The text in an attachment, or why it cannot be shown as text."""
    if not attachment.data:
        return "", "The document is kept at its source." if attachment.url else "It has no content."
    media = attachment.content_type.partition(";")[0].strip().lower()
    if media not in {"text/plain", "text/html", "application/xhtml+xml", "text/xml", "text/rtf"}:
        return "", f"It is {media or 'of a type not named'}: open the original."
    try:
        raw = b64decode(attachment.data, validate=True)
        text = raw.decode("utf-8")
    except (NotBase64, UnicodeDecodeError, ValueError):
        return "", "Its text cannot be read: open the original."
    if media in {"text/html", "application/xhtml+xml", "text/xml"}:
        return text_of_xhtml(text), ""
    return ("", "It is text/rtf: open the original.") if media == "text/rtf" else (text, "")
