"""How far the door of whoever let an app in is opened by that: see `granting` for the rest."""

from functools import lru_cache

from wholerecord.access import Limits
from wholerecord.consent import View
from wholerecord.fhir.record.entries import TYPES
from wholerecord.fold import Kind
from wholerecord.record import PersonId
from wholerecord.smart import Grant, Scopes

#: The kinds of entry that statements of other types than the record's own may be part of.
_KINDS: dict[str, tuple[Kind, ...]] = {
    **dict.fromkeys(
        ("Medication", "MedicationRequest", "MedicationDispense", "MedicationAdministration"),
        (Kind.MEDICINE,),
    ),
    "DiagnosticReport": (Kind.RESULT, Kind.DOCUMENT),
    "Observation": (Kind.RESULT, Kind.OBSERVATION, Kind.ALERT, Kind.SOCIAL_CARE, Kind.ABOUT_ME),
    "FamilyMemberHistory": (Kind.CONDITION,),
    "Composition": (Kind.DOCUMENT,),
    "Goal": (Kind.CARE_PLAN,),
    "Consent": (Kind.ALERT,),
}


def limits(grant: Grant) -> Limits:
    """How far the door of whoever gave this is opened by it. Nothing that is not named."""
    return _limits(grant.scope, grant.patient)


@lru_cache(maxsize=1024)
def _limits(scope: str, patient: PersonId | None) -> Limits:
    """Remembered: it is asked with every request of an app, and says the same each time."""
    scopes = Scopes.parse(scope)
    everything = any(row.type == "*" for row in scopes.rows)
    types = {row.type for row in scopes.rows}
    kinds = {kind for kind in Kind if everything or TYPES[kind] in types}
    kinds |= {kind for one in types for kind in _KINDS.get(one, ())}
    views = {View.RECORD, View.PROVENANCE} if kinds else set[View]()
    if everything or "Patient" in types:
        views |= {View.DEMOGRAPHICS, View.FIND}
    writes = {row.type for row in scopes.rows if row.may & set("cud")}
    if writes:
        views.add(View.SAY)
    if writes & {"Patient", "*"}:
        views.add(View.REGISTER)
    about_one = bool(scopes.of("patient").rows)
    if about_one and patient is None:
        return Limits(person=PersonId(""))  # nobody
    return Limits(
        person=patient if about_one else None,
        views=frozenset(views),
        kinds=frozenset(kind.value for kind in kinds),
        scope=scope,
    )
