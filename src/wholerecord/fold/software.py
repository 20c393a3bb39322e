"""What software made, and who has answered for it.

A text drafted by software (an ambient scribe) is a statement like any other, and says so in its
security label (HL7 v3 ObservationValue `AIAST`) or by a Provenance that names a device as its
author or assembler and no person beside it. An entry that only software said is unverified until
a professional attests what was received by then: a later version is attested anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from msgspec.structs import replace

from wholerecord.fold.plain_said import PlainSaid
from wholerecord.fold.record import Entry, Negative, Said
from wholerecord.fold.ruling import Ruling, Verdict
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Key, Told, address

_BY_SOFTWARE = "AIAST"
_MAKES = frozenset({"assembler", "author"})
_PEOPLE = frozenset({"Practitioner", "PractitionerRole", "Patient", "RelatedPerson"})


class ProvenanceSaid(PlainSaid, frozen=True):
    """FHIR Provenance, read as far as it says who made what."""

    target: Any = None
    agent: Any = None


def drafted_by(told: Told[Shape]) -> Iterable[Key]:
    """What `told` says was made by software: itself, or the targets of a Provenance."""
    body = told.body
    labelled = any(coding.code == _BY_SOFTWARE for coding in body.meta.security)
    if isinstance(body, ProvenanceSaid):
        return _targets(told, body) if labelled or _by_a_device_alone(body) else ()
    return (told.key,) if labelled else ()


def _by_a_device_alone(body: ProvenanceSaid) -> bool:
    """Whether a device wrote or put it together, and no person is named beside it."""
    kinds = [(_roles(agent), _kind(_object(agent.get("who")))) for agent in _objects(body.agent)]
    if any(kind in _PEOPLE for _, kind in kinds):
        return False
    return any(kind == "Device" and roles & _MAKES for roles, kind in kinds)


def _targets(told: Told[Shape], body: ProvenanceSaid) -> Iterable[Key]:
    references = (target.get("reference") for target in _objects(body.target))
    return [address(told, each) for each in references if isinstance(each, str)]


def _kind(who: dict[str, Any]) -> str:
    """The type a reference names, or the type in its address."""
    named, reference = who.get("type"), who.get("reference")
    if isinstance(named, str):
        return named
    before = reference.rpartition("/")[0] if isinstance(reference, str) else ""
    return before.rpartition("/")[2]


def _roles(agent: dict[str, Any]) -> set[str]:
    concepts = (_object(agent.get("type")), *_objects(agent.get("role")))
    codes = (coding.get("code") for one in concepts for coding in _objects(one.get("coding")))
    return {code for code in codes if isinstance(code, str)}


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    each = cast("list[Any]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", one) for one in each if isinstance(one, dict)]


def attestations(rulings: Sequence[Ruling]) -> Mapping[Key, Ruling]:
    """The latest attestation of each statement, of rulings in force, oldest first."""
    return {
        (about.patient, about.kind, about.id): ruling
        for ruling in rulings
        if ruling.verdict is Verdict.ATTESTED
        for about in ruling.about
    }


def marked(entry: Entry, drafts: set[Key], attested: Mapping[Key, Ruling]) -> Entry:
    """`entry` as unverified where only software said it, and nobody has attested any of it."""
    by_software = [said for said in entry.said_by if said.id_key in drafts]
    if not by_software:
        return entry
    standing = set[int]().union(*(_answered(said, attested) for said in by_software))
    alone = len(by_software) == len(entry.said_by)
    return replace(
        entry,
        said_by=tuple(drafted(said, drafts) for said in entry.said_by),
        unverified=alone and not standing,
        attested=tuple(sorted(standing)),
    )


def marked_negative(
    negative: Negative, drafts: set[Key], attested: Mapping[Key, Ruling]
) -> Negative:
    """`negative` as unverified where software said that there is none, and nobody answers for it.

    What it denies stays shown whoever attests it: a negative never hides a positive.
    """
    said = negative.said
    if said.id_key not in drafts:
        return negative
    standing = _answered(said, attested)
    return replace(
        negative, said=drafted(said, drafts), unverified=not standing, attested=tuple(standing)
    )


def _answered(said: Said, attested: Mapping[Key, Ruling]) -> set[int]:
    """The attestation of what was received by then; none for a version received later."""
    ruling = attested.get(said.id_key)
    return {ruling.n} if ruling is not None and said.received <= ruling.at else set()


def drafted(said: Said, drafts: set[Key]) -> Said:
    """`said`, which knows that software made it where it did."""
    return replace(said, software=True) if said.id_key in drafts else said
