"""One extract while it is read: who it is about, what its statements are called, and by whom."""

from collections import Counter
from collections.abc import Sequence

from wholerecord.intake.hl7v2.telling import Telling, fhir_id
from wholerecord.intake.hl7v3.agents import Agents
from wholerecord.intake.hl7v3.held import Holder, is_hidden
from wholerecord.intake.hl7v3.look import Json, child, children, recorded, root, text
from wholerecord.intake.hl7v3.stated import Stated, pressures, stated
from wholerecord.intake.markup import Element, local

#: HL7 confidentiality: the patient may not be shown it.
_NOPAT = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "NOPAT"}


class Extract:
    """The statements of an extract with the ids they are filed under.

    The sender's id is kept. One that two statements of a kind share is given a number after it, so
    that neither passes for a later version of the other.
    """

    def __init__(self, telling: Telling, agents: Agents, compositions: Sequence[Holder]) -> None:
        self.telling = telling
        self.agents = agents
        self.said = [said for one in compositions for said in stated(one)]
        self.ids: list[str] = []
        self.addresses: dict[str, str] = {}
        self.named: dict[str, Element] = {}
        self.ended: dict[str, Element] = {}
        self.places: list[str] = []
        self._people: dict[Holder, list[Json]] = {}
        met: Counter[tuple[str, str]] = Counter()
        places = _Places(compositions)
        for one in self.said:
            self.places.append(places.of(one))
            known = one.root or fhir_id(str(len(self.ids)))
            met[one.kind, known] += 1
            n = met[one.kind, known]
            self.ids.append(fhir_id(known) if n == 1 else fhir_id(known, str(n)))
            address = f"{one.kind}/{self.ids[-1]}"
            self.addresses.setdefault(known, address)
            self.named.setdefault(known, one.element)
            for part in pressures(one.members) or ():
                self._known_too(part, root(part), address)
        for one, known in zip(self.said, self.ids, strict=True):
            if one.around is not None:  # what only holds one thing is known as that
                self._known_too(one.around.element, one.around.root, f"{one.kind}/{known}")

    def _known_too(self, at: Element, known: str, address: str) -> None:
        if known:
            self.addresses.setdefault(known, address)
            self.named.setdefault(known, at)

    def say(self, n: int, said: Json) -> None:
        """File the `n`-th statement."""
        one = self.said[n]
        if is_hidden(one.element) or one.composition.hidden:
            said = {**said, "meta": {"security": [_NOPAT]}}
        self.telling.say(one.kind, self.ids[n], self.places[n], said)

    def reference(self, known_by: str) -> Json:
        """A reference to the statement of an id; empty where it is not in the extract."""
        address = self.addresses.get(known_by)
        return {"reference": address} if address and address[0] != "/" else {}

    def encounter(self, one: Stated) -> Json:
        """A reference to the consultation it was said in; empty where there was none."""
        if not one.composition.is_consultation:
            return {}
        return {"reference": f"Encounter/{fhir_id(one.composition.root)}"}

    def by(self, one: Stated) -> list[Json]:
        """Who did or said it: its own participants, else the composition's author."""
        own = self.agents.named(children(one.element, "Participant"))
        if not own and one.around is not None:
            own = self._named_by(one.around)
        return own or self._named_by(one.composition)

    def _named_by(self, at: Holder) -> list[Json]:
        if at not in self._people:
            self._people[at] = self.agents.named(at.participants or at.authors)
        return self._people[at]


class _Places:
    """Where each statement stands: its composition's number, then its own among its like."""

    def __init__(self, compositions: Sequence[Holder]) -> None:
        self._numbers = {one: n for n, one in enumerate(compositions, start=1)}
        self._counts: Counter[tuple[int, str]] = Counter()

    def of(self, one: Stated) -> str:
        """`ehrComposition[3]/ObservationStatement[2]`."""
        n, name = self._numbers[one.composition], local(one.element)
        self._counts[n, name] += 1
        return f"{composition_place(n)}/{name}[{self._counts[n, name]}]"


def composition_place(n: int) -> str:
    """The place of the `n`-th composition."""
    return f"ehrComposition[{n}]"


def notes_of(elements: Sequence[Element]) -> list[Json]:
    """Narratives as notes, without the header that says what kind of comment each is."""
    said = [(plain(text(child(one, "text"))), recorded(one)) for one in elements]
    return [
        {"text": words} | ({"time": when} if len(when) > 10 else {})
        for words, when in said
        if words
    ]


def plain(words: str) -> str:
    r"""A comment without its first lines `CommentType:` and `CommentDate:`.

    >>> plain("CommentType:USER COMMENT\nCommentDate:20260301\n\nFeels well")
    'Feels well'
    """
    lines = words.split("\n")
    while lines and lines[0].startswith(("CommentType:", "CommentDate:")):
        del lines[0]
    return "\n".join(lines).strip()
