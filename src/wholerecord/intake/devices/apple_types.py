"""What Apple Health's types are: of which kind, in which unit, and whether a day sums them up.

Source: Apple HealthKit type identifiers and the units its export writes. A type that is not in the
table is said under its own name, in HealthKit's own code system: nothing is left out for being new.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from wholerecord.intake.devices.kinds import DIASTOLIC, KINDS, SYSTOLIC, Kind
from wholerecord.remembered import recalls

SYSTEM = "http://developer.apple.com/documentation/healthkit"
QUANTITY, CATEGORY = "HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier"
SLEEP = f"{CATEGORY}SleepAnalysis"
#: Sleep that is not sleep.
AWAKE = frozenset({"HKCategoryValueSleepAnalysisInBed", "HKCategoryValueSleepAnalysisAwake"})
#: Apple writes a fraction and calls it "%".
FRACTIONS = frozenset(
    {
        f"{QUANTITY}OxygenSaturation",
        f"{QUANTITY}BodyFatPercentage",
        f"{QUANTITY}WalkingAsymmetryPercentage",
        f"{QUANTITY}WalkingDoubleSupportPercentage",
        f"{QUANTITY}AppleWalkingSteadiness",
        f"{QUANTITY}AtrialFibrillationBurden",
    }
)
#: Units as the export writes them, in UCUM, where the two differ.
_UNITS = {
    "count/min": "/min",
    "count": "1",
    "degC": "Cel",
    "degF": "[degF]",
    "lb": "[lb_av]",
    "ft": "[ft_i]",
    "in": "[in_i]",
    "mi": "[mi_i]",
    "mmHg": "mm[Hg]",
    "Cal": "kcal",
    "hr": "h",
    "mL/min·kg": "mL/min/kg",
    "dBASPL": "dB[SPL]",
    "IU": "[iU]",
    "mcg": "ug",
    "km/hr": "km/h",
    "mi/hr": "[mi_i]/h",
}
#: Moles with the mass they were reckoned by: `mmol<180.15588>/L`.
_MOLAR = re.compile(r"<[0-9.]{1,20}>")
_KNOWN: Mapping[str, Kind] = MappingProxyType(
    {
        "HeartRate": KINDS["heart-rate"],
        "RespiratoryRate": KINDS["respiratory-rate"],
        "BodyMass": KINDS["body-weight"],
        "Height": KINDS["body-height"],
        "BodyMassIndex": KINDS["body-mass-index"],
        "BodyFatPercentage": KINDS["body-fat-percentage"],
        "BodyTemperature": KINDS["body-temperature"],
        "OxygenSaturation": KINDS["oxygen-saturation"],
        "BloodGlucose": KINDS["blood-glucose"],
        "BloodPressureSystolic": SYSTOLIC,
        "BloodPressureDiastolic": DIASTOLIC,
        "StepCount": KINDS["step-count"],
        "ActiveEnergyBurned": KINDS["calories-burned"],
        "AppleExerciseTime": KINDS["minutes-moderate-activity"],
        "RestingHeartRate": Kind(
            code="40443-4", display="Heart rate, resting", units={"/min": "/min"}
        ),
    }
)
_COUNTED_UP = re.compile(
    r"(?:Distance|Dietary|Flights|BasalEnergy|AppleStandTime|AppleMoveTime|Push|Swimming)"
)


@recalls(most=512)
def kind_of(identifier: str, unit: str) -> tuple[Kind, str]:
    """What a quantity type measures, and its unit in UCUM."""
    name = identifier.removeprefix(QUANTITY)
    plain = _MOLAR.sub("", unit)
    ucum = _UNITS.get(plain, plain)
    known = _KNOWN.get(name)
    if known and name == "StepCount":
        return known, "{steps}"
    if known and name == "BodyMassIndex":
        return known, "kg/m2"
    if known:
        return known, ucum
    return _named(identifier, name, ucum), ucum


def _named(identifier: str, name: str, ucum: str) -> Kind:
    return Kind(
        code=identifier,
        display=spaced(name),
        units={ucum: ucum},
        group="activity",
        system=SYSTEM,
        summed=bool(_COUNTED_UP.match(name)),
    )


def spaced(name: str) -> str:
    """`WalkingHeartRateAverage` as people write it."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name[:80])
    return words[:1] + words[1:].lower()


#: Sleep, and how long a workout was.
ASLEEP = replace(KINDS["sleep-duration"], display="Time asleep")
DURATION = KINDS["minutes-moderate-activity"]
