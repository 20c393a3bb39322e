"""Open mHealth data points: a header that says what, whose and by what, and a body that measures.

Source: Open mHealth schemas, data-point 1.0, header 1.0 to 1.3 and the body schemas in `kinds`.
"""

from wholerecord.intake.devices.declared import Declared
from wholerecord.intake.devices.doses import NOT_TAKEN, TAKEN, dose_of
from wholerecord.intake.devices.kinds import ACTIVITY, ACTIVITY_PARTS, KINDS, PRESSURE
from wholerecord.intake.devices.measured import (
    BadReading,
    Circumstances,
    moment,
    of_body,
    pressure,
    single,
    worded,
)
from wholerecord.intake.devices.person import Person
from wholerecord.intake.fhir.recorded import is_instant
from wholerecord.intake.fhir.shape import Object, an_object, text
from wholerecord.nhs import PartialDate

#: Elements of a body that say something of the circumstances, shown as notes.
_NOTED = (
    "body_posture",
    "measurement_location",
    "temporal_relationship_to_meal",
    "temporal_relationship_to_physical_activity",
    "temporal_relationship_to_sleep",
    "specimen_source",
    "blood_specimen_type",
    "position_during_measurement",
    "user_notes",
    "reported_activity_intensity",
    "system",
    "measurement_method",
    "is_main_sleep",
)
#: Schemas whose bodies are not one number.
_OTHERS = frozenset({"blood-pressure", "physical-activity", "sleep-episode", TAKEN, NOT_TAKEN})
_PER = "descriptive_statistic_denominator"


def is_data_point(message: Object) -> bool:
    """Whether a JSON object is a data point."""
    return "header" in message and "body" in message


def schema_of(point: Object) -> str:
    """The name of the body's schema, as `omh:blood-pressure:4.0`."""
    schema = an_object(an_object(point.get("header")).get("schema_id"))
    parts = (text(schema.get(part)) for part in ("namespace", "name", "version"))
    return ":".join(part for part in parts if part)[:80]


def observation_of(point: Object, person: Person, said: Declared) -> Object | None:
    """The Observation of a data point, or the dose; None for a schema that is not known.

    Raises:
        BadReading: its value or time cannot be read.
    """
    header, body = an_object(point.get("header")), an_object(point.get("body"))
    name = text(an_object(header.get("schema_id")).get("name"))
    if name not in KINDS and name not in _OTHERS:
        return None
    of = _circumstances(header, body, person, said)
    if name == "blood-pressure":
        upper, lower = "systolic_blood_pressure", "diastolic_blood_pressure"
        return pressure(
            of_body(PRESSURE, upper, body.get(upper)),
            of_body(PRESSURE, lower, body.get(lower)),
            of,
        )
    if name == "physical-activity":
        return _activity(body, of)
    if name in {TAKEN, NOT_TAKEN}:
        return dose_of(name, body, of)
    if name == "sleep-episode":
        name = "total-sleep-time"
    kind = KINDS[name]
    return single(kind, of_body(kind, kind.element, body.get(kind.element)), of)


def _activity(body: Object, of: Circumstances) -> Object:
    """What somebody did, with what is measured of it: distance, energy, effort."""
    done = text(body.get("activity_name"))
    if not done:
        raise BadReading("activity_name: not said")
    parts = [
        (kind, of_body(kind, kind.element, body[kind.element]))
        for kind in ACTIVITY_PARTS
        if kind.element in body
    ]
    return worded(ACTIVITY, done, parts, of)


def _circumstances(header: Object, body: Object, person: Person, said: Declared) -> Circumstances:
    start, end = _when(an_object(body.get("effective_time_frame")))
    provenance = an_object(header.get("acquisition_provenance"))
    notes = [
        f"{name.replace('_', ' ')}: {noted}" for name in _NOTED if (noted := text(body.get(name)))
    ]
    modality = text(provenance.get("modality")) or text(header.get("modality"))
    if modality:
        notes.append(modality)
    statistic = " per ".join(
        filter(None, (text(body.get("descriptive_statistic")), text(body.get(_PER))))
    )
    device = text(provenance.get("source_name"))
    created = text(header.get("creation_date_time")) or text(
        header.get("source_creation_date_time")
    )
    return Circumstances(
        patient=person.id,
        start=start,
        end=end,
        own_id=text(header.get("id")) or text(header.get("uuid")),
        recorded=created if is_instant(created) else "",
        device=device,
        validated=said.is_validated(device),
        said_of_value=statistic,
        notes=tuple(notes),
    )


def _when(frame: Object) -> tuple[str, str]:
    """(start, end) of a time frame; the end is "" for a moment or where only a length is said."""
    if "date_time" in frame:
        return moment(frame["date_time"], "effective_time_frame.date_time"), ""
    interval = an_object(frame.get("time_interval"))
    start, end = interval.get("start_date_time"), interval.get("end_date_time")
    if start is not None:
        element = "effective_time_frame.time_interval"
        begun = moment(start, element)
        return begun, moment(end, element) if end is not None else ""
    if end is not None:  # a length before an end: the end is what is known
        return moment(end, "effective_time_frame.time_interval"), ""
    day = text(interval.get("date"))
    if day and PartialDate.parse(day):
        return day, ""
    raise BadReading("effective_time_frame: no start")
