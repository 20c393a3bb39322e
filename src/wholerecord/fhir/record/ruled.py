"""A Provenance for each ruling that shaped an entry: who decided what, when and why.

Source: FHIR R4, Provenance. The targets are the entries that the ruling shaped, of those that the
reader may see; the entities are the statements that it is about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wholerecord.access import Door, Opened
from wholerecord.fhir.record.entries import TYPES
from wholerecord.fhir.record.rendered import Shown
from wholerecord.fhir.record.said_by import Json, without_empty
from wholerecord.fhir.search import Held
from wholerecord.fold import Entry, Ruling, Verdict
from wholerecord.record import LogicalId
from wholerecord.smart import Scopes, shows

_AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_DEED = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
_HERE = "https://wholerecord.example/Id"
_SAYS = {
    Verdict.SAME: "Ruled the same thing",
    Verdict.NOT_SAME: "Ruled not the same thing",
    Verdict.DISPUTED: "Disputed",
    Verdict.UPHELD: "Dispute upheld",
    Verdict.WRONG: "Ruled entered in error",
    Verdict.WRONG_PERSON: "Ruled to be of another person",
    Verdict.SUPERSEDED: "Ruled superseded",
    Verdict.SIDE: "Side corrected",
    Verdict.ATTESTED: "Attested",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A ruling as a Provenance, and the entries that it shaped."""

    held: Held
    entries: tuple[Entry, ...]


async def ruled(door: Door, opened: Opened) -> Sequence[Ruled]:
    """The rulings that shaped what was opened, by number; none where none did."""
    by_ruling: dict[int, list[Entry]] = {}
    for one in opened.record.entries:
        for n in (*one.rulings, *one.attested):
            by_ruling.setdefault(n, []).append(one)
    if not by_ruling:
        return ()
    return [
        Ruled(held=Held(_provenance(each, shaped)), entries=tuple(shaped))
        for each in await door.rulings(opened)
        if (shaped := by_ruling.get(each.n))
    ]


def let_in(rulings: Sequence[Ruled], may: Callable[[Entry], bool]) -> list[Held]:
    """Those of them that say nothing of an entry that an app was not let in to."""
    return [each.held for each in rulings if all(map(may, each.entries))]


def let_in_to(shown: Shown, scopes: Scopes | None, interaction: str) -> Callable[[Entry], bool]:
    """Whether an entry of what is shown was let in to, by the scopes of an app if there are any."""

    def may(one: Entry) -> bool:
        return scopes is None or shows(scopes, shown.made[id(one)][1].shown, interaction)

    return may


def _provenance(ruling: Ruling, shaped: Sequence[Entry]) -> Json:
    side = f" to {ruling.side}" if ruling.side else ""
    return without_empty(
        {
            "resourceType": "Provenance",
            "id": f"ruling-{ruling.n}",
            "target": [{"reference": f"{TYPES[one.kind]}/{one.key}"} for one in shaped],
            "recorded": ruling.at.isoformat(),
            "activity": {
                "coding": [{"system": _DEED, "code": "UPDATE"}],
                "text": f"{_SAYS[ruling.verdict]}{side}",
            },
            "reason": [{"text": ruling.why}] if ruling.why else [],
            "agent": [
                {
                    "type": {"coding": [{"system": _AGENT, "code": "verifier"}]},
                    "who": {"display": ruling.by},
                }
            ],
            "entity": [
                {
                    "role": "revision",
                    "what": {
                        "type": about.kind,
                        "identifier": {
                            "system": f"{_HERE}/statement",
                            "value": f"{about.kind}/{LogicalId.of(about.patient, about.id).text}",
                        },
                    },
                }
                for about in ruling.about
            ],
        }
    )
