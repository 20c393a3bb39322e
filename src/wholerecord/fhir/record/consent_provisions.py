"""The provisions of a Consent as rules: what each narrows, and nothing it says left out.

Within a provision each element narrows, and the values of one element are alternatives.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import cast

from wholerecord.consent import Purpose, Role, Rule
from wholerecord.consent.period import BadPeriod, Period
from wholerecord.fhir.record.consent_parts import (
    Part,
    cannot,
    codings,
    days_in,
    identified_in,
    listed,
    moment_in,
)
from wholerecord.fhir.record.consent_terms import (
    ACT_CODE,
    AUTHOR,
    KIND,
    LABELS,
    ODS,
    PARTICIPATION,
    PURPOSES,
    REASON,
    RECIPIENT,
    ROLE,
    ROLE_CLASS,
    SIGNED_IN,
    SOURCE,
    STATEMENT,
)
from wholerecord.record import PersonId

_MOST = 200
_OF_PROVISION = frozenset(
    {
        *("type", "period", "actor", "action", "purpose", "provision"),
        *("securityLabel", "code", "data", "dataPeriod"),
    }
)
_BY_REASON = {code: purpose for purpose, code in PURPOSES.items()}
_BY_LABEL = {code: label for label, code in LABELS.items()}
#: What `data` may mean: the part of a rule that it is, and the system of what it refers to.
_BY_MEANING = {"instance": ("item", STATEMENT), "authoredby": ("author", AUTHOR)}


def provisions(root: Part, person: PersonId, now: datetime) -> Iterator[Rule]:
    """Each provision's rules, within the period of the whole."""
    below = listed(root, "provision")
    if not below:
        yield from _provision(root, person, now, "Consent.provision")
        return
    if root.get("type", "permit") != "permit" or root.keys() - {"type", "period", "provision"}:
        raise cannot("Consent.provision", "narrows what stands below it: say it in each of them")
    since, until = _period(root, now, "Consent.provision")
    count = 0
    for at, one in enumerate(below):
        place = f"Consent.provision.provision[{at}]"
        if "provision" in one:
            raise cannot(f"{place}.provision", "is an exception to an exception")
        for rule in _provision(one, person, now, place):
            if (count := count + 1) > _MOST:
                raise cannot(place, f"comes to more than {_MOST} rules")
            starts = [each for each in (since, rule.since) if each]
            ends = [each for each in (until, rule.until) if each]
            yield replace(rule, since=max(starts, default=None), until=min(ends, default=None))


def _provision(said: Part, person: PersonId, now: datetime, place: str) -> Iterator[Rule]:
    for name in said.keys() - _OF_PROVISION:
        raise cannot(f"{place}.{name}", "is not understood here, so nothing of it is kept")
    if said.get("type") not in {"permit", "deny"}:
        raise cannot(f"{place}.type", "is neither permit nor deny")
    if {code for each in listed(said, "action") for code, _ in codings(each)} - {"access"}:
        raise cannot(f"{place}.action", "is not about who may look")
    allow = said["type"] == "permit"
    since, until = _period(said, now, place)
    data_period = _data_period(said, f"{place}.dataPeriod")
    if allow and data_period is not None:
        raise cannot(f"{place}.dataPeriod", "narrows what is hidden, never what is shown")
    purposes = [_purpose(each, f"{place}.purpose") for each in listed(said, "purpose")]
    if not purposes:
        raise cannot(f"{place}.purpose", "is missing: say for which purposes")
    actors = [_actor(each, f"{place}.actor") for each in listed(said, "actor")] or [{}]
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


def _abouts(said: Part, place: str) -> list[Part]:
    """What it is about, the alternatives: labels, kinds and sources, or statements; or all."""
    named = [name for name in ("securityLabel", "code", "data") if name in said]
    if len(named) > 1:
        raise cannot(f"{place}.{named[1]}", "narrows what another element narrows already")
    if not named:
        return [{}]
    [name] = named
    found = [_about(name, each, f"{place}.{name}") for each in listed(said, name)]
    if not found or len({next(iter(each)) for each in found}) > 1:
        raise cannot(f"{place}.{name}", "names things of more than one sort, or none")
    return found


def _about(name: str, each: Part, place: str) -> Part:
    if name == "securityLabel":
        if each.get("system") == ACT_CODE and each.get("code") in _BY_LABEL:
            return {"label": _BY_LABEL[each["code"]]}
    elif name == "code":
        for code, system in codings(each):
            if system in {KIND, SOURCE}:
                return {"kind" if system == KIND else "source": code}
    elif (meaning := str(each.get("meaning"))) in _BY_MEANING:
        part, system = _BY_MEANING[meaning]
        if value := identified_in(each.get("reference"), system):
            return {part: value}
    raise cannot(place, "is not a part of a record that is known here")


def _actor(each: Part, place: str) -> Part:
    """The role, the organisation or the name that an actor is."""
    if each.keys() - {"role", "reference"}:
        raise cannot(place, "says more than is understood here")
    found: Part = {}
    for code, system in codings(each.get("role")):
        if system == ROLE and code in {role.value for role in Role}:
            found["role"] = Role(code)
        elif (code, system) not in {("ASSIGNED", ROLE_CLASS), (RECIPIENT, PARTICIPATION)}:
            raise cannot(f"{place}.role", "is not a role that is known here")
    reference = each.get("reference")
    for name, system in (("organisation", ODS), ("actor", SIGNED_IN)):
        if value := identified_in(reference, system):
            found[name] = value
    said = cast("Part", reference) if isinstance(reference, dict) else {}
    named = bool({"identifier", "reference"} & said.keys())
    if not found or (named and not {"organisation", "actor"} & found.keys()):
        raise cannot(f"{place}.reference", "is nobody who is known here")
    return found


def _purpose(each: Part, place: str) -> Purpose:
    purpose = _BY_REASON.get(str(each.get("code")))
    if each.get("system") != REASON or purpose is None:
        raise cannot(place, "is not a purpose that is known here")
    return purpose


def _period(said: Part, now: datetime, place: str) -> tuple[datetime | None, datetime | None]:
    """From when on, where that is to come, and until when."""
    given = said.get("period")
    period = cast("Part", given) if isinstance(given, dict) else {}
    since, until = (moment_in(period.get(name), f"{place}.period") for name in ("start", "end"))
    if until is not None and until <= now:
        raise cannot(f"{place}.period", "is over")
    return (since if since is not None and since > now else None), until


def _data_period(said: Part, place: str) -> Period | None:
    """The days of what it is about. A year or month ends with its last day."""
    given = said.get("dataPeriod")
    if given is None:
        return None
    period = cast("Part", given) if isinstance(given, dict) else {}
    if not period or period.keys() - {"start", "end"}:
        raise cannot(place, "is not a start, an end or both")
    start, end = (days_in(period.get(name), f"{place}.{name}") for name in ("start", "end"))
    try:
        return Period(first=start.day if start else None, last=end.last_day if end else None)
    except BadPeriod:
        raise cannot(place, "ends before it begins") from None
