"""What a home device can measure: its LOINC code, its units in UCUM, and its group.

Sources: FHIR R4 vital signs profiles (LOINC codes); UCUM; Open mHealth schemas (names and units).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_PRESSURE = {"mmHg": "mm[Hg]", "mm[Hg]": "mm[Hg]"}
_RATE = {"/min": "/min", "bpm": "/min", "beats/min": "/min", "breaths/min": "/min"}
_MASS = {"kg": "kg", "g": "g", "lb": "[lb_av]", "lbs": "[lb_av]"}
_LENGTH = {"cm": "cm", "m": "m", "in": "[in_i]"}
_TEMPERATURE = {"C": "Cel", "°C": "Cel", "Cel": "Cel", "F": "[degF]", "°F": "[degF]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One thing measured. `units` maps what devices write to UCUM.

    `by_unit` gives another LOINC code for some UCUM units (moles or mass of glucose). `element`
    is where an Open mHealth body holds the value.
    """

    code: str
    display: str
    units: Mapping[str, str]
    element: str = ""
    group: str = "vital-signs"
    also: tuple[tuple[str, str], ...] = ()
    by_unit: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def only_unit(self) -> str:
        """The unit of a value sent without one; "" where several are in use, as kg and lb."""
        units = list(self.units)
        return units[0] if len(set(self.units.values())) == 1 else ""


SYSTOLIC = Kind(code="8480-6", display="Systolic blood pressure", units=_PRESSURE)
DIASTOLIC = Kind(code="8462-4", display="Diastolic blood pressure", units=_PRESSURE)
#: Blood pressure is two values of one reading.
PRESSURE = Kind(code="85354-9", display="Blood pressure", units=_PRESSURE)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "heart-rate": Kind(code="8867-4", display="Heart rate", units=_RATE, element="heart_rate"),
        "respiratory-rate": Kind(
            code="9279-1", display="Respiratory rate", units=_RATE, element="respiratory_rate"
        ),
        "body-weight": Kind(
            code="29463-7", display="Body weight", units=_MASS, element="body_weight"
        ),
        "body-height": Kind(
            code="8302-2", display="Body height", units=_LENGTH, element="body_height"
        ),
        "body-temperature": Kind(
            code="8310-5",
            display="Body temperature",
            units=_TEMPERATURE,
            element="body_temperature",
        ),
        "oxygen-saturation": Kind(
            code="2708-6",
            display="Oxygen saturation in arterial blood",
            units={"%": "%"},
            element="oxygen_saturation",
            also=(("59408-5", "Oxygen saturation in arterial blood by pulse oximetry"),),
        ),
        "blood-glucose": Kind(
            code="14743-9",
            display="Glucose in capillary blood by glucometer",
            units={"mmol/L": "mmol/L", "mg/dL": "mg/dL"},
            element="blood_glucose",
            group="laboratory",
            by_unit={"mg/dL": "41653-7"},
        ),
        "step-count": Kind(
            code="55423-8",
            display="Number of steps",
            units={"steps": "{steps}"},
            element="step_count",
            group="activity",
        ),
    }
)

#: Other names the same things go by.
_ALSO = {
    "glucose": "blood-glucose",
    "height": "body-height",
    "pulse": "heart-rate",
    "spo2": "oxygen-saturation",
    "steps": "step-count",
    "temperature": "body-temperature",
    "weight": "body-weight",
}


def kind_called(name: str) -> Kind | None:
    """What is called so, `spo2` or `oxygen-saturation` alike; None when it is not known."""
    return KINDS.get(_ALSO.get(name, name))
