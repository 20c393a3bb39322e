"""Documents: one entry for one letter, by however many routes it came.

Two are one document when they share an identifier or the hash of what they hold, or when all that
one says stands in the other, of the same type and day.
"""

from collections.abc import Hashable
from hashlib import sha256

from wholerecord.fold.document_said import (
    CompositionSaid,
    DocumentSaid,
    text_of_attachment,
    text_of_section,
)
from wholerecord.fold.entry import earliest, first_of_each, first_said, made
from wholerecord.fold.imaging_said import ImagingSaid
from wholerecord.fold.measure_said import ReportSaid
from wholerecord.fold.printed_again import PRINTED_AGAIN, with_printed_again
from wholerecord.fold.record import Document, Entry, Kind
from wholerecord.fold.replaced import IN_A_CIRCLE, replaces, standing
from wholerecord.fold.shape import Attachment
from wholerecord.fold.told import Around, Group, Told, Way, address, in_order, newest_first

Written = DocumentSaid | CompositionSaid | ReportSaid | ImagingSaid

_STATUS = {
    "current": "final",
    "final": "final",
    "amended": "corrected",
    "corrected": "corrected",
    "appended": "corrected",
    "preliminary": "preliminary",
    "partial": "preliminary",
    "registered": "planned",
    "superseded": "refuted",
    "available": "final",  # of images
    "cancelled": "stopped",
}


def gather(told: list[Told[Written]], around: Around) -> list[Group[Written]]:
    """Groups that are one document."""
    groups: list[Group[Written]] = []
    by_mark: dict[Hashable, Group[Written]] = {}
    for one in in_order(told):
        marks = _marks(one)
        known = [by_mark[mark] for mark in marks if mark in by_mark]
        group = known[0] if known else None
        if group is None:
            group = Group([one], "One statement.")
            groups.append(group)
        else:
            group.add(one, "The same document: same number or content, or the images it is of.")
        for mark in marks:
            by_mark.setdefault(mark, group)
    return with_printed_again(
        groups, lambda one: _text(one.body)[0], around.policy.again_characters
    )


def _marks(one: Told[Written]) -> list[Hashable]:
    """The document's numbers, a hash of each thing it holds, and the images it is of."""
    body = one.body
    numbers = body.identifier if not isinstance(body, CompositionSaid) else (body.identifier,)
    master = body.master_identifier if isinstance(body, DocumentSaid) else None
    marks: list[Hashable] = [
        (number.system, number.value) for number in (master, *numbers) if number and number.value
    ]
    for attachment in _attachments(body):
        if attachment.data:
            marks.append(sha256(attachment.data.encode()).hexdigest())
        elif attachment.hash:
            marks.append(f"hash|{attachment.hash}")
    marks += [("version", key) for key in (one.key, *replaces(one))]
    if isinstance(body, ImagingSaid):
        marks.append(("images", one.key))
    elif isinstance(body, ReportSaid):
        marks += [("images", address(one, study.reference)) for study in body.imaging_study]
    return marks


def _type(body: Written) -> str:
    if isinstance(body, ImagingSaid):
        return "Imaging"
    return body.code.words if isinstance(body, ReportSaid) else body.type.words


def _attachments(body: Written) -> tuple[Attachment, ...]:
    if isinstance(body, DocumentSaid):
        return tuple([one.attachment for one in body.content])
    return body.presented_form if isinstance(body, ReportSaid) else ()


def make(group: Group[Written], _around: Around) -> Entry:
    """One document."""
    each = in_order(group.told)
    left, circle = standing(each)
    newest = newest_first(each)
    if len(newest) > 1:
        newest.sort(key=lambda one: (isinstance(one.body, ImagingSaid), one.key not in left))
    texts = [_text(one.body) for one in newest]
    if group.why == PRINTED_AGAIN:  # the fuller hides nothing of the other
        texts.sort(key=lambda one: len(one[0]), reverse=True)
    text = first_said([text for text, _ in texts])
    held = [attachment for one in each for attachment in _attachments(one.body)]
    return made(
        group,
        Kind.DOCUMENT,
        title=newest[0].said.words or "Unnamed document",
        code=first_of_each(each),
        when=earliest([one.said.when for one in each]) or earliest([one.at for one in each]),
        status=_STATUS.get(newest[0].said.status, "unknown"),
        conflict=IN_A_CIRCLE if circle else "",
        detail=Document(
            type=first_said([_type(one.body) for one in each]),
            author=first_said([one.said.by for one in each]),
            media=first_said([attachment.content_type for attachment in held]),
            text=text,
            unread="" if text else texts[0][1],
        ),
    )


def _text(body: Written) -> tuple[str, str]:
    """What the document says, or why not."""
    if isinstance(body, CompositionSaid):
        text = "\n\n".join(text_of_section(section) for section in body.section)
        return text, "" if text else "Its sections hold no text."
    if isinstance(body, ImagingSaid):
        return "", "No report of the images has come."
    found = [text_of_attachment(one) for one in _attachments(body)]
    conclusion = body.conclusion if isinstance(body, ReportSaid) else ""
    text = "\n\n".join([part for part in (conclusion, *[text for text, _ in found]) if part])
    return text, "" if text else first_said([why for _, why in found]) or "It has no content."


WAY: Way[Written] = Way(Kind.DOCUMENT, gather, make)
