"""Two worlds that differ only in what the asker may not see give the asker the same answers.

In the one world something sealed, or hidden by what the person decided, was said, replaced, taken
back, referred to or ruled on; in the other it never was. Of what is withheld for its sensitivity
alone staff are told that something is, as the rules require. What is not compared is what no page,
API or command writes out: the version numbers of patients.
"""

import asyncio
import itertools
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, send, site
from tests.unit.door_web import application_of, carer_allowed, client
from tests.unit.relationships import at, referral, stay
from wholerecord.access import Doorway, Opened, Original, Refused
from wholerecord.care.changes import changes_since
from wholerecord.consent import Purpose, Role, View
from wholerecord.consent.period import Period
from wholerecord.consent.wish import Act, What, Wish, rules_of
from wholerecord.fold import About, Verdict
from wholerecord.people.search import Search
from wholerecord.record import PatientKey, PersonId
from wholerecord.storage import linking
from wholerecord.storage.memory import inbox, moving, openings, people, register, rulings
from wholerecord.storage.memory import linking as linking_in_memory

Json = dict[str, Any]
Message = tuple[Json, ...]
SNOMED = "http://snomed.info/sct"
SECRET = "Chlamydial infection"
#: The kind that the resources hidden below are.
KIND = {
    "Condition": "condition",
    "Observation": "result",
    "AllergyIntolerance": "allergy",
    "Immunization": "immunisation",
    "ServiceRequest": "other",
    "Encounter": "encounter",
}
#: Codes that seal an entry from a doctor, a nurse and a carer.
LABELS = ("R", "V", "SDV", "STD", "HIV", "sealed")
#: Of those, the ones of which staff are not told that something is withheld.
SEALED = frozenset({"R", "V", "SDV", "sealed"})
ASKERS = (
    (Role.DOCTOR, Purpose.DIRECT_CARE),
    (Role.NURSE, Purpose.EMERGENCY),
    (Role.SOCIAL_WORKER, Purpose.DIRECT_CARE),
    (Role.CARER, Purpose.OWN_RECORD),
)
#: Codes by which a source keeps something from the person and whoever looks for them, and not from
#: staff.
KEPT = ("NOPAT", "third-party")
THEY = ((Role.PATIENT, Purpose.OWN_RECORD), (Role.CARER, Purpose.OWN_RECORD))
EXAMPLES = 300 if os.environ.get("WHOLERECORD_SOAK") == "1" else 14


def labelled(one: Json, label: str, when: int = 1) -> Json:
    meta = {"lastUpdated": f"2026-01-{when:02}T00:00:00Z", "security": [{"code": label}]}
    return one | {"meta": meta}


def dated(one: Json, when: int) -> Json:
    return one | {"meta": {"lastUpdated": f"2026-01-{when:02}T00:00:00Z"}}


def secret(label: str, when: int = 1) -> Json:
    code = {"coding": [{"system": SNOMED, "code": "240589008", "display": SECRET}]}
    return labelled(condition("s1", "p1", code=code), label, when)


def observed(value: float, when: int) -> Json:
    return dated(
        {
            "resourceType": "Observation",
            "id": "o1",
            "status": "final",
            "subject": {"reference": "Patient/p1"},
            "effectiveDateTime": "2024-03-01T08:00:00Z",
            "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
            "valueQuantity": {"value": value, "unit": "mmol/L"},
        },
        when,
    )


def allergy(id: str, words: str, code: str) -> Json:
    return {
        "resourceType": "AllergyIntolerance",
        "id": id,
        "patient": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": SNOMED, "code": code, "display": words}], "text": words},
    }


def due_date(label: str) -> Json:
    return labelled(
        {
            "resourceType": "Observation",
            "id": "due",
            "status": "final",
            "category": [{"coding": [{"code": "laboratory"}]}],
            "subject": {"reference": "Patient/p1"},
            "effectiveDateTime": "2026-02-01T08:00:00Z",
            "code": {"coding": [{"system": "http://loinc.org", "code": "11778-8"}]},
            "valueDateTime": "2026-08-01",
        },
        label,
    )


def dose(id: str, when: str) -> Json:
    code = {"system": SNOMED, "code": "822851000000102", "display": "Influenza vaccination"}
    return {
        "resourceType": "Immunization",
        "id": id,
        "status": "completed",
        "patient": {"reference": "Patient/p1"},
        "vaccineCode": {"coding": [code]},
        "occurrenceDateTime": when,
    }


def cancer(id: str, code: str, when: str) -> Json:
    coding = {"system": "http://hl7.org/fhir/sid/icd-10", "code": code}
    return condition(id, "p1", code={"coding": [coding]}, onsetDateTime=when)


def encounter(refers: str) -> Json:
    return {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "IMP"},
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2024-01-01", "end": "2024-01-09"},
        "diagnosis": [{"condition": {"reference": refers}}],
        "reasonReference": [{"reference": refers}],
    }


#: What is hidden, in one message or several: the later ones replace or take back.
HIDDEN: dict[str, Callable[[str], tuple[Message, ...]]] = {
    "an entry": lambda label: ((secret(label),),),
    "a due date": lambda label: ((due_date(label),),),
    "a dose": lambda label: ((labelled(dose("i9", "2025-11-01"), label),),),
    "a tumour": lambda label: ((labelled(cancer("t9", "C50.9", "2011"), label),),),
    "one said twice": lambda label: ((secret(label),), (secret(label, 2),)),
    "one replaced": lambda label: (
        (secret(label),),
        (secret(label, 2) | {"onsetDateTime": "2025"},),
    ),
    "one sealed since": lambda label: (
        (dated(condition("s1", "p1", code={"text": SECRET}), 1),),
        (secret(label, 2),),
    ),
    "one taken back": lambda label: (
        (secret(label),),
        (
            dated(condition("s1", "p1", code={"text": SECRET}), 2)
            | {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}},
        ),
    ),
    "one nobody can read": lambda label: ((secret(label) | {"code": {}},),),
    "an earlier value": lambda label: ((labelled(observed(9.9, 1), label),),),
    "a referral": lambda label: ((labelled(referral(at("RZZ")), label),),),
    "a stay": lambda label: ((labelled(stay(at("RZZ")) | {"id": "e9"}, label),),),
    "that there is none": lambda label: (
        (labelled(allergy("n1", "No known allergies", "716186003"), label),),
    ),
}
VISIBLE: tuple[Json, ...] = (
    condition("c1", "p1"),
    encounter("Condition/s1"),
    observed(4.1, 20),
    cancer("t1", "C78.7", "2024-01-01"),
    condition("g1", "p1", code={"text": "Pregnant"}, onsetDateTime="2026-01-05"),
    dose("i1", "2020-11-01"),
    allergy("a1", "Allergy to penicillin", "91936005"),
    condition("c2", "p1", code={"text": "Asthma"}, subject={"reference": "Patient/p1"}),
    {
        "resourceType": "CarePlan",
        "id": "cp1",
        "status": "active",
        "intent": "plan",
        "title": "Going home",
        "subject": {"reference": "Patient/p1"},
        "addresses": [{"reference": "Condition/s1"}],
    },
)


#: How it came to be hidden: by its label, or by what the person decided.
HOW = ("label", "item", "kind", "source", "author", "period")
#: Who wrote what is hidden by its author; the time of what is hidden by that.
WRITER, THEN = "Dr Adam Secret", Period(first=date(1999, 1, 1), last=date(1999, 12, 31))
#: Where each type says who wrote it, and when it was.
WROTE: dict[str, Json] = {
    "Condition": {"asserter": {"display": WRITER}},
    "Observation": {"performer": [{"display": WRITER}]},
    "AllergyIntolerance": {"recorder": {"display": WRITER}},
    "Immunization": {"performer": [{"actor": {"display": WRITER}}]},
    "ServiceRequest": {"requester": {"display": WRITER}},
    "Encounter": {"participant": [{"individual": {"display": WRITER}}]},
}
WAS: dict[str, Json] = {
    "Condition": {"onsetDateTime": "1999-05"},
    "Observation": {"effectiveDateTime": "1999-05-03T08:00:00Z"},
    "AllergyIntolerance": {"onsetDateTime": "1999"},
    "Immunization": {"occurrenceDateTime": "1999-05-03"},
    "ServiceRequest": {"authoredOn": "1999-05-03"},
    "Encounter": {"period": {"start": "1999-05-03T08:00:00Z"}},
}


@dataclass(frozen=True)
class Worlds:
    """Visible messages, and those hidden, each put after some number of visible ones."""

    visible: tuple[Message, ...]
    hidden: tuple[Message, ...]
    after: tuple[int, ...]
    together: bool
    ruled: bool
    label: str
    how: str = "label"


@st.composite
def worlds(
    draw: st.DrawFn,
    hows: Sequence[str] = HOW,
    labels: Sequence[str] = LABELS,
    hidden_things: Sequence[str] = tuple(sorted(HIDDEN)),
) -> Worlds:
    how = draw(st.sampled_from(hows))
    label = draw(st.sampled_from(labels)) if how == "label" else ""
    more = {"author": WROTE, "period": WAS}.get(how, {})
    hidden = tuple(
        tuple(one | more.get(one["resourceType"], {}) for one in message)
        for message in HIDDEN[draw(st.sampled_from(hidden_things))](label)
    )
    shown = draw(st.permutations(VISIBLE))
    size = draw(st.integers(1, 3))
    visible = tuple(itertools.batched(shown, size)) if hasattr(itertools, "batched") else ()
    visible = visible or tuple(tuple(shown[n : n + size]) for n in range(0, len(shown), size))
    at = st.integers(0, len(visible))
    return Worlds(
        visible=visible,
        hidden=hidden,
        after=tuple(sorted(draw(at) for _ in hidden)),
        together=draw(st.booleans()) and how != "source",
        ruled=draw(st.booleans()) and how != "source",
        label=label,
        how=how,
    )


def decided(w: Worlds) -> Wish | None:
    """What the person decided, in both worlds."""
    ours = PatientKey("pas", "p1").id
    each = [one for message in w.hidden for one in message]
    which = {
        "item": {f"{ours}/{one['resourceType']}/{one['id']}" for one in each},
        "kind": {KIND[one["resourceType"]] for one in each},
        "source": {"gp"},
        "author": {WRITER},
    }.get(w.how)
    if w.how == "period":
        return Wish(act=Act.HIDE, period=THEN, emergency=True)
    if which is None:
        return None
    return Wish(act=Act.HIDE, what=What(w.how), which=(*sorted(which),), emergency=True)


def messages(w: Worlds, *, secretive: bool) -> Iterator[tuple[str, bytes]]:
    """What is sent, and by whom. In the other world somebody else's stands for what is hidden."""
    by, who = ("gp", (patient("p1", NUMBER),)) if w.how == "source" else ("pas", ())
    hidden = list(zip(w.after, w.hidden, strict=True))
    for n in range(len(w.visible) + 1):
        here = [one for after, one in hidden if after == n]
        if w.together and n < len(w.visible):
            # The hidden stand in the same message, below what is visible.
            more = [one for message in here for one in message] if secretive else []
            yield "pas", bundle(patient("p1", NUMBER), *w.visible[n], *more)
            continue
        for k, message in enumerate(here):
            somebody = patient(f"z{n}{k}", "") | {
                "identifier": [],
                "name": [{"family": f"Q{n}{k}"}],
            }
            yield by, bundle(*who, *message) if secretive else bundle(somebody)
        if n < len(w.visible):
            yield "pas", bundle(patient("p1", NUMBER), *w.visible[n])


@contextmanager
def one_clock() -> Iterator[None]:
    """Moments and people's ids that are the same in both worlds."""
    began = datetime(2026, 3, 1, tzinfo=UTC)
    ticks, ids = itertools.count(), itertools.count(1)
    moment = [began]

    def tick() -> None:
        moment[0] = began + timedelta(minutes=next(ticks))

    def now() -> datetime:
        return moment[0]

    def new_person() -> PersonId:
        return PersonId(f"{next(ids):032x}")

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(register, "new_person", new_person))
        stack.enter_context(mock.patch.object(linking, "new_person", new_person))
        for module in (inbox, linking_in_memory, moving, openings, people, rulings):
            stack.enter_context(mock.patch.object(module, "now", now))
        one_clock.tick = tick  # type: ignore[attr-defined]
        yield


async def world(w: Worlds, *, secretive: bool) -> tuple[Doorway, PersonId]:
    way, person = await site(bundle(patient("p1", NUMBER)))
    for source, body in messages(w, secretive=secretive):
        one_clock.tick()  # type: ignore[attr-defined]
        await send(way, body, source)
    await carer_allowed(way, person)
    if wish := decided(w):
        await way.store.prefer(person, rules_of(wish, person), by="ada", words="hidden")
    if w.ruled:
        ours = PatientKey("pas", "p1").id
        await way.store.rule(
            Verdict.DISPUTED, [About(ours, "Condition", "c1")], by="dr", why="unsure"
        )
        if secretive and any(one["id"] == "s1" for message in w.hidden for one in message):
            about = [About(ours, "Condition", "s1"), About(ours, "Condition", "c1")]
            await way.store.rule(Verdict.NOT_SAME, about, by="dr", why=f"not {SECRET}")
    return way, person


def plain(value: Any) -> Any:
    """As JSON says it, without patients' version numbers and without opening numbers."""
    return _without(msgspec.to_builtins(value))


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _without(v) for k, v in value.items() if k not in {"t", "n", "seen"}}
    if isinstance(value, (list, tuple)):
        return [_without(each) for each in value]
    return sorted(value) if isinstance(value, (set, frozenset)) else value


def given_out(answer: Any, *, told: bool = False) -> Any:
    """An answer of the door, to compare. What staff are `told` of how much is withheld is not."""
    if isinstance(answer, Opened):
        told = told and answer.opening.purpose != Purpose.OWN_RECORD.value
        return [
            plain(answer.record),
            plain(answer.members),
            plain(asdict(answer.verdict)),
            plain(answer.opening),
            plain(answer.feeds),
            plain(answer.parked),
            "told" if told else answer.withheld,
        ]
    if isinstance(answer, Original):
        return [str(answer.whole), plain(answer.pieces), sorted(answer.places)]
    if isinstance(answer, Refused):
        return [answer.reason, answer.may_break_glass, plain(answer.opening)]
    return plain(list(answer) if not isinstance(answer, (list, tuple, dict)) else answer)


async def turned_away(way: Doorway, person: PersonId, *, told: bool) -> dict[str, Any]:
    """What a stranger is answered to whose organisation something hidden refers the person."""
    said: dict[str, Any] = {}
    stranger = way.door(actor(Role.DOCTOR, "RZZ"))
    for view in (View.FIND, View.RECORD):
        turned = await stranger.open(person, purpose=Purpose.DIRECT_CARE, view=view)
        said[f"stranger: {view.value}"] = given_out(turned, told=told)
    found = await stranger.find(Search.of(NUMBER))
    said["stranger: found"] = given_out(found)
    return said


async def answers(
    way: Doorway,
    person: PersonId,
    *,
    told: bool,
    askers: Sequence[tuple[Role, Purpose]] = ASKERS,
) -> dict[str, Any]:
    """Everything the askers are answered, by what they asked."""
    said: dict[str, Any] = {}
    for role, purpose in askers:
        who = f"{role.value}:"
        door = way.door(actor(role, person=person if role is Role.PATIENT else None))
        given = "collapsed"
        for view in View:
            opened = await door.open(person, purpose=purpose, view=view, given=given)
            said[f"{who} {view.value}"] = given_out(opened, told=told)
        opened = await door.open(person, purpose=purpose, given=given)
        assert isinstance(opened, Opened)
        said[f"{who} entries"] = given_out(opened, told=told)
        for entry in opened.record.entries:
            of = await door.open(
                person, purpose=purpose, view=View.PROVENANCE, part=entry.key, given=given
            )
            said[f"{who} provenance {entry.key}"] = given_out(of, told=told)
        past = datetime(2026, 3, 1, 0, 1, 30, tzinfo=UTC)
        said[f"{who} past"] = given_out(
            await door.open(person, purpose=purpose, at=past, given=given), told=told
        )
        said[f"{who} rulings"] = plain(await door.rulings(opened))
        said[f"{who} links"] = plain(await door.links(opened))
        since = {member.patient: 1 for member in opened.members}
        changes = changes_since(opened.record, since)
        said[f"{who} changes"] = plain([getattr(changes, name) for name in changes.__slots__])
        said[f"{who} originals"] = [
            given_out(await door.message(person, n, purpose=purpose, given=given))
            for n in range(1, 14)
        ]
        found = await door.find(Search.of(NUMBER), purpose=purpose, given=given)
        said[f"{who} found"] = given_out(found)
        looks = await door.who_looked(person, purpose=purpose)
        said[f"{who} looks"] = given_out(looks)
    return said


#: What each form of a page carries, and no other session's.
_TOKEN = re.compile(r'name="form" value="[0-9a-f]+"|was=[0-9a-f]{32}')


#: Where each reads a person's pages.
_AT = {"PATIENT": "/me", "CARER": "/me/for/{}"}


async def served(
    way: Doorway,
    person: PersonId,
    *,
    told: bool,
    askers: Sequence[str] = ("DOCTOR", "NURSE", "CARER"),
) -> dict[str, Any]:
    """What the API answers, byte for byte."""
    app = application_of(way, person)
    said: dict[str, Any] = {}
    for who in askers:
        async with client(app, who) as browser:
            for path in (
                f"/record/fhir/Patient/{person}",
                f"/record/fhir/Patient/{person}/$everything",
                f"/record/fhir/Patient/{person}/$summary",
                f"/record/fhir/Condition?patient={person}",
                f"/record/fhir/Condition?patient={person}&code=240589008",
                f"/record/fhir/Encounter?patient={person}&_count=1",
                f"/record/fhir/AllergyIntolerance?patient={person}",
                f"/record/fhir/EpisodeOfCare?patient={person}",
                f"/record/fhir/ImmunizationRecommendation?patient={person}",
                f"/record/fhir/Observation?patient={person}&_count=0",
            ):
                answer = await browser.get(path)
                said[f"{who} {path}"] = (answer.status_code, answer.json())
            base = _AT.get(who, "/people/{}").format(person)
            for path in ("timeline", "timeline?kind=condition", "timeline?kind=encounter&page=2"):
                answer = await browser.get(f"{base}/{path}")
                shown = _TOKEN.sub("", answer.text)
                said[f"{who} {path}"] = (answer.status_code, shown)
            for path in ("/apps", "/notices", "/rules", "/counts/boards", "/desk/rules"):
                answer = await browser.get(path)
                said[f"{who} {path}"] = (answer.status_code, _TOKEN.sub("", answer.text))
            consents = await browser.get(f"/record/fhir/Consent?patient={person}")
            said[f"{who} consents"] = (consents.status_code, consents.json())
            if not told:  # not even that something is withheld
                screen = await browser.get(base)
                said[f"{who} screen"] = (screen.status_code, _TOKEN.sub("", screen.text))
    return said


async def all_answers(w: Worlds, *, secretive: bool) -> dict[str, Any]:
    with one_clock():
        way, person = await world(w, secretive=secretive)
        told = w.how == "label" and w.label not in SEALED
        if w.label in KEPT:
            theirs = await answers(way, person, told=False, askers=THEY)
            return theirs | await served(way, person, told=False, askers=("PATIENT", "CARER"))
        return {
            **await turned_away(way, person, told=told),
            **await answers(way, person, told=told),
            **await served(way, person, told=told),
        }


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds())
def test_what_the_asker_may_not_see_changes_none_of_their_answers(w: Worlds) -> None:
    one = asyncio.run(all_answers(w, secretive=True))
    other = asyncio.run(all_answers(w, secretive=False))
    for asked in other:
        assert one.get(asked) == other[asked], asked
    assert one.keys() == other.keys()
    assert "Chlamydia" not in json.dumps(one, default=str)


async def turned_away_in(w: Worlds, *, secretive: bool) -> dict[str, Any]:
    with one_clock():
        way, person = await world(w, secretive=secretive)
        return await turned_away(way, person, told=w.how == "label" and w.label not in SEALED)


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(worlds(hidden_things=("a referral", "a stay")))
def test_nobody_is_let_in_by_what_is_hidden_from_them(w: Worlds) -> None:
    one = asyncio.run(turned_away_in(w, secretive=True))
    assert one == asyncio.run(turned_away_in(w, secretive=False))


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(worlds(hows=("label",), labels=KEPT))
def test_what_is_kept_from_the_person_changes_none_of_their_answers(w: Worlds) -> None:
    one = asyncio.run(all_answers(w, secretive=True))
    other = asyncio.run(all_answers(w, secretive=False))
    for asked in other:
        assert one.get(asked) == other[asked], asked
    assert one.keys() == other.keys()
    assert "Chlamydia" not in json.dumps(one, default=str)


def test_the_worlds_do_differ_for_the_person_themselves() -> None:
    w = Worlds(
        visible=((VISIBLE[0],),),
        hidden=((secret("R"),),),
        after=(1,),
        together=False,
        ruled=False,
        label="R",
    )

    async def own(*, secretive: bool) -> str:
        with one_clock():
            way, person = await world(w, secretive=secretive)
            door = way.door(actor(Role.PATIENT, person=person))
            opened = await door.open(person, purpose=Purpose.OWN_RECORD)
            assert isinstance(opened, Opened)
            return " ".join(entry.title for entry in opened.record.entries)

    assert "Chlamydia" in asyncio.run(own(secretive=True))
    assert "Chlamydia" not in asyncio.run(own(secretive=False))
