"""May this be opened? Rules are rows; this is the one function that reads them."""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.access.limits import NOT_LET
from wholerecord.access.marks import marks_of
from wholerecord.access.opening import Ask, DecideAccess, Facts, Verdict
from wholerecord.access.tie import Tie, because
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.consent.book import Alike, Near, near
from wholerecord.people import Member

NO_RULE = "no rule allows this"
NOT_RELATED = "your organisation is not known to be caring for this person"

#: The purposes for which anybody sees entries. For the others who a person is, is enough.
_OF_CARE = frozenset({Purpose.DIRECT_CARE, Purpose.EMERGENCY, Purpose.OWN_RECORD})
#: What only a rule that names it lets anybody do.
_DOING = frozenset({View.SAY, View.REGISTER, View.CLAIM})
#: What nobody may do without a reason, whatever it is for.
_WITH_REASON = frozenset({View.CLAIM})
#: Narrows to entries of no kind at all.
_NO_KIND = frozenset({""})


def decide(ask: Ask, facts: Facts) -> Verdict:
    """The most specific matching rule's verdict, with what it narrows.

    Among rules equally specific deny beats allow; no rule means no. Adding a deny never shows
    more. A request that only lacks a relationship may be asked again as an emergency, where some
    rule allows that; to nobody there is no relationship either, so that the answer does not say
    whether anybody is at an address. Through an app it is what the actor may see and the app was
    let in to, both. Of a `consent.Book` only the rules near the request are read: the same verdict.
    """
    limits = ask.actor.limits
    if limits and not limits.reach(ask.person, ask.view):
        return Verdict(allowed=False, rule=0, reason=NOT_LET)
    rules = _near(ask, facts.rules)
    known = ask.actor.organisation in facts.controllers
    tie = _tie(rules, ask, facts) if facts.ties and not known else None
    related = known or tie is not None
    winner = _strongest(rules, ask, facts, related=related)
    if winner is None:
        return _unanswered(rules, ask, facts)
    if not winner.allow:
        return Verdict(
            allowed=False, rule=winner.n, reason=winner.reason, kinds=_kinds(winner, ask)
        )
    kinds = _kinds(winner, ask)
    if limits:
        kinds = (kinds & limits.kinds if kinds else limits.kinds) or _NO_KIND
    withheld, own = _withheld(rules, ask, facts, related=related)
    told = tie if tie and winner.related and not _kept_from_them(tie, ask, facts) else None
    return Verdict(
        allowed=True,
        rule=winner.n,
        reason=because(winner.reason, told),
        kinds=kinds,
        withheld=withheld,
        own=own,
    )


def decide_as_of(today: tuple[Member, ...] | None) -> DecideAccess:
    """Decides a look at the past by who the person's patients are `today`; None: a look at now.

    Otherwise an organisation that cared for somebody once, or was linked to them in error, could
    look for ever by asking for that time.
    """
    if today is None:
        return decide

    def decide_by_today(ask: Ask, facts: Facts) -> Verdict:
        return decide(ask, replace(facts, members=today))

    return decide_by_today


def withholding(rules: Sequence[Rule], ask: Ask, facts: Facts) -> dict[str, Rule]:
    """The rule that withholds it, for each thing withheld from who asks."""
    return _denying(_speaking(_near(ask, rules), ask, facts, related=is_related(ask, facts)))


def is_related(ask: Ask, facts: Facts) -> bool:
    """Whether who asks has a legitimate relationship with the person, as they may know of it."""
    return ask.actor.organisation in facts.controllers or (
        bool(facts.ties) and _tie(_near(ask, facts.rules), ask, facts) is not None
    )


def _near(ask: Ask, rules: Sequence[Rule]) -> Sequence[Near]:
    actor = ask.actor
    return tuple(near(rules, ask.purpose, actor.role, actor.organisation, actor.id))


def _strongest(rules: Sequence[Near], ask: Ask, facts: Facts, *, related: bool) -> Rule | None:
    """The rule that answers: the most specific; of equals a deny, and of those the oldest."""
    speaking = [
        rule
        for each in rules
        for rule in each.deciding
        if (related or not rule.related) and _is_about(rule, ask, facts)
    ]
    return min(speaking, key=_strength, default=None)


def _unanswered(rules: Sequence[Near], ask: Ask, facts: Facts) -> Verdict:
    """No, for no rule speaks; and whether the glass may be broken."""
    unrelated = any(
        rule.related and _is_about(rule, ask, facts)
        for each in rules
        for rule in (*each.deciding, *(alike.rule for alike in each.withholding))
    )
    may_break_glass = may_claim = False
    if ask.purpose is Purpose.DIRECT_CARE:
        emergency = replace(ask, purpose=Purpose.EMERGENCY, given="asked")
        may_break_glass = _is_let(_near(emergency, facts.rules), emergency, facts)
        claim = replace(ask, view=View.CLAIM, given="asked")
        may_claim = unrelated and _is_let(rules, claim, facts)
    return Verdict(
        allowed=False,
        rule=0,
        reason=NOT_RELATED if unrelated else NO_RULE,
        may_break_glass=may_break_glass,
        may_claim=may_claim,
    )


def _is_let(rules: Sequence[Near], ask: Ask, facts: Facts) -> bool:
    """Whether the rules would let this be done without a relationship."""
    winner = _strongest(rules, ask, facts, related=False)
    return winner is not None and winner.allow


def _tie(rules: Sequence[Near], ask: Ask, facts: Facts) -> Tie | None:
    """What makes a relationship with who asks, now, and is not withheld from them.

    Otherwise that they may look would say that there is something they may not see.
    """
    theirs = facts.ties_with(ask.actor)
    if not theirs:
        return None
    about = [
        alike for each in rules for alike in each.withholding if _is_about(alike.rule, ask, facts)
    ]
    hides = marks_of(frozenset(_denying(about))).hides
    return next((tie for tie in theirs if not hides(tie)), None)


def _kept_from_them(tie: Tie, ask: Ask, facts: Facts) -> bool:
    """Whether the person may not know of the statement that makes it: they read the reason."""
    return tie.said is not None and any(
        marks_of(alike.things).hides(tie)
        for each in near(facts.rules, Purpose.OWN_RECORD, Role.PATIENT, "", "")
        for alike in each.withholding
        if not alike.rule.allow and alike.rule.person in {None, ask.person}
    )


def _kinds(winner: Rule, ask: Ask) -> frozenset[str]:
    return frozenset(winner.kinds) if ask.purpose in _OF_CARE else _NO_KIND


def _withheld(
    rules: Sequence[Near], ask: Ask, facts: Facts, *, related: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """What is withheld, and what of that the person hides themselves.

    Where all that speak deny, each thing is withheld, and by the person's own rule where there is
    one: a rule that names the person is stronger than any that does not.
    """
    speaking = _speaking(rules, ask, facts, related=related)
    if any(alike.rule.allow for alike in speaking):
        of = _denying(speaking)
        return frozenset(of), frozenset(
            [about for about, rule in of.items() if rule.person is not None]
        )
    nothing: frozenset[str] = frozenset()
    own = [alike.things for alike in speaking if alike.rule.person is not None]
    return nothing.union(*[alike.things for alike in speaking]), nothing.union(*own)


def _speaking(rules: Sequence[Near], ask: Ask, facts: Facts, *, related: bool) -> list[Alike]:
    return [
        alike
        for each in rules
        for alike in each.withholding
        if (related or not alike.rule.related) and _is_about(alike.rule, ask, facts)
    ]


def _denying(speaking: Sequence[Alike]) -> dict[str, Rule]:
    """Of each thing that rules speak of, the strongest; kept are those that deny it."""
    strongest: dict[str, Rule] = {}
    for alike in speaking:
        for about, rule in alike.of.items():
            best = strongest.get(about)
            if best is None or _strength(rule) < _strength(best):
                strongest[about] = rule
    return {about: rule for about, rule in strongest.items() if not rule.allow}


def _strength(rule: Rule) -> tuple[int, bool, int]:
    """Smaller beats larger."""
    return -rule.specificity, rule.allow, rule.n


def _is_about(rule: Rule, ask: Ask, facts: Facts) -> bool:
    """Whether the rule is about this request, now; whoever cares for the person."""
    actor = ask.actor
    if rule.purpose is not ask.purpose or (rule.view is not None and rule.view is not ask.view):
        return False
    if ask.purpose is Purpose.EMERGENCY and rule.allow and not ask.given.strip():
        return False  # breaking the glass needs a reason
    if ask.view in _DOING and rule.allow and rule.view is None:
        return False  # who lets somebody see their record does not let them write in it
    if ask.view in _WITH_REASON and rule.allow and not ask.given.strip():
        return False
    if (
        ask.purpose is Purpose.OWN_RECORD
        and rule.allow
        and rule.person is None
        and (actor.person is None or actor.person != ask.person)
    ):
        return False  # a general rule about one's own record is about one's own record
    return (
        (rule.role is None or rule.role is actor.role)
        and (rule.organisation is None or rule.organisation == actor.organisation)
        and (rule.actor is None or rule.actor == actor.id)
        and (rule.person is None or rule.person == ask.person)
        and (rule.since is None or rule.since <= facts.now)
        and (rule.until is None or facts.now < rule.until)
    )
