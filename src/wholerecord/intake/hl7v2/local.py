"""Fields of Z segments that their source has declared, as Observations and Flags."""

from wholerecord.intake.hl7v2.datatypes import Json
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.site import Site, ZField
from wholerecord.intake.hl7v2.telling import Telling

_CATEGORY = {"text": "local"}


def say_local(telling: Telling, segment: Segment, site: Site) -> None:
    """File what each declared field of a Z segment says; an empty field says nothing."""
    for field, component, meant in site.z_fields.get(segment.name, ()):
        words = segment.text(field, component)
        if words:
            _say(telling, segment, f"{segment.name}-{field}.{component}", meant, words)


def _say(telling: Telling, segment: Segment, known_by: str, meant: ZField, words: str) -> None:
    code: Json = {"text": meant.title}
    if meant.code:
        coding = {"code": meant.code, "display": meant.title}
        code["coding"] = [coding | ({"system": meant.system} if meant.system else {})]
    if meant.shape == "flag":
        body: Json = {"status": "active", "code": code}
    else:
        body = {
            "status": "final",
            "code": code,
            "valueString": words,
            "effectiveDateTime": telling.moment_of_event,
            "encounter": telling.encounter,
        }
    kind = meant.shape.capitalize()
    telling.say(
        kind,
        telling.unlike(kind, *telling.number, known_by),
        segment.place,
        {"subject": telling.subject, "category": [_CATEGORY], **body},
    )
