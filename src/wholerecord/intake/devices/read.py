"""Readings from home: `read(kept) -> Reading | Unreadable`. Pure; never raises."""

from collections.abc import Sequence

from wholerecord.intake.devices import openmhealth, simple
from wholerecord.intake.devices.declared import Declared, declared
from wholerecord.intake.devices.measured import BadReading
from wholerecord.intake.devices.person import Person, person_of
from wholerecord.intake.devices.series import Found, by_day
from wholerecord.intake.fhir.gather import Gathered
from wholerecord.intake.fhir.ids import id_by_content, id_from
from wholerecord.intake.fhir.shape import Object, an_object, is_array, is_object, text
from wholerecord.intake.reading import Fault, Kept, Reading, Reason, Unreadable
from wholerecord.record import NotJson, Saying, canonical, read_json

_BOM = b"\xef\xbb\xbf"


def read(kept: Kept) -> Reading | Unreadable:
    """What a home device's message says: readings of one person, or data points of several."""
    body = kept.body.removeprefix(_BOM)
    if not body.strip():
        return Unreadable(fault=Fault(reason=Reason.EMPTY))
    said = declared(kept.columns)
    try:
        message = read_json(body)
    except NotJson as error:
        return _lines(kept.source, body, error, said)
    if is_object(message) and simple.is_simple(message):
        return _simple(kept.source, message, said)
    if is_object(message) and openmhealth.is_data_point(message):
        return _points(kept.source, [("data point", message)], [], said)
    if is_array(message) and any(openmhealth.is_data_point(an_object(one)) for one in message):
        points = [(f"[{n}]", an_object(one)) for n, one in enumerate(message)]
        return _points(kept.source, points, [], said)
    detail = "JSON that is neither readings nor Open mHealth data points"
    return Unreadable(fault=Fault(reason=Reason.NOT_RECOGNISED, detail=detail))


def _simple(source: str, message: Object, said: Declared) -> Reading | Unreadable:
    person = person_of(an_object(message.get("person")))
    if person is None:
        detail = "`person` needs an `id` or a valid `nhs_number`"
        return Unreadable(fault=Fault(reason=Reason.NO_PATIENT, place="person", detail=detail))
    gathered = Gathered(source)
    _say(gathered, person, person.resource, "person")
    device = simple.device_of(message)
    if device:
        serial = text(device.get("serialNumber"))
        own = id_from(f"device-{serial}") if serial else id_by_content(device)
        owned = {**device, "id": own, "patient": {"reference": f"Patient/{person.id}"}}
        _say(gathered, person, owned, "device")
    made: list[Found] = []
    for found in simple.readings_of(message, person, said):
        if isinstance(found, Fault):
            gathered.faults.append(found)
        else:
            made.append((found[0], person, found[1]))
    for place, _, observation in by_day(made):
        _say(gathered, person, observation, place)
    return gathered.reading()


def _points(
    source: str, points: Sequence[tuple[str, Object]], faults: Sequence[Fault], said: Declared
) -> Reading | Unreadable:
    gathered = Gathered(source)
    gathered.faults.extend(faults)
    made: list[Found] = []
    for place, point in points:
        found = _point(point, place, said)
        if isinstance(found, Fault):
            gathered.faults.append(found)
        else:
            made.append((place, *found))
    for place, person, observation in by_day(made):
        _say(gathered, person, observation, place)
    if not made and len(gathered.faults) == 1:
        return Unreadable(fault=gathered.faults[0])
    return gathered.reading()


def _point(point: Object, place: str, said: Declared) -> tuple[Person, Object] | Fault:
    if not openmhealth.is_data_point(point):
        return Fault(reason=Reason.NOT_RECOGNISED, place=place, detail="not a data point")
    person = person_of({"id": an_object(point.get("header")).get("user_id")})
    if person is None:
        return Fault(reason=Reason.NO_PATIENT, place=place, detail="header.user_id")
    try:
        made = openmhealth.observation_of(point, person, said)
    except BadReading as error:
        return Fault(reason=Reason.BAD_VALUE, place=place, detail=f"body.{error}")
    if made is None:
        detail = openmhealth.schema_of(point) or "no schema is named"
        return Fault(reason=Reason.NOT_READ_YET, place=place, detail=detail)
    return person, made


def _lines(source: str, body: bytes, error: NotJson, said: Declared) -> Reading | Unreadable:
    """Data points one on each line; anything else that is not JSON is not read."""
    lines = [(n, line) for n, line in enumerate(body.split(b"\n"), start=1) if line.strip()]
    if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for _, line in lines):
        return Unreadable(fault=Fault(reason=Reason.NOT_JSON, place=error.place))
    points: list[tuple[str, Object]] = []
    faults: list[Fault] = []
    for n, line in lines:
        try:
            points.append((f"line {n}", an_object(read_json(line))))
        except NotJson:
            faults.append(Fault(reason=Reason.NOT_JSON, place=f"line {n}"))
    return _points(source, points, faults, said)


def _say(gathered: Gathered, person: Person, resource: Object | None, place: str) -> None:
    if resource is not None:
        saying = Saying(kind=resource["resourceType"], body=canonical(resource), place=place)
        gathered.said(person.number, saying)
