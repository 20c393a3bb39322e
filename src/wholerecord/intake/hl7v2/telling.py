"""What the segments of one message have in common: who, when, which visit, and what went wrong."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from msgspec import Raw

from wholerecord.intake.hl7v2.moments import moment
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.reading import Fault, Reason
from wholerecord.record import PatientKey, Saying, canonical

_READABLE = re.compile(r"[A-Za-z0-9.-]+")


def fhir_id(*parts: str) -> str:
    """A FHIR id that is the same for the same parts and no others. At most 64 characters.

    Readable where FHIR's alphabet allows it, else a SHA-256 in hexadecimal.

    >>> fhir_id("RXX", "12345"), len(fhir_id("RXX", "1/2"))
    ('RXX.12345', 64)
    """
    plain = ".".join(parts)
    dots = len(parts) - 1
    if len(plain) <= 63 and plain.count(".") == dots and _READABLE.fullmatch(plain):
        return plain
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Telling:
    """One patient's part of a message while it is read: collects sayings and faults.

    `number` are the parts of the patient's number; `visit` those of the visit, empty without one.
    `meta` is what every resource's `meta` says. `prefer` are the authorities the source files by.
    """

    def __init__(
        self,
        *,
        about: PatientKey,
        number: tuple[str, str],
        event: str,
        control: str,
        meta: Any,
        prefer: Sequence[str] = (),
    ) -> None:
        self.about = about
        self.number = number
        self.event = event
        self.control = control
        self.meta = meta
        self._every = Raw(canonical(meta))  # every resource has it: written once
        self.prefer = prefer
        #: A Reference to the patient, written once too.
        self.subject = Raw(canonical({"reference": f"Patient/{fhir_id(*number)}"}))
        self._visit: tuple[str, ...] = ()
        #: A Reference to the visit, empty without one.
        self.encounter = Raw()
        self.when = ""  # the moment of the event itself (EVN-6, EVN-2 or MSH-7), as HL7 wrote it
        self.sayings: list[Saying] = []
        self.faults: list[Fault] = []
        self._said: set[Fault] = set()
        self._ids: dict[tuple[str, tuple[str, ...]], int] = {}

    @property
    def visit(self) -> tuple[str, ...]:
        """What identifies the visit; empty for none."""
        return self._visit

    @visit.setter
    def visit(self, visit: tuple[str, ...]) -> None:
        self._visit = visit
        self.encounter = (
            Raw(canonical({"reference": f"Encounter/{fhir_id(*visit)}"})) if visit else Raw()
        )

    @property
    def moment_of_event(self) -> str:
        """When the event was, as FHIR writes it; "" when not said."""
        return moment(self.when)

    def say(self, kind: str, id: str, place: str, said: dict[str, Any]) -> None:
        """File one resource under the patient; empty parts are left out."""
        body: dict[str, Any] = {
            key: value for key, value in said.items() if value or value is False
        }
        if "meta" in body:
            body["meta"] = {**self.meta, **body["meta"]}
        self.say_all(kind, id, place, body)

    def say_all(self, kind: str, id: str, place: str, body: dict[str, Any]) -> None:
        """The same of a `body` in which nothing is empty."""
        body["resourceType"], body["id"] = kind, id
        if self.meta and "meta" not in body:
            body["meta"] = self._every
        self.sayings.append(Saying(kind=kind, body=canonical(body), place=place))

    def unlike(self, kind: str, *parts: str) -> str:
        """An id from `parts`; the second of the same parts in this message has a `2` after it."""
        n = self._ids[kind, parts] = self._ids.get((kind, parts), 0) + 1
        return fhir_id(*parts, "" if n == 1 else str(n))

    def moment(self, segment: Segment, field: int) -> str:
        """A time field as FHIR writes it; "" when not said, and a fault when it is no time."""
        text = segment.text(field)
        said = moment(text) if text else ""
        if text and not said:
            self.fault(Reason.BAD_VALUE, f"{segment.place}-{field}", "not a date or time")
        return said

    def fault(self, reason: Reason, place: str, detail: str = "") -> None:
        """A part that could not be read; said once however often it is met."""
        fault = Fault(reason=reason, place=place, detail=detail, about=self.about)
        if fault not in self._said:
            self._said.add(fault)
            self.faults.append(fault)
