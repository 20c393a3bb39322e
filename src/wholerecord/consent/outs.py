"""Opt-outs told apart: which of a person's own rules keeps them out of studies and counts.

Each is a rule that denies `planning` or `research` for that person (decision 4). Which opt-out it
is stands in its basis, or where that is not said, in its reason. A refusal of one study names the
study where others name an actor.

Source: NHS England, Understanding the national data opt-out; National Data Opt-out Operational
Policy Guidance, chapter 2 (type 1 opt-outs).
"""

from enum import Enum

from wholerecord.consent.rule import Purpose, Rule
from wholerecord.record import PersonId

#: How the actor of a rule begins that is about one study.
_STUDY = "study:"


class OptOut(Enum):
    """Why somebody is in no study."""

    NATIONAL = "national data opt-out"
    TYPE_1 = "type 1 opt-out"
    STUDY = "refused this project"
    OWN = "another rule of their own"


def actor_of_study(project: str) -> str:
    """What the rule of somebody who refuses one project names as its actor."""
    return f"{_STUDY}{project}"


def refusal(person: PersonId, project: str, purpose: Purpose, *, reason: str) -> Rule:
    """The rule by which a person is in nothing of one project, and in others as before."""
    return Rule(
        allow=False,
        purpose=purpose,
        person=person,
        actor=actor_of_study(project),
        reason=reason,
        basis=OptOut.STUDY.value,
    )


def is_of_another(rule: Rule, project: str) -> bool:
    """Whether the rule refuses one project, and that is not `project`."""
    return (rule.actor or "").startswith(_STUDY) and rule.actor != actor_of_study(project)


def opt_out(rule: Rule) -> OptOut:
    """Which opt-out a rule is that refuses a purpose.

    >>> rule = Rule(allow=False, purpose=Purpose.RESEARCH, reason="Type 1 opt-out, told the GP")
    >>> opt_out(rule).name
    'TYPE_1'
    """
    if (rule.actor or "").startswith(_STUDY):
        return OptOut.STUDY
    said = f"{rule.basis} {rule.reason}".casefold()
    for one in (OptOut.TYPE_1, OptOut.NATIONAL):
        if one.value in said:
            return one
    return OptOut.OWN
