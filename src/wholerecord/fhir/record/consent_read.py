"""A Consent read as rules: all of what it says, or nothing of it.

Source: FHIR R4, Consent; IHE Privacy Consent on FHIR (PCF) 1.1, Explicit Basic, Intermediate and
Advanced. Whatever could narrow it and is not understood is refused where it stands: a consent
of which a part is dropped would show more, or less, than the person said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import msgspec

from wholerecord.consent import Rule
from wholerecord.consent.outs import OptOut
from wholerecord.consent.wish import Act, Wish, rules_of
from wholerecord.fhir.record.consent_parts import Part, cannot, codings, listed, person_in
from wholerecord.fhir.record.consent_provisions import provisions
from wholerecord.fhir.record.consent_terms import POLICY, SCOPE
from wholerecord.record import PersonId

#: What says nothing about who sees what.
_BESIDES = frozenset(
    {
        *("resourceType", "id", "meta", "text", "language", "dateTime", "identifier"),
        *("organization", "sourceAttachment", "sourceReference"),
    }
)
_READ = frozenset(
    {"status", "scope", "category", "patient", "performer", "policy", "policyRule", "provision"}
)
_ENDED = frozenset({"inactive", "entered-in-error", "rejected"})
_OPT_OUTS = {OptOut.NATIONAL.value: Act.OPT_OUT, OptOut.TYPE_1.value: Act.TYPE_1}


class _Scoped(msgspec.Struct):
    scope: Any = None


@dataclass(frozen=True, slots=True)
class Said:
    """Whose consent it is and the rules it comes to; `ended`: that it holds no longer."""

    person: PersonId
    rules: tuple[Rule, ...]
    ended: bool


def read_consent_of(resource: Mapping[str, Any], now: datetime) -> Said:
    """What a Consent says.

    Raises:
        Problem: 422, something in it cannot be kept as it is said, and where.
    """
    for name in resource.keys() - _BESIDES - _READ:
        raise cannot(f"Consent.{name}", "is not understood here, so nothing of it is kept")
    if ("patient-privacy", SCOPE) not in set(codings(resource.get("scope"))):
        raise cannot("Consent.scope", "is of another kind: only patient-privacy is kept here")
    person = person_in(resource.get("patient"), "Consent.patient")
    for performer in listed(resource, "performer"):
        if person_in(performer, "Consent.performer") != person:
            raise cannot("Consent.performer", "is not the person themselves")
    status = resource.get("status")
    if status in _ENDED:
        return Said(person, (), ended=True)
    if status != "active":
        raise cannot("Consent.status", "is not active, so there is nothing to do")
    policy = {code for code, _ in codings(resource.get("policyRule"))}
    if not policy <= {"OPTIN", "OPTOUT"}:
        raise cannot("Consent.policyRule", "is a policy that is not known here")
    if any(one != {"uri": POLICY} for one in listed(resource, "policy")):
        raise cannot("Consent.policy", "is a policy that is not known here")
    root = resource.get("provision")
    if not isinstance(root, dict):
        raise cannot("Consent.provision", "is missing: nothing is said of who sees what")
    rules = tuple(dict.fromkeys(provisions(cast("Part", root), person, now)))
    return Said(person, _as_opt_out(resource, rules, person), ended=False)


def is_about_privacy(body: bytes) -> bool:
    """Whether the Consent in JSON decides who sees a record: filed as a statement it would not."""
    try:
        scope = msgspec.json.decode(body, type=_Scoped).scope
    except msgspec.MsgspecError:
        return False  # it is no resource, which whoever takes it in says better
    return ("patient-privacy", SCOPE) in set(codings(scope))


def _as_opt_out(
    resource: Mapping[str, Any], rules: tuple[Rule, ...], person: PersonId
) -> tuple[Rule, ...]:
    """The rules of the opt-out that the category names, where they are those."""
    words = {each.get("text") for each in listed(resource, "category")}
    for text, act in _OPT_OUTS.items():
        if text in words:
            made = rules_of(Wish(act=act), person)
            if {replace(one, reason="") for one in made} != set(rules):
                raise cannot("Consent.provision", "is not what that opt-out refuses, or only that")
            return made
    return rules
