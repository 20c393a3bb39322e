"""Hand-made records for the portal's tests: one busy person, and people as large as need be."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from wholerecord.access.opening import Opened, Verdict
from wholerecord.audit import Opening
from wholerecord.fold.record import (
    Allergy,
    CarePlan,
    Coding,
    Component,
    Condition,
    Detail,
    Document,
    Encounter,
    Entry,
    Kind,
    Measure,
    Medicine,
    Negative,
    Plain,
    Record,
    Said,
    Who,
)
from wholerecord.intake import Feed, Parked
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.people import Address, Demographics, Member, Name
from wholerecord.record import MessageId, PatientId, PersonId, Source

NOW = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
PERSON = PersonId("0123456789abcdef0123456789abcdef")
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"

GRACE = Demographics(
    names=(Name(family="Okafor", given=("Grace", "Ada"), prefix="Mrs", use="official"),),
    born=PartialDate.parse("1948-03-02"),
    sex="female",
    nhs_number=NhsNumber("9990000018"),
    nhs_status="01",
    addresses=(Address(lines=("14 Garden Row", "Exampleton"), postcode="LS2 9JT"),),
)

SOURCES = (
    Source(
        name="gp", controller="A81001", title="Willow GP", setting="gp", expected=timedelta(days=1)
    ),
    Source(
        name="acute",
        controller="RX1",
        title="St Elsewhere Hospital",
        setting="acute",
        expected=timedelta(hours=4),
    ),
    Source(
        name="pharmacy",
        controller="FXX01",
        title="Market Pharmacy",
        setting="pharmacy",
        expected=timedelta(days=2),
    ),
    Source(
        name="social",
        controller="X24",
        title="Exampleton Council",
        setting="social-care",
        expected=timedelta(days=7),
    ),
)


def when(text: str) -> PartialDate:
    date = PartialDate.parse(text)
    assert date is not None
    return date


def said(
    source: str = "gp",
    words: str = "",
    *,
    id: str = "",
    n: int = 1,
    t: int = 1,
    recorded: str = "2026-01-10",
    received: datetime = NOW - timedelta(days=30),
    kind: str = "Observation",
    codes: tuple[Coding, ...] = (),
) -> Said:
    return Said(
        patient=PatientId(len(source)),
        t=t,
        n=n,
        source=source,
        kind=kind,
        id=id or f"{source} {words} {recorded} {n}",
        message=MessageId(100 + n),
        place=f"entry[{n}]",
        received=received,
        recorded=when(recorded),
        when=when(recorded),
        words=words,
        codes=codes,
        status="final",
    )


def entry(
    kind: Kind,
    title: str,
    detail: Detail,
    *,
    code: Coding | None = None,
    at: str = "2026-01-10",
    until: str = "",
    status: str = "active",
    by: tuple[Said, ...] = (),
    conflict: str = "",
    labels: frozenset[str] = frozenset(),
    rulings: tuple[int, ...] = (),
) -> Entry:
    return Entry(
        kind=kind,
        title=title,
        code=code,
        when=when(at),
        until=PartialDate.parse(until),
        status=status,
        said_by=by or (said(words=title, id=f"{title} {at}"),),
        why="the same code within its window",
        detail=detail,
        labels=labels,
        conflict=conflict,
        rulings=rulings,
    )


def measures(
    kind: Kind,
    title: str,
    code: str,
    unit: str,
    values: Sequence[tuple[str, str, str]],
    *,
    low: str = "",
    high: str = "",
) -> list[Entry]:
    """Values as (date, value, flag), newest first."""
    return [
        entry(
            kind,
            title,
            Measure(value=value, number=Decimal(value), unit=unit, flag=flag, low=low, high=high),
            code=Coding(system=LOINC, code=code, display=title),
            at=at,
            status="final",
            by=(said("acute", title, recorded=at[:10]),),
        )
        for at, value, flag in values
    ]


def pressure(at: str, systolic: str, diastolic: str) -> Entry:
    return entry(
        Kind.OBSERVATION,
        "Blood pressure",
        Measure(
            value="",
            parts=(
                Component(title="Systolic", value=systolic, number=Decimal(systolic), unit="mmHg"),
                Component(
                    title="Diastolic", value=diastolic, number=Decimal(diastolic), unit="mmHg"
                ),
            ),
        ),
        code=Coding(system=LOINC, code="85354-9"),
        at=at,
        status="final",
    )


def busy_entries() -> list[Entry]:
    """A 77-year-old after a stroke, with diabetes, kidney disease and a denied allergy."""
    return [
        entry(Kind.ALERT, "Falls risk", Plain(), at="2025-11-04"),
        entry(
            Kind.ALLERGY,
            "Penicillin",
            Allergy(
                criticality="high",
                reactions=("anaphylaxis",),
                denied_by=(said("acute", "No known allergies"),),
            ),
            conflict="St Elsewhere Hospital says no known allergies",
            by=(said("gp", "Penicillin allergy"), said("pharmacy", "Allergic to penicillin", n=2)),
        ),
        entry(Kind.ALLERGY, "Latex", Allergy(criticality="low", reactions=("contact rash",))),
        entry(
            Kind.CONDITION,
            "Stroke",
            Condition(side="left"),
            at="2026-02-18",
            by=(
                said("acute", "Cerebral infarction, left MCA", received=NOW - timedelta(hours=3)),
                said("gp", "CVA - stroke", n=2),
            ),
        ),
        entry(
            Kind.CONDITION,
            "Type 2 diabetes mellitus",
            Condition(long_term=True),
            at="2009",
            conflict="Onset: 2009 says Willow GP, 2012 says St Elsewhere Hospital",
        ),
        entry(
            Kind.CONDITION,
            "Chronic kidney disease stage 3",
            Condition(long_term=True),
            at="2019-06",
        ),
        entry(Kind.CONDITION, "Atrial fibrillation", Condition(long_term=True), at="2021-04-11"),
        entry(Kind.CONDITION, "Hypertension", Condition(long_term=True), at="1998"),
        entry(
            Kind.CONDITION, "Carotid stenosis", Condition(certainty="suspected"), at="2026-02-19"
        ),
        entry(Kind.CONDITION, "Breast cancer", Condition(certainty="family"), at="2003"),
        entry(
            Kind.CONDITION,
            "Fracture of wrist",
            Condition(side="right"),
            at="2015-12-01",
            until="2016-03",
            status="resolved",
        ),
        *(
            entry(
                Kind.MEDICINE,
                title,
                Medicine(substance=title.split()[0], doses=doses, setting=setting),
                at="2026-02-20",
                by=tuple(said(source, title, n=i) for i, source in enumerate(sources)),
            )
            for title, doses, setting, sources in (
                (
                    "Apixaban 5 mg tablets",
                    ("5 mg twice a day",),
                    ("hospital discharge",),
                    ("acute",),
                ),
                (
                    "Metformin 500 mg tablets",
                    ("500 mg twice a day", "1 g twice a day"),
                    ("GP repeat",),
                    ("gp", "acute"),
                ),
                ("Atorvastatin 80 mg tablets", ("80 mg at night",), ("GP repeat",), ("gp",)),
                (
                    "Ramipril 5 mg capsules",
                    ("5 mg once a day",),
                    ("GP repeat",),
                    ("gp", "pharmacy"),
                ),
                ("Bisoprolol 2.5 mg tablets", ("2.5 mg in the morning",), ("GP repeat",), ("gp",)),
                ("Insulin glargine 100 units/ml", ("14 units at night",), ("GP repeat",), ("gp",)),
                ("Lansoprazole 30 mg capsules", ("30 mg once a day",), ("GP repeat",), ("gp",)),
                ("Paracetamol 500 mg tablets", ("1 g when needed",), ("bought",), ("pharmacy",)),
            )
        ),
        entry(
            Kind.MEDICINE,
            "Aspirin 75 mg tablets",
            Medicine(substance="Aspirin", stopped_because="apixaban started"),
            status="stopped",
            until="2026-02-20",
        ),
        *measures(
            Kind.RESULT,
            "Potassium",
            "2823-3",
            "mmol/L",
            [
                ("2026-03-02T06:10:00Z", "6.4", "HH"),
                ("2026-02-25", "5.1", ""),
                ("2026-02-18", "4.8", ""),
            ],
            low="3.5",
            high="5.3",
        ),
        *measures(
            Kind.RESULT,
            "Creatinine",
            "14682-9",
            "umol/L",
            [
                ("2026-03-02T06:10:00Z", "142", "H"),
                ("2026-02-25", "128", "H"),
                ("2025-09-03", "118", "H"),
            ],
        ),
        *measures(
            Kind.RESULT,
            "HbA1c",
            "59261-8",
            "mmol/mol",
            [
                ("2026-01-10", "61", "H"),
                ("2025-07-02", "52", "H"),
                ("2025-01-15", "48", ""),
                ("2024-07-12", "50", "H"),
            ],
        ),
        *measures(
            Kind.RESULT,
            "Haemoglobin",
            "718-7",
            "g/L",
            [("2026-02-25", "118", ""), ("2025-09-03", "121", "")],
        ),
        *measures(
            Kind.RESULT,
            "Sodium",
            "2951-2",
            "mmol/L",
            [("2026-03-02", "138", ""), ("2026-02-25", "137", "")],
        ),
        *measures(Kind.RESULT, "Platelets", "777-3", "10*9/L", [("2026-02-25", "244", "")]),
        pressure("2026-03-02T08:00:00Z", "152", "88"),
        pressure("2026-02-25", "160", "92"),
        *measures(
            Kind.OBSERVATION, "Heart rate", "8867-4", "/min", [("2026-03-02T08:00:00Z", "88", "")]
        ),
        *measures(
            Kind.OBSERVATION,
            "Body weight",
            "29463-7",
            "kg",
            [("2026-02-18", "71.5", ""), ("2025-06-01", "74", "")],
        ),
        *measures(
            Kind.OBSERVATION,
            "Oxygen saturation",
            "59408-5",
            "%",
            [("2026-03-02T08:00:00Z", "96", "")],
        ),
        *measures(
            Kind.OBSERVATION, "NEWS2 score", "news2", "", [("2026-03-02T08:00:00Z", "2", "")]
        ),
        entry(
            Kind.ENCOUNTER,
            "Stroke unit",
            Encounter(setting="inpatient", where="St Elsewhere Hospital", reason="stroke"),
            at="2026-02-18",
            until="2026-02-25",
            status="resolved",
        ),
        entry(
            Kind.ENCOUNTER,
            "Diabetes review",
            Encounter(setting="GP", where="Willow GP"),
            at="2026-01-10",
        ),
        entry(
            Kind.DOCUMENT,
            "Discharge summary",
            Document(type="Discharge summary", author="Dr Example", text="Seen."),
            at="2026-02-25",
        ),
        entry(
            Kind.CARE_PLAN,
            "Diabetes care plan",
            CarePlan(goals=("Keep HbA1c below 58",), activities=("Foot check in June",)),
        ),
        entry(
            Kind.CARE_PLAN,
            "ReSPECT form",
            CarePlan(goals=("Prefers care at home",)),
            at="2026-02-24",
        ),
        entry(
            Kind.SOCIAL_CARE,
            "Home care, four visits a day",
            Plain(lines=(("Provider", "Exampleton Home Care"),)),
        ),
        entry(
            Kind.ABOUT_ME,
            "What matters to me",
            Plain(lines=(("", "I like to be called Ada. I hear better on my left."),)),
        ),
        entry(Kind.TEAM, "Named GP", Plain(lines=(("Name", "Dr A Sample"),))),
        entry(Kind.TEAM, "Stroke nurse", Plain(lines=(("Name", "Sister B Sample"),))),
    ]


def record(entries: Sequence[Entry], who: Demographics | None = GRACE) -> Record:
    return Record(
        t={PatientId(2): 1},
        who=Who(best=who, said_by=((said(kind="Patient"), who),)) if who else None,
        entries=tuple(entries),
        negatives=(
            Negative(
                kind=Kind.ALLERGY,
                title="No known allergies",
                said=said("acute", "No known allergies", n=9, recorded="2026-02-18"),
            ),
        ),
        superseded=(),
        parked=(),
        statements=sum(len(one.said_by) for one in entries) + 2,
        labels=frozenset[str]().union(*(one.labels for one in entries)),
        policy="1",
    )


def feeds(*, silent: frozenset[str] = frozenset({"social"})) -> tuple[Feed, ...]:
    return tuple(
        Feed(
            source=source,
            messages=10,
            waiting=0,
            parked=0,
            last_received=NOW
            - (timedelta(days=30) if source.name in silent else timedelta(minutes=40)),
        )
        for source in SOURCES
    )


def looked(*, allowed: bool = True, reason: str = "you care for them") -> Opening:
    return Opening(
        n=1,
        at=NOW,
        actor="doctor",
        name="Dr Priya Example",
        role="doctor",
        organisation="RX1",
        purpose="direct care",
        view="record",
        part="",
        person=PERSON,
        allowed=allowed,
        rule=1,
        reason=reason,
        given="",
        seen={},
    )


def opened(
    entries: Sequence[Entry] | None = None,
    *,
    who: Demographics | None = GRACE,
    withheld: int = 0,
    silent: frozenset[str] = frozenset({"social"}),
    parked: tuple[Parked, ...] = (),
) -> Opened:
    return Opened(
        person=PERSON,
        record=record(busy_entries() if entries is None else entries, who),
        members=(
            Member(
                patient=PatientId(2),
                source="gp",
                number="1",
                controller="A81001",
                t=1,
                demographics=who or Demographics(),
            ),
        ),
        opening=looked(),
        verdict=Verdict(allowed=True, rule=1, reason="you care for them"),
        withheld=withheld,
        feeds=feeds(silent=silent),
        parked=parked,
    )


def a_parked_item(n: int = 1) -> Parked:
    return Parked(
        n=n,
        message=MessageId(7),
        source="acute",
        place="OBX[2]",
        reason="BAD_VALUE",
        says="a value cannot be read as its column or field requires",
        owner="RX1",
        since=NOW - timedelta(hours=5),
    )


def many(count: int) -> list[Entry]:
    """`count` entries of every kind, newest first, as of somebody long ill."""
    made: list[Entry] = []
    for i in range(count):
        at = f"{2026 - i * 20 // count}-{1 + i % 12:02}-{1 + i % 28:02}"
        by = (said("gp", f"words {i}", n=i),)
        match i % 5:
            case 0:
                one = entry(Kind.CONDITION, f"Condition {i}", Condition(), at=at, by=by)
            case 1:
                one = entry(
                    Kind.MEDICINE,
                    f"Medicine {i} tablets",
                    Medicine(substance="x", doses=("one a day",)),
                    at=at,
                    by=by,
                    status="stopped" if i % 10 == 1 else "active",
                )
            case 2:
                one = entry(Kind.ENCOUNTER, f"Visit {i}", Encounter(setting="GP"), at=at, by=by)
            case _:
                kind = Kind.RESULT if i % 2 else Kind.OBSERVATION
                one = entry(
                    kind,
                    f"Test {i % 40}",
                    Measure(value=str(i % 90), number=Decimal(i % 90), unit="mmol/L"),
                    at=at,
                    by=by,
                    code=Coding(system=LOINC, code=str(i % 40)),
                )
        made.append(one)
    return made
