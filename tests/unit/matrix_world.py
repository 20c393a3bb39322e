"""A person with something open and something sealed of every type there is, and somebody else.

Every resource carries a mark of its own in its words, so that an answer of any kind, page, Bundle
or error, can be held against what its asker may see.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.e2e.deliveries import bundle, patient
from tests.unit.door_site import NUMBER, send, site
from tests.unit.door_web import carer_allowed
from wholerecord.access import Actor, Doorway
from wholerecord.access.saying import Change
from wholerecord.consent import Purpose, Role
from wholerecord.consent.period import Period
from wholerecord.consent.wish import Act, Wish, rules_of
from wholerecord.intake.fhir.about import ABOUT
from wholerecord.people.search import Search
from wholerecord.record import LogicalId, PatientKey, PersonId, Source, canonical

OTHER = "9990000026"
#: Whose it is and how it is labelled: the person's own, open or sealed in two ways; or another's.
WAYS = {"open": "", "shut": "sealed", "std": "STD", "else": ""}
#: How what is shut came to be so: by its label, or by the time that the person hides.
HOW = ("label", "period")
THEN = Period(first=date(1999, 1, 1), last=date(1999, 12, 31))
#: Elements that repeat.
_LISTS = frozenset({"participant", "entity", "member", "link", "target", "agent"})
_MARK = re.compile(r"mark(open|shut|std|else)([a-z]+?)zz", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """What of the world an answer shows: whose and how labelled, and of which type."""

    way: str
    kind: str


@dataclass(frozen=True)
class Matrix:
    """The world, and the addresses of what is in it; `group` is of a Group of several people."""

    way: Doorway
    person: PersonId
    other: PersonId
    group: str


def mark(way: str, kind: str) -> str:
    """The word that stands for it wherever it is shown."""
    return f"Mark{way}{kind}Zz"


def marks(text: str) -> frozenset[Mark]:
    """The marks that an answer shows, however it writes them."""
    by_lower = {kind.lower(): kind for kind in (*ABOUT, "Patient")}
    return frozenset(
        Mark(way.lower(), by_lower[kind.lower()])
        for way, kind in _MARK.findall(text)
        if kind.lower() in by_lower
    )


def resources(way: str, who: str, how: str = "label") -> Iterator[dict[str, Any]]:
    """One resource of every type that is about a patient."""
    for kind, places in sorted(ABOUT.items()):
        word = mark(way, kind)
        made: dict[str, Any] = {
            "resourceType": kind,
            "id": f"{kind.lower()}-{way}",
            "text": {"status": "generated", "div": f"<div>{word}</div>"},
        }
        if kind != "Composition":
            made["identifier"] = [{"system": "urn:mark", "value": word}]
        if kind not in {"Contract", "DocumentManifest", "Consent"}:
            made["code"] = {"text": word}
        if label := WAYS[way]:
            made["meta"] = {"security": [{"code": label}]}
        about = {"reference": f"Patient/{who}"}
        if kind in {"Task", "Provenance", "AuditEvent"}:
            about = {"reference": f"Condition/condition-{way}"}
        made |= _at(places[0], about) | _WORDS.get(kind, lambda _: {})(word)
        if way == "shut" and how == "period":
            made = json.loads(json.dumps(made).replace("2024-01-01", "1999-01-01"))
            made["meta"] = {"lastUpdated": "1999-05-03T10:00:00Z"}
        yield made


def _at(place: str, value: dict[str, str]) -> dict[str, Any]:
    first, _, rest = place.partition(".")
    inner = {rest: value} if rest else value
    return {first: [inner] if first in _LISTS else inner}


#: What a type says itself with, where it is not a code.
_WORDS: dict[str, Any] = {
    "Encounter": lambda word: {
        "class": {"code": "IMP"},
        "period": {"start": "2024-01-01"},
        "type": [{"text": word}],
        "status": "finished",
    },
    "Immunization": lambda word: {"vaccineCode": {"text": word}, "status": "completed"},
    "MedicationRequest": lambda word: {"medicationCodeableConcept": {"text": word}},
    "MedicationStatement": lambda word: {"medicationCodeableConcept": {"text": word}},
    "MedicationDispense": lambda word: {"medicationCodeableConcept": {"text": word}},
    "MedicationAdministration": lambda word: {"medicationCodeableConcept": {"text": word}},
    "Observation": lambda word: {"valueString": word, "effectiveDateTime": "2024-01-01"},
    "DocumentReference": lambda word: {"type": {"text": word}, "description": word},
    "Composition": lambda word: {"title": word, "type": {"text": word}, "date": "2024-01-01"},
    "CarePlan": lambda word: {"title": word},
    "Goal": lambda word: {"description": {"text": word}},
    "FamilyMemberHistory": lambda word: {
        "relationship": {"text": "Mother"},
        "condition": [{"code": {"text": word}}],
    },
    "ImagingStudy": lambda word: {"description": word, "started": "2024-01-01"},
    "Device": lambda word: {"deviceName": [{"name": word, "type": "user-friendly-name"}]},
    "CareTeam": lambda word: {"name": word},
    "QuestionnaireResponse": lambda word: {"item": [{"linkId": "1", "text": word}]},
}


async def matrix(how: str = "label") -> Matrix:
    """The world, folded and linked, with somebody else whom nobody at RXA knows."""
    person_says = [each for way in ("open", "shut", "std") for each in resources(way, "p1", how)]
    way, person = await site(bundle(patient("p1", NUMBER), *person_says))
    [source] = [one for one in await way.store.sources() if one.name == "other"]
    await way.store.declare(Source(name="other", controller="RXB", title=source.title))
    named = patient("p9", OTHER) | {"name": [{"family": mark("else", "Patient"), "given": ["Bo"]}]}
    await send(way, bundle(named, *resources("else", "p9")), "other")
    await send(way, b'{"resourceType": "Bund')
    [(other, _)] = await way.store.find(Search.of(OTHER).keys)
    await carer_allowed(way, person)
    group = await _group(way)
    if how == "period":
        hidden = rules_of(Wish(act=Act.HIDE, period=THEN, emergency=True), person)
        await way.store.prefer(person, hidden, by="PATIENT", words="hidden")
    return Matrix(way, person, other, group)


async def _group(way: Doorway) -> str:
    """The id of a Group of them both, which RXA wrote: nobody is shown all of everybody in it."""
    both = (("pas", "p1"), ("other", "p9"))
    ids = [LogicalId.of(PatientKey(*one).id, one[1]).text for one in both]
    said = {
        "resourceType": "Group",
        "type": "person",
        "actual": True,
        "name": mark("else", "Group"),
        "member": [{"entity": {"reference": f"Patient/{one}"}} for one in ids],
    }
    doctor = Actor(id="writer", name="Writer", role=Role.DOCTOR, organisation="RXA")
    change = Change(method="POST", kind="Group", resource=canonical(said))
    told = await way.door(doctor).say([change], purpose=Purpose.DIRECT_CARE)
    assert isinstance(told, list)
    version = told[0].version
    assert version is not None
    return version.id.text
