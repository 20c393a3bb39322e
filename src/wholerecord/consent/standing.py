"""The standing rules of a new store: what holds for everybody until somebody says otherwise.

Demonstration rules, until an information governance lead signs them. Sources: the NHS Care Record
Guarantee (legitimate relationship), the Caldicott principles, the national data opt-out policy.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from wholerecord.consent.rule import Purpose, Role, Rule, View

_CLINICIANS = (Role.DOCTOR, Role.GP, Role.NURSE, Role.PHARMACIST)
_LOOKING = (View.RECORD, View.PROVENANCE, View.MESSAGE, View.DEMOGRAPHICS)
_SOCIAL_WORK = (
    "condition",
    "medicine",
    "allergy",
    "encounter",
    "care-plan",
    "social-care",
    "alert",
    "about-me",
    "team",
)


def _allow(purpose: Purpose, role: Role, view: View, reason: str, *, related: bool = False) -> Rule:
    return Rule(allow=True, purpose=purpose, role=role, view=view, reason=reason, related=related)


#: Who may ask who can see a record, and why.
_RULES = (
    _allow(
        Purpose.OWN_RECORD,
        Role.PATIENT,
        View.RULES,
        "everyone may see and decide who sees their record",
    ),
    _allow(
        Purpose.ADMINISTRATION,
        Role.RECEPTIONIST,
        View.RULES,
        "reception may write down what a person decided to hide or refuse",
        related=True,
    ),
    _allow(
        Purpose.SAFETY_REVIEW,
        Role.GOVERNANCE,
        View.RULES,
        "governance answers for who may see what",
    ),
    _allow(
        Purpose.EMERGENCY,
        Role.SYSTEM,
        View.RULES,
        "an operator of the system looked, with a reason, reviewed after",
    ),
)


def missing_from(in_force: Iterable[Rule]) -> tuple[Rule, ...]:
    """The standing rules that are not in force: of a later version, or ended by somebody.

    >>> missing_from(standing_rules())
    ()
    """
    known = {replace(rule, n=0, since=None) for rule in in_force}
    return tuple(rule for rule in standing_rules() if rule not in known)


def standing_rules() -> tuple[Rule, ...]:
    """The rules a new store begins with."""
    return (
        *_care(),
        *_writing(),
        *_social_work(),
        *_reception(),
        *(
            _allow(Purpose.OWN_RECORD, Role.PATIENT, view, "everyone may see their own record")
            for view in (*_LOOKING, View.OPENINGS, View.RULING)
        ),
        *_RULES,
        *(
            _allow(
                Purpose.SAFETY_REVIEW,
                Role.GOVERNANCE,
                view,
                "governance looks after identity, parked items and the audit log",
            )
            for view in (View.DESK, View.RULING, View.OPENINGS, View.FIND)
        ),
        *_PROGRAMS,
        _allow(Purpose.PLANNING, Role.PLANNER, View.COUNT, "planners may ask to count"),
        _allow(
            Purpose.RESEARCH, Role.RESEARCHER, View.COUNT, "researchers may ask for safe counts"
        ),
        *_sensitive(),
    )


#: Programs of ours that look for themselves.
_PROGRAMS = (
    Rule(
        allow=True,
        purpose=Purpose.ADMINISTRATION,
        role=Role.SYSTEM,
        actor="sign-in",
        view=View.FIND,
        reason="signing in finds the person whose NHS number was proved",
    ),
    Rule(
        allow=True,
        purpose=Purpose.ADMINISTRATION,
        role=Role.SYSTEM,
        actor="corrections",
        view=View.PROVENANCE,
        reason="sources are asked to put right what they said, and are told nothing else",
    ),
    Rule(
        allow=True,
        purpose=Purpose.RESEARCH,
        role=Role.SYSTEM,
        actor="views",
        view=View.COUNT,
        reason="codes and dates are copied, without names, into the tables that are counted",
    ),
)


def _care() -> Iterator[Rule]:
    """What professionals may look at, and an operator in an emergency."""
    for role in _CLINICIANS:
        yield _allow(Purpose.DIRECT_CARE, role, View.FIND, "professionals may look for a person")
        for view in _LOOKING:
            yield _allow(
                Purpose.DIRECT_CARE,
                role,
                view,
                "direct care by an organisation that cares for the person",
                related=True,
            )
        for view in _LOOKING:
            yield _allow(
                Purpose.EMERGENCY, role, view, "emergency access with a reason, reviewed after"
            )
    for view in (View.FIND, View.RECORD):
        yield _allow(
            Purpose.EMERGENCY,
            Role.SYSTEM,
            view,
            "an operator of the system looked, with a reason, reviewed after",
        )


def _writing() -> Iterator[Rule]:
    """What professionals may say, and decide."""
    for role in (*_CLINICIANS, Role.SOCIAL_WORKER):
        yield _allow(
            Purpose.DIRECT_CARE,
            role,
            View.SAY,
            "professionals may write about a person their organisation cares for",
            related=True,
        )
        yield _allow(
            Purpose.DIRECT_CARE,
            role,
            View.REGISTER,
            "professionals may register a person, and name staff and places",
        )
        yield _allow(
            Purpose.DIRECT_CARE,
            role,
            View.CLAIM,
            "professionals may say that they care for a person, with a reason, reviewed after",
        )
    for role in (Role.DOCTOR, Role.GP):
        yield _allow(
            Purpose.DIRECT_CARE,
            role,
            View.RULING,
            "doctors caring for the person may rule on what belongs together",
            related=True,
        )


def _social_work() -> Iterator[Rule]:
    """What social workers may look at: the kinds they work with."""
    for view in _LOOKING:
        yield Rule(
            allow=True,
            purpose=Purpose.DIRECT_CARE,
            role=Role.SOCIAL_WORKER,
            view=view,
            related=True,
            kinds=_SOCIAL_WORK,
            reason="social care by an organisation that cares for the person",
        )
    yield _allow(
        Purpose.DIRECT_CARE,
        Role.SOCIAL_WORKER,
        View.FIND,
        "professionals may look for a person",
    )


def _reception() -> Iterator[Rule]:
    """What reception may look at: who somebody is."""
    yield _allow(
        Purpose.ADMINISTRATION,
        Role.RECEPTIONIST,
        View.FIND,
        "reception may look for a person to book them in",
    )
    yield _allow(
        Purpose.ADMINISTRATION,
        Role.RECEPTIONIST,
        View.DEMOGRAPHICS,
        "reception may check who a person is",
        related=True,
    )


def _sensitive() -> Iterator[Rule]:
    """What is withheld from most, by its label."""
    for purpose in (Purpose.DIRECT_CARE, Purpose.EMERGENCY):
        yield Rule(allow=False, purpose=purpose, label="sealed", reason="sealed by the person")
        yield Rule(
            allow=False,
            purpose=purpose,
            label="sexual-health",
            reason="sexual health is shown to those who need it",
        )
        yield Rule(
            allow=True,
            purpose=purpose,
            role=Role.GP,
            label="sexual-health",
            reason="the person's general practice",
        )
    yield Rule(
        allow=False,
        purpose=Purpose.OWN_RECORD,
        label="kept-from-person",
        reason="about somebody else, or said in confidence",
        basis="Data Protection Act 2018, Schedule 2 paragraphs 16 and 17",
    )
    for label in ("sealed", "sexual-health"):
        yield Rule(
            allow=False,
            purpose=Purpose.OWN_RECORD,
            role=Role.CARER,
            label=label,
            reason="shown to a carer only where the person says so",
        )
