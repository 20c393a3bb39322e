"""What an OBX says alike of every such value: all but the value itself and its times.

Source: v2-to-FHIR segment map OBX[Observation]. A laboratory sends the same test with the same
unit, range and method all day, so what that means is worked out once and remembered.
"""

from dataclasses import dataclass
from functools import lru_cache

from msgspec import Raw

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import REMEMBERED, Json, Said, concept, staff
from wholerecord.intake.hl7v2.escapes import STANDARD
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.value import range_of, unit_of
from wholerecord.record import canonical

_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
#: The fields of an OBX that are another's in the next message: set id, value, and its times.
_PASSING = (1, 5, 14, 19)
#: Characters of an OBX without those of which it is remembered what it means.
_SHORT_LINE = 400
_INTERPRETATIONS: dict[str, Said] = {
    code: {"coding": [{"system": _INTERPRETATION, "code": code}]} for code in tables.INTERPRETATION
}
_DOCUMENTS = frozenset({"ED", "RP"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """`kind` is OBX-2; `test` and `sub` tell the value from others of its order (OBX-3, OBX-4).

    `parts` are those of the Observation that are said, each as canonical JSON, and `unit` what
    every number of it has. `status` is OBX-11 as FHIR says it, `stated` as it was said.
    """

    kind: str
    test: str
    sub: str
    stated: str
    status: str
    unit: Said
    parts: dict[str, Raw]

    @property
    def is_document(self) -> bool:
        """Whether the value is a file, or says where one is."""
        return self.kind in _DOCUMENTS


def lasting(obx: Segment) -> Lasting:
    """What the OBX says but for its value and times."""
    if not obx.is_standard:
        return _lasting(obx)
    without_value = obx.without(*_PASSING)
    if len(without_value) > _SHORT_LINE:
        return _lasting(obx)
    return _remembered_lasting(without_value)


@lru_cache(maxsize=REMEMBERED)
def _remembered_lasting(line: str) -> Lasting:
    return _lasting(Segment("OBX", 1, line, STANDARD))


def _lasting(obx: Segment) -> Lasting:
    unit, stated = unit_of(obx), obx.text(11).upper()
    said: Json = {
        "code": concept(obx.first(3)),
        "performer": _performers(obx),
        "interpretation": _interpretation(obx),
        "referenceRange": range_of(obx, unit),
        "method": concept(obx.first(17)),
        "bodySite": concept(obx.first(20)),
    }
    return Lasting(
        kind=obx.text(2).upper(),
        test=obx.text(3) or obx.text(3, 2),
        sub=obx.text(4),
        stated=stated,
        status=tables.OBSERVATION_STATUS.get(stated, ""),
        unit=unit,
        parts={key: Raw(canonical(value)) for key, value in said.items() if value},
    )


def _interpretation(obx: Segment) -> list[Said]:
    said: list[Said] = []
    for each in obx.repetitions(8):
        code = each.text(1)
        if code in _INTERPRETATIONS:
            said.append(_INTERPRETATIONS[code])
        elif other := concept(each):
            said.append(other)
    return said


def _performers(obx: Segment) -> list[Said]:
    said = [one for each in obx.repetitions(16) if (one := staff(each))]
    if laboratory := obx.text(23) or obx.text(15, 2) or obx.text(15):
        said.append({"display": laboratory})
    return said
