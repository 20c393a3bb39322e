"""Who is named in the extract: the agent directory as staff, places and references to them.

Source: GP2GP ehrFolder, responsibleParty/agentDirectory. Its ids are the sender's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wholerecord.intake.hl7v2.telling import fhir_id
from wholerecord.intake.hl7v3.look import Json, child, children, text, value
from wholerecord.intake.markup import Element, local
from wholerecord.record import Saying, canonical

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_ORGANISATIONS = frozenset({"1.2.826.0.1285.0.1.10", "2.16.840.1.113883.2.1.4.3"})


@dataclass(slots=True)
class Agents:
    """References by directory id, and the directory as sayings."""

    references: dict[str, Json] = field(default_factory=dict[str, Json])
    sayings: list[Saying] = field(default_factory=list[Saying])

    def named(self, refs: Iterable[Element]) -> list[Json]:
        """References to whoever `agentRef`s in the participations point at, each once."""
        found: dict[str, Json] = {}
        for one in refs:
            known_by = value(child(one, "agentRef", "id"), "root").upper()
            if known_by in self.references:
                found[known_by] = self.references[known_by]
        return list(found.values())


def agents(folder: Element) -> Agents:
    """The people and organisations of the folder's directory."""
    made = Agents()
    parts = children(child(folder, "responsibleParty", "agentDirectory"), "part")
    for n, part in enumerate(parts, start=1):
        agent = child(part, "Agent")
        known_by = value(child(agent, "id"), "root").upper()
        if agent is None or not known_by or known_by in made.references:
            continue
        person = child(agent, "agentPerson")
        kind = "Practitioner" if person is not None else "Organization"
        body = _person(agent, person) if person is not None else _organisation(agent)
        body |= {"resourceType": kind, "id": fhir_id(known_by)}
        made.sayings.append(Saying(kind=kind, body=canonical(body), place=f"Agent[{n}]"))
        words = _display(body)
        reference: Json = {"reference": f"{kind}/{body['id']}"}
        made.references[known_by] = reference | ({"display": words} if words else {})
    return made


def name(at: Element | None) -> Json:
    """A HumanName of a v3 PN; empty when it says nothing."""
    if at is None:
        return {}
    parts: dict[str, list[str]] = {}
    for one in at:
        if words := text(one):
            parts.setdefault(local(one), []).append(words)
    said: Json = {}
    if "family" in parts:
        said["family"] = " ".join(parts["family"])
    for ours, theirs in (("given", "given"), ("prefix", "prefix"), ("suffix", "suffix")):
        if theirs in parts:
            said[ours] = parts[theirs]
    if not said and (whole := text(at)):
        said["text"] = whole
    return said


def address(at: Element) -> Json:
    """An Address of a v3 AD; empty when it says nothing."""
    lines = [line for one in children(at, "streetAddressLine") if (line := text(one))]
    said: Json = {"line": lines} if lines else {}
    if postcode := text(child(at, "postalCode")):
        said["postalCode"] = postcode
    return said


def telecoms(at: Element | None) -> list[Json]:
    """Telephone numbers."""
    said = (value(one).removeprefix("tel:") for one in children(at, "telecom"))
    return [{"system": "phone", "value": number} for number in said if number]


def _person(agent: Element, person: Element) -> Json:
    said: Json = {}
    if called := name(child(person, "name")):
        said["name"] = [called]
    if role := text(child(agent, "code", "originalText")):
        said["qualification"] = [{"code": {"text": role}}]
    at = child(agent, "representedOrganization")
    if at is not None and (phones := telecoms(at)):
        said["telecom"] = phones
    return said


def _organisation(agent: Element) -> Json:
    at = child(agent, "agentOrganization")
    said: Json = {}
    if at is None:
        return said
    if words := text(child(at, "name")):
        said["name"] = words
    code = child(at, "id")
    if value(code, "root") in _ORGANISATIONS and value(code, "extension"):
        said["identifier"] = [{"system": ODS, "value": value(code, "extension")}]
    if phones := telecoms(at):
        said["telecom"] = phones
    if where := [found for one in children(at, "addr") if (found := address(one))]:
        said["address"] = where
    return said


def _display(body: Json) -> str:
    if isinstance(body.get("name"), str):
        return str(body["name"])
    for one in body.get("name", ()):
        parts = (*one.get("prefix", ()), *one.get("given", ()), one.get("family", ""))
        return " ".join(part for part in parts if part) or str(one.get("text", ""))
    return ""
