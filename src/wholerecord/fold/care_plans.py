"""Care plans and goals: each plan with the goals it names; a goal no plan names stands alone.

Source: FHIR R4 CarePlan and Goal.
"""

from wholerecord.fold.entry import made
from wholerecord.fold.record import CarePlan, Entry, Kind
from wholerecord.fold.shape import (
    NOT_SAID,
    Annotation,
    Coded,
    Heard,
    Part,
    Period,
    Reference,
    Shape,
    codings,
    named,
)
from wholerecord.fold.told import Around, Group, Key, Told, Way, in_order
from wholerecord.nhs import PartialDate


class Activity(Part, frozen=True):
    """`CarePlan.activity.detail`."""

    code: Coded = NOT_SAID
    status: str = ""
    description: str = ""

    @property
    def words(self) -> str:
        """What is to be done, as said."""
        said = self.description or self.code.words
        return f"{said} ({self.status})" if said and self.status else said


class Doing(Part, frozen=True):
    """`CarePlan.activity`."""

    detail: Activity | None = None
    reference: Reference | None = None


class PlanSaid(Shape, frozen=True):
    """FHIR CarePlan."""

    status: str = ""
    category: tuple[Coded, ...] = ()
    title: str = ""
    description: str = ""
    period: Period | None = None
    created: str = ""
    author: Reference | None = None
    goal: tuple[Reference, ...] = ()
    activity: tuple[Doing, ...] = ()
    note: tuple[Annotation, ...] = ()

    def heard(self) -> Heard:
        return self.says(
            self.category[0] if self.category else NOT_SAID,
            self.title or self.description,
            happened=self.period.start if self.period else "",
            written=self.created,
            state=self.status,
            by=named(self.author),
            tags=codings(self.category),
        )


class GoalSaid(Shape, frozen=True):
    """FHIR Goal."""

    lifecycle_status: str = ""
    achievement_status: Coded = NOT_SAID
    category: tuple[Coded, ...] = ()
    description: Coded = NOT_SAID
    start_date: str = ""
    status_date: str = ""

    def heard(self) -> Heard:
        return self.says(
            self.description,
            happened=self.start_date,
            written=self.status_date,
            state=self.lifecycle_status,
            tags=codings(self.category),
        )


Planned = PlanSaid | GoalSaid

_STATUS = {
    "draft": "planned",
    "proposed": "planned",
    "planned": "planned",
    "accepted": "active",
    "active": "active",
    "on-hold": "active",
    "completed": "resolved",
    "revoked": "stopped",
    "cancelled": "stopped",
    "rejected": "stopped",
}


def gather(told: list[Told[Planned]], around: Around) -> list[Group[Planned]]:
    """Each plan with its goals."""
    groups: list[Group[Planned]] = []
    taken: dict[Key, Group[Planned]] = {}
    ordered = in_order(told)
    for one in ordered:
        if isinstance(one.body, PlanSaid):
            group = Group([one], "One statement.")
            groups.append(group)
            for goal in one.body.goal:
                found = around.find(one, goal.reference)
                if found is not None:
                    taken.setdefault(found.key, group)
    for one in ordered:
        if not isinstance(one.body, GoalSaid):
            continue
        group = taken.get(one.key)
        if group is None:
            groups.append(Group([one], "A goal that no plan names."))
        else:
            group.told.append(one)
            group.why = "A plan and its goals."
    return groups


def make(group: Group[Planned], _around: Around) -> Entry:
    """One plan, or a goal on its own."""
    plan = next((one for one in group.told if isinstance(one.body, PlanSaid)), group.told[0])
    return made(
        group,
        Kind.CARE_PLAN,
        title=plan.said.words or "Care plan",
        code=plan.said.codes[0] if plan.said.codes else None,
        when=plan.at,
        until=_end(plan.body),
        status=_STATUS.get(plan.said.status, "unknown"),
        detail=detail_of(group),
    )


def _end(body: Planned) -> PartialDate | None:
    period = body.period if isinstance(body, PlanSaid) else None
    return PartialDate.parse(period.end) if period else None


def detail_of(group: Group[Planned]) -> CarePlan:
    """Goals and activities, each as said."""
    goals = [one.body for one in group.told if isinstance(one.body, GoalSaid)]
    plans = [one.body for one in group.told if isinstance(one.body, PlanSaid)]
    return CarePlan(
        goals=(
            *(goal.display for plan in plans for goal in plan.goal if goal.display),
            *(_goal(goal) for goal in goals if goal.description.words),
        ),
        activities=tuple(
            words
            for plan in plans
            for doing in plan.activity
            if (
                words := doing.detail.words
                if doing.detail
                else doing.reference.display
                if doing.reference
                else ""
            )
        ),
        author=next((one.said.by for one in group.told if one.said.by), ""),
    )


def _goal(goal: GoalSaid) -> str:
    reached = goal.achievement_status.words
    return f"{goal.description.words} ({reached})" if reached else goal.description.words


WAY: Way[Planned] = Way(Kind.CARE_PLAN, gather, make)
