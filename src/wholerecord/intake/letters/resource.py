"""A letter as a DocumentReference, and whom it is about as a Patient."""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any

from wholerecord.intake.fhir.ids import id_from
from wholerecord.intake.letters.sidecar import About, SideCar
from wholerecord.intake.letters.text import Text
from wholerecord.intake.software import BY_SOFTWARE
from wholerecord.nhs import PartialDate
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

Json = dict[str, Any]


def letter_of(
    told: SideCar, body: bytes, text: Text, *, id: str, subject: str, received: datetime
) -> Json:
    """The letter with the text in it; a picture says in words that it is not read.

    Dated by whoever sent it, else by the file itself where that is not after the receipt.
    """
    day = told.date or (text.made if _is_past(text.made, received) else "")
    title = told.title or told.type or "Letter"
    resource: Json = {
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "type": {"text": told.type or "Letter"},
        "subject": {"reference": f"Patient/{subject}"},
        "date": day,
        "author": [{"display": told.author}] if told.author else [],
        "description": title,
        "content": attachments(body, title, text),
    }
    if told.made_by == "software":
        resource["meta"] = {"security": [BY_SOFTWARE]}
    return {key: value for key, value in resource.items() if value}


def attachments(body: bytes, title: str, text: Text) -> list[Json]:
    """A document as it came, with its hash, then the text in it as an attachment of its own."""
    whole: Json = {
        "contentType": text.media,
        "data": b64encode(body).decode(),
        "hash": b64encode(sha1(body, usedforsecurity=False).digest()).decode(),  # as FHIR has it
        "size": len(body),
        "title": title if not text.unread else f"{title}. {text.unread}",
    }
    found: list[Json] = [{"attachment": whole}]
    if text.words and text.media != "text/plain":
        found.append(text_attachment(text.words, f"Text read from {title}"))
    return found


def text_attachment(words: str, title: str) -> Json:
    """Plain text as an attachment: never HTML, whatever it looks like."""
    data = b64encode(words.encode("utf-8", "replace")).decode()
    return {"attachment": {"contentType": "text/plain", "data": data, "title": title}}


def patient_of(about: About, number: str) -> Json | None:
    """Who a letter is said to be about; None where only the source's own number is said.

    Its id is not the one the source's other messages use: a letter's few words about somebody
    must not stand in for what those say.
    """
    if not (about.nhs_number or about.family or about.born):
        return None
    names = {"family": about.family, "given": about.given.split()}
    numbers: list[Json] = [{"value": about.number}] if about.number else []
    if about.nhs_number:
        digits = about.nhs_number.replace(" ", "").replace("-", "")
        numbers.append({"system": NHS_NUMBER_SYSTEM, "value": digits})
    name = {part: said for part, said in names.items() if said}
    said: Json = {
        "resourceType": "Patient",
        "id": id_from(f"letter.{number}"),
        "identifier": numbers,
        "name": [{"use": "official", **name}] if name else [],
        "birthDate": about.born[:10],
        "gender": about.sex if about.sex in {"male", "female", "other", "unknown"} else "",
        "address": [{"postalCode": about.postcode}] if about.postcode else [],
    }
    return {key: value for key, value in said.items() if value}


def _is_past(day: str, received: datetime) -> bool:
    said = PartialDate.parse(day)
    return said is not None and said.start <= received.astimezone(UTC)
