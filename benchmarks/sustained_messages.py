"""What sustained intake is measured with: admissions, reports of twelve values, and Bundles.

Made-up people, each with a name, a birthday and a number of the 999 range of their own. Nine of ten
messages are about somebody known; every tenth is about somebody new, who must be linked.
"""

from benchmarks.hl7 import ADMISSION
from wholerecord.nhs import NhsNumber
from wholerecord.record import canonical

#: People who are written about again and again.
POOL = 2_000
_VALUES = (
    *(
        ("2951-2", "Sodium", "mmol/L"),
        ("2823-3", "Potassium", "mmol/L"),
        ("22664-7", "Urea", "mmol/L"),
    ),
    *(("2160-0", "Creatinine", "umol/L"), ("1920-8", "AST", "U/L"), ("1742-6", "ALT", "U/L")),
    *(("6768-6", "ALP", "U/L"), ("1975-2", "Bilirubin", "umol/L"), ("1751-7", "Albumin", "g/L")),
    *(
        ("718-7", "Haemoglobin", "g/L"),
        ("6690-2", "White cells", "10*9/L"),
        ("777-3", "Platelets", "10*9/L"),
    ),
)
_SYLLABLES = (
    "ba",
    "cor",
    "den",
    "fal",
    "gri",
    "hol",
    "jen",
    "kel",
    "lin",
    "mar",
    "nor",
    "pel",
    "ros",
)
_NHS = "https://fhir.nhs.uk/Id/nhs-number"


def message(n: int) -> bytes:
    """The message of that number: an admission when it is even, else a report."""
    return _admission(n) if n % 2 == 0 else _report(n)


def whose(n: int) -> int:
    """The number of the person whom message `n` is about."""
    return POOL + n if n % 10 == 0 else n * 7919 % POOL


def nhs_number(person: int) -> str:
    """A number of the 999 range with its right check digit; "" where these digits have none."""
    nine = f"999{person % 1_000_000:06}"
    digit = NhsNumber.check_digit(nine)
    return f"{nine}{digit}" if digit < 10 else ""


def _name(person: int) -> tuple[str, str]:
    parts: list[str] = []
    left = person * 2_654_435_761 % (13**6)
    for _ in range(6):
        left, at = divmod(left, 13)
        parts.append(_SYLLABLES[at])
    return "".join(parts[:3]).title(), "".join(parts[3:]).title()


def _born(person: int) -> str:
    return f"{1930 + person * 31 % 90}{1 + person * 7 % 12:02}{1 + person * 11 % 28:02}"


def _pid(n: int) -> str:
    person = whose(n)
    family, given = _name(person)
    numbers = f"{person}^^^RXX^MR~{nhs_number(person)}^^^NHS^NH"
    where = f"{person} High Street^^Leeds"
    return f"PID|1||{numbers}||{family}^{given}^^^Mrs^^L||{_born(person)}|F|||{where}"


def _admission(n: int) -> bytes:
    lines = ADMISSION.decode().split("\r")
    said = [_pid(n) if line.startswith("PID") else line for line in lines]
    return "\r".join(said).replace("|C1|", f"|{n}|").replace("V778899", f"V{n}").encode()


def _report(n: int) -> bytes:
    head = rf"MSH|^~\&|LAB|RXX|WR|WR|20260701120000||ORU^R01^ORU_R01|{n}|P|2.5.1"
    order = f"OBR|1|P{n}|F{n}|PROF^Profile^L|||20260701090000{'|' * 15}20260701110000||CH|F"
    values = (
        f"OBX|{at}|NM|{code}^{name}^LN||{(n * at) % 97 + at}.{n % 10}|{unit}^^UCUM"
        "||N|||F|||20260701090000"
        for at, (code, name, unit) in enumerate(_VALUES, start=1)
    )
    return "\r".join((head, _pid(n), order, *values, "")).encode()


def bundle(n: int, resources: int = 100) -> bytes:
    """A collection of one patient and `resources` less one of their Observations, as FHIR R4."""
    person = 3_000_000 + n
    family, given = _name(person)
    born = _born(person)
    patient = {
        "resourceType": "Patient",
        "id": f"p{n}",
        "identifier": [{"system": _NHS, "value": nhs_number(n + 500_000)}],
        "name": [{"family": family, "given": [given]}],
        "birthDate": f"{born[:4]}-{born[4:6]}-{born[6:]}",
        "gender": "female",
    }
    said = [patient, *(_observation(n, at) for at in range(1, resources))]
    entries = [
        {"fullUrl": f"https://gp.example/{r['resourceType']}/{r['id']}", "resource": r}
        for r in said
    ]
    return canonical({"resourceType": "Bundle", "type": "collection", "entry": entries})


def _observation(n: int, at: int) -> dict[str, object]:
    code, name, unit = _VALUES[at % len(_VALUES)]
    return {
        "resourceType": "Observation",
        "id": f"o{n}-{at}",
        "status": "final",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "laboratory",
                    }
                ]
            }
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}]},
        "subject": {"reference": f"Patient/p{n}"},
        "effectiveDateTime": f"2026-0{1 + at % 9}-{1 + at % 28:02}T09:00:00+00:00",
        "valueQuantity": {
            "value": at + n % 10,
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    }
