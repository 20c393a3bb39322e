"""Vaccines that are due now, in the plan of care: worked out on the day, of what may be seen.

Source: FHIR R4, ImmunizationRecommendation. What is not known to be given is said so, and what is
not due is not in a summary. A demonstration until a clinical safety officer signs.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.sheet import Line
from wholerecord.care.titles import titles_of
from wholerecord.care.vaccines import vaccinated_of
from wholerecord.fhir.record.provenance import made_of
from wholerecord.fhir.record.recommendation import recommendation
from wholerecord.fhir.record.said_by import Json
from wholerecord.fhir.record.summary.resources import address
from wholerecord.fold import Kind
from wholerecord.fold.jabs import Standing
from wholerecord.fold.vaccinated import Vaccinated

_NOW = (Standing.OVERDUE, Standing.DUE)
_WHY = "Worked out of the day of birth, the doses known and what else these statements say."


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is due as a resource at `url`, where it comes from, and as lines for people."""

    url: str
    resource: Json
    whence: Json
    lines: tuple[Line, ...]


def due_now(opened: Opened, today: date, held: Collection[str]) -> Due | None:
    """What is due or overdue on the day; None: nothing, or it cannot be told.

    References are to what the document holds already, by address; the others are left out.
    """
    kinds = opened.verdict.kinds
    if kinds and Kind.IMMUNISATION.value not in kinds:
        return None
    every = vaccinated_of(opened, today)
    found = replace(every, steps=tuple(step for step in every.steps if step.standing in _NOW))
    who = opened.record.who
    if not found.steps or who is None:
        return None
    made = recommendation(opened.person, found, today)
    made["patient"] = {"reference": address("Patient", opened.person)}
    for one in made["recommendation"]:
        for name in ("supportingImmunization", "supportingPatientInformation"):
            kept = [*_kept(one.pop(name, []), held)]
            if kept:
                one[name] = kept
    url = address(made["resourceType"], made["id"])
    said = tuple(
        dict.fromkeys(
            (
                *(one for one, _ in who.said_by),
                *(one for entry in found.evidence for one in entry.said_by),
            )
        )
    )
    return Due(
        url=url,
        resource=made,
        whence=made_of(made["id"], said, url, titles_of(opened.feeds), why=_WHY),
        lines=tuple(_lines(found)),
    )


def _kept(references: list[Json], held: Collection[str]) -> Iterator[Json]:
    for one in references:
        url = address(*one["reference"].split("/"))
        if url in held:
            yield {"reference": url}


def _lines(found: Vaccinated) -> Iterator[Line]:
    for step in found.steps:
        named = f"{step.title}, {step.dose.lower()}" if step.dose else step.title
        yield Line(
            text=f"Vaccine {step.standing.value}, not known to be given: {named}",
            says=(f"because of this record: {step.because}",) if step.because else (),
            when=f"due from {step.due.day} {step.due:%b %Y}",
            mark="",
            doubt="",
            said_by=(),
        )
