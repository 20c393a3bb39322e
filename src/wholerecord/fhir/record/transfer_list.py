"""A transfer of care as a FHIR R4 List of changes: each source's own word of each medicine.

Source: FHIR R4, List with mode `changes`, its item flags in words. A source that said nothing of a
medicine has an item of its own, "not known": that there is none is not to be taken for no change.
"""

from collections.abc import Iterator
from hashlib import blake2b

from wholerecord.fhir.record.entries import TYPES
from wholerecord.fhir.record.said_by import HL7, Json, said_by, without_empty
from wholerecord.fold import Entry
from wholerecord.fold.transfer import Change, Moved, Sort, Transfer, Turn
from wholerecord.record import PersonId

TYPE = "List"
_DOSE = "https://wholerecord.example/StructureDefinition/dose-as-written"
_BEFORE = "https://wholerecord.example/StructureDefinition/dose-before"
_SILENT = "https://wholerecord.example/StructureDefinition/not-said-by"
_SORT = "https://wholerecord.example/StructureDefinition/transfer-of-care"
_MEDICINES = {"system": f"{HL7}/list-example-use-codes", "code": "medications"}
_TITLES = {Sort.ADMISSION: "Medicines at admission", Sort.DISCHARGE: "Medicines at discharge"}
_UNAVAILABLE = {"system": f"{HL7}/list-empty-reason", "code": "unavailable"}


def transfer_list(person: PersonId, one: Transfer) -> Json:
    """The transfer, with a reference to the stay and to every medicine."""
    items = [item for line in one.lines for item in _items(line)]
    received = max(said.received for said in one.stay.said_by)
    return without_empty(
        {
            "resourceType": TYPE,
            "id": _id(one),
            "meta": {"lastUpdated": received.isoformat()},
            "extension": [{"url": _SORT, "valueCode": one.sort.value}],
            "status": "current",
            "mode": "changes",
            "title": _TITLES[one.sort],
            "code": {"coding": [_MEDICINES]},
            "subject": {"reference": f"Patient/{person}"},
            "encounter": _to(one.stay),
            "date": one.at.text if one.at else "",
            "entry": items,
            "emptyReason": {} if items else {"coding": [_UNAVAILABLE], "text": "Not known."},
        }
    )


def moved_of(one: Transfer) -> tuple[Entry, ...]:
    """The entries that it is worked out of, each once."""
    return (one.stay, *(line.entry for line in one.lines))


def _items(line: Moved) -> Iterator[Json]:
    doses = dict.fromkeys(dose for word in line.before for dose in word.doses)
    before = [{"url": _BEFORE, "valueString": dose} for dose in doses]
    for turn in line.turns:
        yield _item(line, turn, before)
    if line.silent:
        silent = [{"url": _SILENT, "valueString": name} for name in line.silent]
        yield {
            "extension": [*silent, *before],
            "flag": {"text": Change.NOT_KNOWN.value},
            "item": _to(line.entry),
        }


def _item(line: Moved, turn: Turn, before: list[Json]) -> Json:
    doses = [{"url": _DOSE, "valueString": dose} for dose in turn.doses]
    words = f"{turn.change.value}: {turn.because}" if turn.because else turn.change.value
    said = {word.said.id_key: word.said for word in turn.words}
    return without_empty(
        {
            "extension": [*map(said_by, said.values()), *doses, *before],
            "flag": {"text": words},
            "deleted": turn.change is Change.STOPPED or None,
            "date": turn.at.text if turn.at else "",
            "item": _to(line.entry),
        }
    )


def _to(entry: Entry) -> Json:
    return {"reference": f"{TYPES[entry.kind]}/{entry.key}"}


def _id(one: Transfer) -> str:
    """16 hexadecimal digits of the sort and the stay: whatever the order."""
    return blake2b(f"{one.sort.value}\0{one.stay.key}".encode(), digest_size=8).hexdigest()
