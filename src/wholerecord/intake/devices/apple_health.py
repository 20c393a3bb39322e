"""Apple Health's `export.xml`, whole or a part that `cut_health` cut: `read(kept)`. Pure.

Source: the document type that the export itself carries. Readings are said one by one, except what
counts up over a day and what is measured more than `by_day.MANY` times a day: those are said once a
day. The document type is passed over and never parsed, so nothing in it can be expanded.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from wholerecord.intake.devices.apple_record import (
    BadRecord,
    Record,
    observations,
    record_of,
    sleep_of,
    workout_of,
)
from wholerecord.intake.devices.apple_types import CATEGORY, QUANTITY, SLEEP
from wholerecord.intake.devices.declared import Declared, declared
from wholerecord.intake.devices.person import Person
from wholerecord.intake.fhir.gather import Gathered
from wholerecord.intake.fhir.shape import Object
from wholerecord.intake.markup import Element, parse
from wholerecord.intake.reading import Fault, Kept, Reading, Reason, Unreadable
from wholerecord.record import Saying, canonical

#: The document type, which lies in the first part. Each byte is looked at once.
_DOCTYPE = re.compile(
    rb"""<!DOCTYPE\s+HealthData\s*(?:\[(?:<!--(?:[^-]|-(?!->))*+-->|"[^"]*+"|'[^']*+'"""
    rb"""|(?!<!--)[^\]"'])*+\]\s*)?>"""
)
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>)?\s*")
#: The name of a part that is not the first.
_GOES_ON = re.compile(r" elements (?!1-)\d+-\d+$")
_FAR = 256 * 1024
_PART = re.compile(
    rb"\s{0,64}(?:</HealthData>|<(?:ClinicalRecord|Audiogram|VisionPrescription)\s"
    rb"""|<(?:Record|Correlation)\stype="HK|<Workout\sworkoutActivityType="HK"""
    rb"|<ActivitySummary\sdateComponents=)"
)
_WHOLE = re.compile(rb"<!DOCTYPE\s{1,64}HealthData\b|<HealthData\b")
_SEXES = {
    "HKBiologicalSexMale": "male",
    "HKBiologicalSexFemale": "female",
    "HKBiologicalSexOther": "other",
}
_BORN = "HKCharacteristicTypeIdentifierDateOfBirth"
_SEX = "HKCharacteristicTypeIdentifierBiologicalSex"


def is_apple_health(start: bytes) -> bool:
    """Whether XML that begins so is an export, or a part of one."""
    head = _HEAD.match(start)
    at = head.end() if head else 0
    return bool(_WHOLE.match(start, at) or _PART.match(start, at))


def read(kept: Kept) -> Reading | Unreadable:
    """What an export, or a part of one, says of the person its name is of."""
    said = declared(kept.columns)
    person = said.person_named(kept.name)
    if person is None:
        detail = "name the export by a number that the source's `people` declares"
        return Unreadable(fault=Fault(reason=Reason.NO_PATIENT, detail=detail))
    root = _root(kept.body)
    if isinstance(root, Fault):
        return Unreadable(fault=root)
    goes_on = _GOES_ON.search(kept.name) is not None
    return _Export(kept.source, person, said, goes_on=goes_on).reading(root)


def _root(body: bytes) -> Element | Fault:
    head = _HEAD.match(body)
    start = head.end() if head else 0
    if body.startswith(b"<!DOCTYPE", start):
        found = _DOCTYPE.match(body, start, start + _FAR)
        if found is None:
            return Fault(reason=Reason.BAD_XML, detail="its document type does not end")
        start = found.end()
    content = body[start:].strip()
    if not content.startswith(b"<HealthData"):
        content = b"<HealthData>" + content
    if not content.endswith(b"</HealthData>"):
        content += b"</HealthData>"
    return parse(content)


class _Export:
    """What the elements of one part say, being gathered."""

    def __init__(self, source: str, person: Person, said: Declared, *, goes_on: bool) -> None:
        self._gathered = Gathered(source)
        self._person = person
        self._declared = said
        self._goes_on = goes_on  # the part that begins the export says who it is about
        self._records: dict[tuple[str, ...], list[Record]] = defaultdict(list)
        self._faults: Counter[tuple[Reason, str]] = Counter()
        self._places: dict[tuple[Reason, str], str] = {}

    def reading(self, root: Element) -> Reading:
        """Everything the part says."""
        who = None if self._goes_on else self._person.resource
        for element in root:
            if element.tag == "Me":
                who = self._person.resource or self._nobody()
                who = {**who, **_me(element, who)}
        if who is not None:
            self._say(who, "Me")
        for n, element in enumerate(root, start=1):
            self._take(element, f"{element.tag}[{n}]")
        for records in self._records.values():
            for place, made in observations(records, self._person.id, self._declared):
                self._say(made, place)
        self._gathered.faults.extend(self._counted())
        return self._gathered.reading()

    def _nobody(self) -> Object:
        return {"resourceType": "Patient", "id": self._person.id}

    def _take(self, element: Element, place: str) -> None:
        try:
            match element.tag:
                case "Record":
                    self._record(element, place)
                case "Correlation":  # its records, which stand on their own beside it too
                    for one in element.iterchildren("Record"):
                        self._record(one, place)
                case "Workout":
                    self._say(workout_of(element, self._person.id, self._declared), place)
                case "Me" | "ExportDate":
                    pass  # who, and when it was made
                case _:
                    self._fault(Reason.NOT_READ_YET, element.tag[:60], place)
        except BadRecord as error:
            self._fault(Reason.BAD_VALUE, str(error), place)

    def _record(self, element: Element, place: str) -> None:
        kind = element.get("type", "")
        if kind in self._declared.ignore:
            return
        if kind.startswith(QUANTITY):
            record = record_of(element, place)
        elif kind == SLEEP:
            record = sleep_of(element, place)
        else:
            what = "category" if kind.startswith(CATEGORY) else "record"
            self._fault(Reason.NOT_READ_YET, f"{what} {kind.removeprefix(CATEGORY)[:60]}", place)
            return
        if record is not None:
            self._records[record.series].append(record)

    def _say(self, resource: Object, place: str) -> None:
        saying = Saying(kind=resource["resourceType"], body=canonical(resource), place=place)
        self._gathered.said(self._person.number, saying)

    def _fault(self, reason: Reason, detail: str, place: str) -> None:
        self._faults[reason, detail] += 1
        self._places.setdefault((reason, detail), place)

    def _counted(self) -> Iterator[Fault]:
        """One fault for each thing wrong, however often: a type that is new comes in thousands."""
        for (reason, detail), n in self._faults.items():
            words = f"{detail}, {n} of them" if n > 1 else detail
            yield Fault(reason=reason, place=self._places[reason, detail], detail=words)


def _me(element: Element, known: Object) -> dict[str, Any]:
    """What the export says of the person, where the source declares nothing else."""
    born = element.get(_BORN, "")
    said: Object = {
        "gender": _SEXES.get(element.get(_SEX, ""), ""),
        "birthDate": born if re.fullmatch(r"\d{4}-\d\d-\d\d", born) else "",
    }
    return {name: value for name, value in said.items() if value and name not in known}
