"""A Consent read as rules: all of what it says, or nothing of it.

Source: FHIR R4, Consent; IHE Privacy Consent on FHIR (PCF) 1.1, Explicit Basic, Intermediate and
Advanced. Within a provision each element narrows, and the values of one element are
alternatives. Whatever could narrow it and is not understood is refused where it stands: a consent
of which a part is dropped would show more, or less, than the person said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from typing import Any, cast

import msgspec

from wholerecord.consent import Purpose, Role, Rule
from wholerecord.consent.outs import OptOut
from wholerecord.consent.period import BadPeriod, Period
from wholerecord.consent.wish import Act, Wish, rules_of
from wholerecord.fhir.problem import Problem, problem
from wholerecord.fhir.record.consent_terms import (
    ACT_CODE,
    AUTHOR,
    KIND,
    LABELS,
    ODS,
    PARTICIPATION,
    POLICY,
    PURPOSES,
    REASON,
    RECIPIENT,
    ROLE,
    ROLE_CLASS,
    SCOPE,
    SIGNED_IN,
    SOURCE,
    STATEMENT,
)
from wholerecord.nhs import PartialDate
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
_OF_PROVISION = frozenset(
    {
        *("type", "period", "actor", "action", "purpose", "provision"),
        *("securityLabel", "code", "data", "dataPeriod"),
    }
)
_MOST = 200
_ENDED = frozenset({"inactive", "entered-in-error", "rejected"})
_OPT_OUTS = {OptOut.NATIONAL.value: Act.OPT_OUT, OptOut.TYPE_1.value: Act.TYPE_1}
_BY_REASON = {code: purpose for purpose, code in PURPOSES.items()}
_BY_LABEL = {code: label for label, code in LABELS.items()}
#: What `data` may mean: the part of a rule that it is, and the system of what it refers to.
_BY_MEANING = {"instance": ("item", STATEMENT), "authoredby": ("author", AUTHOR)}
_Part = dict[str, Any]


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
        raise _cannot(f"Consent.{name}", "is not understood here, so nothing of it is kept")
    if ("patient-privacy", SCOPE) not in set(_codings(resource.get("scope"))):
        raise _cannot("Consent.scope", "is of another kind: only patient-privacy is kept here")
    person = _person(resource.get("patient"), "Consent.patient")
    for performer in _list(resource, "performer"):
        if _person(performer, "Consent.performer") != person:
            raise _cannot("Consent.performer", "is not the person themselves")
    status = resource.get("status")
    if status in _ENDED:
        return Said(person, (), ended=True)
    if status != "active":
        raise _cannot("Consent.status", "is not active, so there is nothing to do")
    policy = {code for code, _ in _codings(resource.get("policyRule"))}
    if not policy <= {"OPTIN", "OPTOUT"}:
        raise _cannot("Consent.policyRule", "is a policy that is not known here")
    if any(one != {"uri": POLICY} for one in _list(resource, "policy")):
        raise _cannot("Consent.policy", "is a policy that is not known here")
    root = resource.get("provision")
    if not isinstance(root, dict):
        raise _cannot("Consent.provision", "is missing: nothing is said of who sees what")
    rules = tuple(dict.fromkeys(_rules(cast("_Part", root), person, now)))
    return Said(person, _as_opt_out(resource, rules, person), ended=False)


def is_about_privacy(body: bytes) -> bool:
    """Whether the Consent in JSON decides who sees a record: filed as a statement it would not."""
    try:
        scope = msgspec.json.decode(body, type=_Scoped).scope
    except msgspec.MsgspecError:
        return False  # it is no resource, which whoever takes it in says better
    return ("patient-privacy", SCOPE) in set(_codings(scope))


def _rules(root: _Part, person: PersonId, now: datetime) -> Iterator[Rule]:
    """Each provision's rules, within the period of the whole."""
    below = _list(root, "provision")
    if not below:
        yield from _provision(root, person, now, "Consent.provision")
        return
    if root.get("type", "permit") != "permit" or root.keys() - {"type", "period", "provision"}:
        raise _cannot("Consent.provision", "narrows what stands below it: say it in each of them")
    since, until = _period(root, now, "Consent.provision")
    count = 0
    for at, one in enumerate(below):
        place = f"Consent.provision.provision[{at}]"
        if "provision" in one:
            raise _cannot(f"{place}.provision", "is an exception to an exception")
        for rule in _provision(one, person, now, place):
            if (count := count + 1) > _MOST:
                raise _cannot(place, f"comes to more than {_MOST} rules")
            starts = [each for each in (since, rule.since) if each]
            ends = [each for each in (until, rule.until) if each]
            yield replace(rule, since=max(starts, default=None), until=min(ends, default=None))


def _provision(said: _Part, person: PersonId, now: datetime, place: str) -> Iterator[Rule]:
    for name in said.keys() - _OF_PROVISION:
        raise _cannot(f"{place}.{name}", "is not understood here, so nothing of it is kept")
    if said.get("type") not in {"permit", "deny"}:
        raise _cannot(f"{place}.type", "is neither permit nor deny")
    if {code for each in _list(said, "action") for code, _ in _codings(each)} - {"access"}:
        raise _cannot(f"{place}.action", "is not about who may look")
    allow = said["type"] == "permit"
    since, until = _period(said, now, place)
    data_period = _data_period(said, f"{place}.dataPeriod")
    if allow and data_period is not None:
        raise _cannot(f"{place}.dataPeriod", "narrows what is hidden, never what is shown")
    purposes = [_purpose(each, f"{place}.purpose") for each in _list(said, "purpose")]
    if not purposes:
        raise _cannot(f"{place}.purpose", "is missing: say for which purposes")
    actors = [_actor(each, f"{place}.actor") for each in _list(said, "actor")] or [{}]
    abouts = _abouts(said, place)
    kinds = tuple(one.get("kind", "") for one in abouts)
    for purpose, actor, about in product(purposes, actors, abouts):
        rule = Rule(
            allow=allow,
            purpose=purpose,
            person=person,
            reason="",
            since=since,
            until=until,
            period=data_period,
            **actor,
            **about,
        )
        if allow and rule.actor is not None and rule.kind is not None:
            rule = replace(rule, kind=None, kinds=kinds)  # of a carer: what they may see
        yield rule


def _abouts(said: _Part, place: str) -> list[_Part]:
    """What it is about, the alternatives: labels, kinds and sources, or statements; or all."""
    named = [name for name in ("securityLabel", "code", "data") if name in said]
    if len(named) > 1:
        raise _cannot(f"{place}.{named[1]}", "narrows what another element narrows already")
    if not named:
        return [{}]
    [name] = named
    found = [_about(name, each, f"{place}.{name}") for each in _list(said, name)]
    if not found or len({next(iter(each)) for each in found}) > 1:
        raise _cannot(f"{place}.{name}", "names things of more than one sort, or none")
    return found


def _about(name: str, each: _Part, place: str) -> _Part:
    if name == "securityLabel":
        if each.get("system") == ACT_CODE and each.get("code") in _BY_LABEL:
            return {"label": _BY_LABEL[each["code"]]}
    elif name == "code":
        for code, system in _codings(each):
            if system in {KIND, SOURCE}:
                return {"kind" if system == KIND else "source": code}
    elif (meaning := str(each.get("meaning"))) in _BY_MEANING:
        part, system = _BY_MEANING[meaning]
        if value := _identified(each.get("reference"), system):
            return {part: value}
    raise _cannot(place, "is not a part of a record that is known here")


def _actor(each: _Part, place: str) -> _Part:
    """The role, the organisation or the name that an actor is."""
    if each.keys() - {"role", "reference"}:
        raise _cannot(place, "says more than is understood here")
    found: _Part = {}
    for code, system in _codings(each.get("role")):
        if system == ROLE and code in {role.value for role in Role}:
            found["role"] = Role(code)
        elif (code, system) not in {("ASSIGNED", ROLE_CLASS), (RECIPIENT, PARTICIPATION)}:
            raise _cannot(f"{place}.role", "is not a role that is known here")
    reference = each.get("reference")
    for name, system in (("organisation", ODS), ("actor", SIGNED_IN)):
        if value := _identified(reference, system):
            found[name] = value
    said = cast("_Part", reference) if isinstance(reference, dict) else {}
    named = bool({"identifier", "reference"} & said.keys())
    if not found or (named and not {"organisation", "actor"} & found.keys()):
        raise _cannot(f"{place}.reference", "is nobody who is known here")
    return found


def _as_opt_out(
    resource: Mapping[str, Any], rules: tuple[Rule, ...], person: PersonId
) -> tuple[Rule, ...]:
    """The rules of the opt-out that the category names, where they are those."""
    words = {each.get("text") for each in _list(resource, "category")}
    for text, act in _OPT_OUTS.items():
        if text in words:
            made = rules_of(Wish(act=act), person)
            if {replace(one, reason="") for one in made} != set(rules):
                raise _cannot("Consent.provision", "is not what that opt-out refuses, or only that")
            return made
    return rules


def _purpose(each: _Part, place: str) -> Purpose:
    purpose = _BY_REASON.get(str(each.get("code")))
    if each.get("system") != REASON or purpose is None:
        raise _cannot(place, "is not a purpose that is known here")
    return purpose


def _period(said: _Part, now: datetime, place: str) -> tuple[datetime | None, datetime | None]:
    """From when on, where that is to come, and until when."""
    given = said.get("period")
    period = cast("_Part", given) if isinstance(given, dict) else {}
    since, until = (_moment(period.get(name), f"{place}.period") for name in ("start", "end"))
    if until is not None and until <= now:
        raise _cannot(f"{place}.period", "is over")
    return (since if since is not None and since > now else None), until


def _data_period(said: _Part, place: str) -> Period | None:
    """The days of what it is about. A year or month ends with its last day."""
    given = said.get("dataPeriod")
    if given is None:
        return None
    period = cast("_Part", given) if isinstance(given, dict) else {}
    if not period or period.keys() - {"start", "end"}:
        raise _cannot(place, "is not a start, an end or both")
    start, end = (_days(period.get(name), f"{place}.{name}") for name in ("start", "end"))
    try:
        return Period(first=start.day if start else None, last=end.last_day if end else None)
    except BadPeriod:
        raise _cannot(place, "ends before it begins") from None


def _days(text: object, place: str) -> PartialDate | None:
    if text is None:
        return None
    days = PartialDate.parse(text) if isinstance(text, str) else None
    if days is None or days.precision == "moment":
        raise _cannot(
            place, "is not a day, a month or a year, and what is hidden is hidden by days"
        )
    return days


def _moment(text: object, place: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise _cannot(place, "is not a whole date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _person(reference: object, place: str) -> PersonId:
    said = cast("_Part", reference) if isinstance(reference, dict) else {}
    kind, _, logical = str(said.get("reference", "")).partition("/")
    if kind != "Patient" or not logical:
        raise _cannot(place, "is not a Patient of this server")
    return PersonId(logical)


def _identified(reference: object, system: str) -> str:
    said = cast("_Part", reference) if isinstance(reference, dict) else {}
    identifier = said.get("identifier")
    if not isinstance(identifier, dict):
        return ""
    known = cast("_Part", identifier)
    value = known.get("value")
    return value if known.get("system") == system and isinstance(value, str) else ""


def _codings(concept: object) -> Iterator[tuple[str, str]]:
    if isinstance(concept, dict):
        for each in _list(cast("_Part", concept), "coding"):
            yield str(each.get("code")), str(each.get("system"))


def _list(said: Mapping[str, Any], name: str) -> list[_Part]:
    found = said.get(name, [])
    if not isinstance(found, list):
        raise _cannot(name, "is not a list")
    each = cast("list[object]", found)
    if not all(isinstance(one, dict) for one in each):
        raise _cannot(name, "is not a list of elements")
    return cast("list[_Part]", each)


def _cannot(place: str, why: str) -> Problem:
    return problem(422, "not-supported", f"{place} {why}.", place)
