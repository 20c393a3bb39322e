"""Open mHealth data points: a header that says what, whose and by what, and a body that measures.

Source: Open mHealth schemas, data-point 1.0, header 1.0 to 1.3 and the body schemas in `kinds`.
"""

from wholerecord.intake.devices.kinds import KINDS, PRESSURE
from wholerecord.intake.devices.measured import (
    BadReading,
    Circumstances,
    moment,
    of_body,
    pressure,
    single,
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
)
_PER = "descriptive_statistic_denominator"


def is_data_point(message: Object) -> bool:
    """Whether a JSON object is a data point."""
    return "header" in message and "body" in message


def schema_of(point: Object) -> str:
    """The name of the body's schema, as `omh:blood-pressure:4.0`."""
    schema = an_object(an_object(point.get("header")).get("schema_id"))
    parts = (text(schema.get(part)) for part in ("namespace", "name", "version"))
    return ":".join(part for part in parts if part)[:80]


def observation_of(point: Object, person: Person) -> Object | None:
    """The Observation of a data point; None for a schema that is not known.

    Raises:
        BadReading: its value or time cannot be read.
    """
    header, body = an_object(point.get("header")), an_object(point.get("body"))
    name = text(an_object(header.get("schema_id")).get("name"))
    if name == "blood-pressure":
        upper, lower = "systolic_blood_pressure", "diastolic_blood_pressure"
        return pressure(
            of_body(PRESSURE, upper, body.get(upper)),
            of_body(PRESSURE, lower, body.get(lower)),
            _circumstances(header, body, person),
        )
    kind = KINDS.get(name)
    if kind is None:
        return None
    value = of_body(kind, kind.element, body.get(kind.element))
    return single(kind, value, _circumstances(header, body, person))


def _circumstances(header: Object, body: Object, person: Person) -> Circumstances:
    start, end = _when(an_object(body.get("effective_time_frame")))
    provenance = an_object(header.get("acquisition_provenance"))
    notes = [
        f"{name.replace('_', ' ')}: {said}" for name in _NOTED if (said := text(body.get(name)))
    ]
    modality = text(provenance.get("modality")) or text(header.get("modality"))
    if modality:
        notes.append(modality)
    statistic = " per ".join(
        filter(None, (text(body.get("descriptive_statistic")), text(body.get(_PER))))
    )
    created = text(header.get("creation_date_time")) or text(
        header.get("source_creation_date_time")
    )
    return Circumstances(
        patient=person.id,
        start=start,
        end=end,
        own_id=text(header.get("id")) or text(header.get("uuid")),
        recorded=created if is_instant(created) else "",
        device=text(provenance.get("source_name")),
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
        return moment(start, element), moment(end, element) if end is not None else ""
    day = text(interval.get("date"))
    if day and PartialDate.parse(day):
        return day, ""
    raise BadReading("effective_time_frame: no start")
