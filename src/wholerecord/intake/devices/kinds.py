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
_TIME = {"min": "min", "h": "h", "hr": "h", "sec": "s", "d": "d"}
_FLOW = {"L/min": "L/min", "mL/min": "mL/min"}
_PARTS = {"ppm": "[ppm]", "ppb": "[ppb]"}
_SHORT_TIME = {"sec": "s", "ms": "ms"}
#: Things measured for which no LOINC code is sure enough to be put in somebody's mouth.
_OWN = "https://wholerecord.example/CodeSystem/measured"
_TEMPERATURE = {"C": "Cel", "°C": "Cel", "Cel": "Cel", "F": "[degF]", "°F": "[degF]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One thing measured. `units` maps what devices write to UCUM.

    `by_unit` gives another LOINC code for some UCUM units (moles or mass of glucose). `element`
    is where an Open mHealth body holds the value. `summed` is what is counted up over a day.
    """

    code: str
    display: str
    units: Mapping[str, str]
    element: str = ""
    group: str = "vital-signs"
    also: tuple[tuple[str, str], ...] = ()
    by_unit: Mapping[str, str] = field(default_factory=dict[str, str])
    system: str = "http://loinc.org"
    summed: bool = False

    @property
    def only_unit(self) -> str:
        """The unit of a value sent without one; "" where several are in use, as kg and lb."""
        units = list(self.units)
        return units[0] if len(set(self.units.values())) == 1 else ""


SYSTOLIC = Kind(code="8480-6", display="Systolic blood pressure", units=_PRESSURE)
DIASTOLIC = Kind(code="8462-4", display="Diastolic blood pressure", units=_PRESSURE)
#: Blood pressure is two values of one reading.
PRESSURE = Kind(code="85354-9", display="Blood pressure", units=_PRESSURE)

#: A dose that somebody says they left out: in words, for it ends no treatment.
MISSED = Kind(code="dose-missed", display="Dose not taken", units={}, group="survey", system=_OWN)

#: What somebody did: words, with what was measured of it.
ACTIVITY = Kind(code="73985-4", display="Exercise activity", units={}, group="activity")
DISTANCE = Kind(
    code="distance",
    display="Distance",
    units={"m": "m", "km": "km", "mi": "[mi_i]", "ft": "[ft_i]", "yd": "[yd_i]"},
    element="distance",
    group="activity",
    system="https://wholerecord.example/CodeSystem/activity",
)

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
            summed=True,
        ),
        "body-mass-index": Kind(
            code="39156-5",
            display="Body mass index",
            units={"kg/m2": "kg/m2", "kg/m^2": "kg/m2"},
            element="body_mass_index",
        ),
        "body-fat-percentage": Kind(
            code="41982-0",
            display="Percentage of body fat",
            units={"%": "%"},
            element="body_fat_percentage",
        ),
        "calories-burned": Kind(
            code="41981-2",
            display="Calories burned",
            units={"kcal": "kcal", "Cal": "kcal", "kJ": "kJ"},
            element="kcal_burned",
            group="activity",
            summed=True,
        ),
        "sleep-duration": Kind(
            code="93832-4",
            display="Sleep duration",
            units=_TIME,
            element="sleep_duration",
            group="activity",
            summed=True,
        ),
        "total-sleep-time": Kind(
            code="93832-4",
            display="Sleep duration",
            units=_TIME,
            element="total_sleep_time",
            group="activity",
            summed=True,
        ),
        "minutes-moderate-activity": Kind(
            code="55411-3",
            display="Exercise duration",
            units=_TIME,
            element="minutes_moderate_activity",
            group="activity",
            summed=True,
        ),
        **{
            name: Kind(
                code=name,
                display=display,
                units=units,
                element=name.replace("-", "_"),
                group=group,
                system=_OWN,
            )
            for name, display, units, group in (
                ("rr-interval", "Interval between heartbeats", _SHORT_TIME, "vital-signs"),
                ("inspiratory-time", "Time of breathing in", _SHORT_TIME, "vital-signs"),
                ("expiratory-time", "Time of breathing out", _SHORT_TIME, "vital-signs"),
                ("ventilation-cycle-time", "Time of one breath", _SHORT_TIME, "vital-signs"),
                ("minute-volume", "Volume breathed a minute", _FLOW, "vital-signs"),
                ("breath-carbon-monoxide", "Carbon monoxide in breath", _PARTS, "exam"),
            )
        },
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


def is_summed(code: str) -> bool:
    """Whether what has this LOINC code counts up over a day."""
    return code in _SUMMED


_SUMMED = frozenset(kind.code for kind in KINDS.values() if kind.summed)
ACTIVITY_PARTS = (DISTANCE, KINDS["calories-burned"])
