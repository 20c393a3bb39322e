"""What the parts of one document have in common, and the sayings they become."""

from dataclasses import dataclass, field

from wholerecord.intake.cda.datatypes import Json, concept, words_of
from wholerecord.intake.cda.look import every, said
from wholerecord.intake.cda.narrative import Words
from wholerecord.intake.fhir.ids import id_by_content, id_from
from wholerecord.intake.markup import Element
from wholerecord.intake.reading import Fault, Reason
from wholerecord.record import Saying, canonical


@dataclass(slots=True, kw_only=True)
class Telling:
    """One document while it is read: collects sayings, faults and what is not read.

    `meta` is what every resource's `meta` says. `place` is where in the document reading is.
    `written` is when the document says it was made, as a FHIR dateTime. `unread` names the kinds
    of entries that stay in the narrative alone.
    """

    subject: Json
    meta: Json
    words: Words
    written: str = ""
    author: Json = field(default_factory=dict[str, object])
    encounter: Json = field(default_factory=dict[str, object])
    place: str = "ClinicalDocument"
    sayings: list[Saying] = field(default_factory=list[Saying])
    faults: list[Fault] = field(default_factory=list[Fault])
    unread: dict[str, None] = field(default_factory=dict[str, None])
    _bodies: dict[tuple[str, str], bytes] = field(default_factory=dict[tuple[str, str], bytes])

    def say(self, kind: str, entry: Element | None, body: Json, *, id: str = "") -> str:
        """File one resource and return its id; empty parts are left out, the same twice is once.

        It is known by the entry's own `id`. Senders give several entries one id, so another body
        under an id already used is told apart by what it says.
        """
        own = id or (number_of(entry) if entry is not None else "")
        resource: Json = {k: v for k, v in body.items() if v or v is False or v == 0}
        resource["resourceType"] = kind
        resource["id"] = own or id_by_content(resource)
        if self.meta:
            resource["meta"] = {**self.meta, **resource.get("meta", {})}
        said_before = self._bodies.get((kind, resource["id"]))
        if said_before is not None and said_before != canonical(resource):
            resource["id"] = id_by_content(resource)
        key = (kind, resource["id"])
        if key not in self._bodies:
            self._bodies[key] = canonical(resource)
            self.sayings.append(Saying(kind=kind, body=self._bodies[key], place=self.place))
        return resource["id"]

    def concept(self, element: Element | None) -> Json:
        """A code as a CodeableConcept, with the words it points at."""
        return concept(element, self.words)

    def text(self, element: Element | None) -> str:
        """The words of an entry's `text`."""
        return self.words.of(element)

    def named(self, element: Element | None, entry: Element) -> Json:
        """A concept, or the words of its entry where the code says nothing by itself."""
        found = self.concept(element)
        if words_of(found):
            return found
        words = self.text(next(every(entry, "text"), None))
        return {**found, "text": words} if words else found

    def fault(self, reason: Reason, detail: str) -> None:
        """A part that could not be read."""
        self.faults.append(Fault(reason=reason, place=self.place, detail=detail))


def number_of(entry: Element) -> str:
    """The entry's own number as a FHIR id, "" when it has none."""
    for each in every(entry, "id"):
        root, extension = said(each, "root"), said(each, "extension")
        if root or extension:
            return id_from(f"{root}.{extension}" if extension else root)
    return ""
