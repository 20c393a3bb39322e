"""A Provenance for each entry of the one record: who said it, in which messages, and why it is one.

Source: FHIR R4, Provenance; W3C PROV. The target is the entry. Each statement is an entity that it
was made from, with the message that brought it and the place in it; each source is an author, with
whoever it names; Wholerecord put them together.
"""

from collections.abc import Iterator, Mapping

from wholerecord.fhir.record.said_by import Json, said_by, without_empty
from wholerecord.fold import Entry, Record, Said
from wholerecord.record import LogicalId, PersonId

_AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_DEED = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
_HERE = "https://wholerecord.example/Id"


def provenance(entry: Entry, target: str, titles: Mapping[str, str]) -> Json:
    """Where `entry` comes from. `target` is the reference to it, `titles` those of sources."""
    return made_of(entry.key, entry.said_by, target, titles, why=entry.why)


def of_patient(person: PersonId, record: Record, titles: Mapping[str, str]) -> list[Json]:
    """Where what is known of who the person is comes from; empty when nobody said anything."""
    said = tuple(one for one, _ in record.who.said_by) if record.who else ()
    why = "Linked patients; of each part what the most trusted source says."
    return [made_of(person, said, f"Patient/{person}", titles, why=why)] if said else []


def made_of(
    id: str, said: tuple[Said, ...], target: str, titles: Mapping[str, str], *, why: str
) -> Json:
    """The Provenance of what these statements say."""
    return without_empty(
        {
            "resourceType": "Provenance",
            "id": id,
            "target": [{"reference": target}],
            "recorded": max(one.received for one in said).isoformat(),
            "activity": without_empty(
                {"coding": [{"system": _DEED, "code": "CREATE"}], "text": why}
            ),
            "agent": [_assembler(), *_authors(said, titles)],
            "entity": [_entity(one) for one in said],
        }
    )


def _assembler() -> Json:
    kind = {"coding": [{"system": _AGENT, "code": "assembler"}]}
    return {"type": kind, "who": {"display": "Wholerecord"}}


def _authors(said: tuple[Said, ...], titles: Mapping[str, str]) -> Iterator[Json]:
    """Each source once, and each person it names for what it said."""
    for source, by in dict.fromkeys((one.source, one.by) for one in said):
        organisation = {
            "identifier": {"system": f"{_HERE}/source", "value": source},
            "display": titles.get(source, source),
        }
        who = {"who": {"display": by}, "onBehalfOf": organisation} if by else {"who": organisation}
        yield {"type": {"coding": [{"system": _AGENT, "code": "author"}]}, **who}


def _entity(said: Said) -> Json:
    return {
        "extension": [said_by(said)],
        "role": "source",
        "what": without_empty(
            {
                "type": said.kind,
                "identifier": {
                    "system": f"{_HERE}/statement",
                    "value": f"{said.kind}/{LogicalId.of(said.patient, said.id).text}",
                },
                "display": f"message {said.message}, {said.place}".rstrip(", "),
            }
        ),
    }
