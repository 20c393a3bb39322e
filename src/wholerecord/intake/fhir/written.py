"""A client's writes as they are kept: `read_written(kept) -> Reading | Unreadable`. Pure.

A message of a client is a Bundle of type `history`: each entry holds the resource as the client
said it, byte for byte, its request, and in `response.location` the id it was given. To read it is
to give each resource that id and to lead its references, which name logical ids (see
`record.logical_id`), to the source's own.
"""

from collections.abc import Iterable
from typing import Any

from wholerecord.intake.fhir.about import NOT_ABOUT_A_PATIENT, PATIENT_OPTIONAL
from wholerecord.intake.fhir.file import file_scope
from wholerecord.intake.fhir.gather import Gathered
from wholerecord.intake.fhir.items import Item, Scope
from wholerecord.intake.fhir.shape import Object, an_object, is_array, is_object, objects, text
from wholerecord.intake.reading import Fault, Kept, Reading, Reason, Unreadable
from wholerecord.record import LogicalId, NotJson, PatientKey, read_json

_DEEP = Fault(reason=Reason.TOO_LARGE, detail="objects within objects, deeper than can be read")


def read_written(kept: Kept) -> Reading | Unreadable:
    """What a client said, under the ids it was given."""
    try:
        value = read_json(kept.body)
        return _read(kept.source, an_object(value))
    except NotJson as error:
        fault = Fault(reason=Reason.NOT_JSON, place=error.place, detail=str(error))
        return Unreadable(fault=fault)
    except RecursionError:
        return Unreadable(fault=_DEEP)


def _read(source: str, bundle: Object) -> Reading | Unreadable:
    items: list[Item] = []
    entries = objects(bundle.get("entry"))
    owned = {text(an_object(one.get("response")).get("location")) for one in entries} - {""}
    own = _Own(source, owned, _base(bundle))
    holders = [_holders(entry.get("resource")) for entry in entries]
    for entry, held in zip(entries, holders, strict=True):
        own.hear({one["reference"] for one in held})
        own.learn(entry)
    for entry in entries:
        if "resource" not in entry:
            said = an_object(entry.get("response"))
            own.call(text(entry.get("fullUrl")), text(said.get("location")))
    for n, entry in enumerate(entries):
        location = text(an_object(entry.get("response")).get("location"))
        kind, _, own_id = location.partition("/")
        if "resource" not in entry:
            continue
        resource = an_object(entry.get("resource"))
        if not own_id or resource.get("resourceType") != kind:
            fault = Fault(reason=Reason.NOT_FHIR, place=f"entry[{n}]", detail="no location")
            return Unreadable(fault=fault)
        own.lead(holders[n])
        items.append(
            Item(
                resource=_given(resource, own_id),
                place=f"entry[{n}]",
                full_url=text(entry.get("fullUrl")),
            )
        )
    gathered = Gathered(source)
    # Not a message about one patient, whose staff would be filed with them: each for itself.
    file_scope(Scope(kind="lines", items=tuple(items), envelope=bundle), gathered)
    return gathered.reading()


def _base(bundle: Object) -> str:
    """The address of the server the client wrote to, with its last slash; "" where none is said."""
    for link in objects(bundle.get("link")):
        if link.get("relation") == "self" and (url := text(link.get("url"))):
            return f"{url}/"
    return ""


def _given(resource: Object, id: str) -> Object:
    """The resource with its id and without what the server says of it."""
    said: dict[str, Any] = {**resource, "id": id}
    meta = resource.get("meta")
    if is_object(meta):
        said["meta"] = {
            name: value for name, value in meta.items() if name not in {"lastUpdated", "versionId"}
        }
        if not said["meta"]:
            del said["meta"]
    return said


class _Own:
    """Which logical ids are of the client's own patients, and what it calls them."""

    def __init__(self, source: str, owned: set[str], base: str) -> None:
        self._source = source
        self._base = base
        self._patients = {PatientKey(source, "").id}
        self._called: dict[str, str] = {}
        for location in owned:
            kind, _, own_id = location.partition("/")
            if kind == "Patient":
                self._patients.add(PatientKey(source, own_id).id)

    def hear(self, references: Iterable[str]) -> None:
        """Learn which patients a resource's references name."""
        for said in references:
            plain = self._plain(said)
            kind, _, own_id = plain.partition("/")
            found = LogicalId.parse(own_id) if kind == "Patient" else None
            if found is None:
                continue
            mine = PatientKey(self._source, found.own).id == found.patient
            self._called[said] = f"Patient/{found.own}" if mine else plain
            self._patients.add(found.patient if mine else PatientKey(self._source, own_id).id)

    def learn(self, entry: Object) -> None:
        """Know what a request calls a resource that it makes: by its address, or the id it has."""
        location = text(an_object(entry.get("response")).get("location"))
        resource, url = an_object(entry.get("resource")), text(entry.get("fullUrl"))
        kind = text(resource.get("resourceType"))
        names = {url, "/".join(url.split("/")[-2:]), f"{kind}/{text(resource.get('id'))}"}
        for name in names:
            own_kind, _, own_id = name.rpartition("/")
            named = own_kind.rpartition("/")[2] == kind and own_id
            if named and not LogicalId.parse(own_id):
                self._called.setdefault(name, location)

    def _plain(self, said: str) -> str:
        return said.removeprefix(self._base) if self._base else said

    def call(self, full_url: str, location: str) -> None:
        """Know what a request calls a resource that it did not change."""
        if full_url and location:
            self.hear([location])
            self._called[full_url] = self._led(location)

    def lead(self, holders: Iterable[Object]) -> None:
        """Lead references to what the client calls its own, where they stand."""
        for one in holders:
            one["reference"] = self._led(one["reference"])

    def _led(self, said: str) -> str:
        if said in self._called:
            return self._called[said]
        plain = self._plain(said)
        kind, _, own_id = plain.partition("/")
        found = LogicalId.parse(own_id)
        if found is None or kind in PATIENT_OPTIONAL:
            return plain if found else said
        shared = found.patient == PatientKey(self._source, "").id
        if found.patient not in self._patients or shared != (kind in NOT_ABOUT_A_PATIENT):
            return plain
        return f"{kind}/{found.own}"


def _holders(value: Any) -> list[Object]:
    """Every object within that has a `reference`."""
    found: list[Object] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if is_array(one):
            waiting += one
        elif is_object(one):
            if isinstance(one.get("reference"), str):
                found.append(one)
            waiting += one.values()
    return found
