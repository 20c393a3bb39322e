"""Deliveries as sources really send them, good and bad."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

NHS = "https://fhir.nhs.uk/Id/nhs-number"
COLUMNS = {
    "person": {"number": "Person ID", "nhs_number": "NHS No", "family": "Surname"},
    "rows": [{"shape": "service", "title": "Service", "start": "From"}],
}


def hl7(number: int, *more: str, nhs: str = "", version: str = "2.5.1", charset: str = "") -> bytes:
    """An HL7 v2 admission of patient `number`."""
    name = f"{_name(number)}^{_name(number * 7)}"
    segments = [
        f"MSH|^~\\&|PAS|RXA|WR|WR|20260301||ADT^A01|M{number}|P|{version}||||||{charset}",
        f"PID|1||H{number}^^^PAS^MR~{nhs}^^^NHS^NH||{name}||{_born(number)}|F",
        f"PV1|1|I|WARD^1||||||||||||||||V{number}",
        *more,
    ]
    return "\r".join(segments).encode() + b"\r"


def _name(number: int) -> str:
    """A name that no near number shares: people alike are compared with each other."""
    return "".join(chr(65 + number * prime % 26) for prime in (1, 3, 5)) + f"{number:b}".replace(
        "0", "A"
    ).replace("1", "O")


def _born(number: int) -> str:
    return f"{1920 + number % 97}{1 + number % 12:02}{1 + number % 28:02}"


def patient(id: str, nhs: str) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": id,
        "identifier": [{"system": NHS, "value": nhs}],
        "name": [{"family": "EXAMPLE", "given": ["Ada"]}],
        "birthDate": "1970-05-04",
    }


def condition(id: str, patient: str, **more: Any) -> dict[str, Any]:
    coding = {"system": "http://snomed.info/sct", "code": "230690007", "display": "Stroke"}
    return {
        "resourceType": "Condition",
        "id": id,
        "subject": {"reference": f"Patient/{patient}"},
        "code": {"coding": [coding]},
        "onsetDateTime": "2024-01-02",
    } | more


def bundle(*resources: dict[str, Any]) -> bytes:
    entries = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def gathered(folder: Path) -> None:
    """A folder with one good message and one of everything that goes wrong."""
    folder.mkdir()
    good = bundle(patient("p1", "9990000018"), condition("c1", "p1"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.hl7", hl7(11))
        archive.writestr("below/two.hl7", hl7(12) + hl7(13))
    older = json.loads(bundle(patient("p9", "9990000026"), condition("c9", "p9")))
    older["entry"][0]["resource"]["meta"] = {
        "profile": ["http://hl7.org/fhir/5.0/StructureDefinition/Patient"]
    }
    files: dict[str, bytes] = {
        "good.json": good,
        "empty.hl7": b"",
        "noise.bin": b"\x00\xff\x9c\x07" * 1250,
        "half.hl7": hl7(1)[:30],
        "delimiters.hl7": hl7(2).replace(b"|^~\\&|", b"|||||", 1),
        "charset.hl7": hl7(3, charset="KLINGON").replace(b"WARD", b"CAF\xc9"),
        "not-its-charset.hl7": hl7(4, charset="UNICODE UTF-8").replace(b"WARD", b"CAF\xc9"),
        "twice.json": good.replace(b'"c1"', b'"c1", "id": "c2"'),
        "cut.json": good[: len(good) // 2],
        "version.json": json.dumps(older).encode(),
        "version.hl7": hl7(5, version="9.9"),
        "bad-number.hl7": hl7(6, nhs="9990000019"),
        "nobody.json": bundle(condition("c3", "") | {"subject": {}}),
        "no-patient.hl7": b"MSH|^~\\&|PAS|RXA|WR|WR|20260301||ADT^A01|M7|P|2.5.1\rPV1|1|I\r",
        "document.xml": b'<ADT_A01 xmlns="urn:hl7-org:v2xml"></ADT_A01>',
        "table.csv": b"Person ID,Surname\n1,EXAMPLE\n2,EXAMPLE\n",
        "several.zip": packed.getvalue(),
        "packed.hl7.gz": gzip.compress(hl7(14)),
        "broken.gz": gzip.compress(hl7(15))[:-12],
    }
    for name, body in files.items():
        (folder / name).write_bytes(body)
