"""May this be opened? Rules are rows; this is the one function that reads them."""

from collections.abc import Iterable
from dataclasses import replace

from wholerecord.access.limits import NOT_LET
from wholerecord.access.opening import Ask, DecideAccess, Facts, Verdict
from wholerecord.consent import Purpose, Rule, View
from wholerecord.people import Member

NO_RULE = "no rule allows this"
NOT_RELATED = "your organisation is not known to be caring for this person"

#: The purposes for which anybody sees entries. For the others who a person is, is enough.
_OF_CARE = frozenset({Purpose.DIRECT_CARE, Purpose.EMERGENCY, Purpose.OWN_RECORD})
_WRITING = frozenset({View.SAY, View.REGISTER})
#: Narrows to entries of no kind at all.
_NO_KIND = frozenset({""})


def decide(ask: Ask, facts: Facts) -> Verdict:
    """The most specific matching rule's verdict, with what it narrows.

    Among rules equally specific deny beats allow; no rule means no. Adding a deny never shows
    more. A request that only lacks a relationship may be asked again as an emergency, where some
    rule allows that; to nobody there is no relationship either, so that the answer does not say
    whether anybody is at an address. Through an app it is what the actor may see and the app was
    let in to, both.
    """
    limits = ask.actor.limits
    if limits and not limits.reach(ask.person, ask.view):
        return Verdict(allowed=False, rule=0, reason=NOT_LET)
    speaking = [rule for rule in facts.rules if _speaks_to(rule, ask, facts)]
    verdict = _strongest(speaking, ask, facts)
    if verdict.allowed:
        if limits:
            both = verdict.kinds & limits.kinds if verdict.kinds else limits.kinds
            verdict = replace(verdict, kinds=both or _NO_KIND)
        return replace(verdict, withheld=_withheld(facts.rules, ask, facts))
    if ask.purpose is Purpose.DIRECT_CARE and verdict.rule == 0:
        emergency = replace(ask, purpose=Purpose.EMERGENCY, given="asked")
        allowed = _strongest(
            [rule for rule in facts.rules if _speaks_to(rule, emergency, facts)], emergency, facts
        ).allowed
        return replace(verdict, may_break_glass=allowed)
    return verdict


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


def _strongest(speaking: list[Rule], ask: Ask, facts: Facts) -> Verdict:
    deciding = [rule for rule in speaking if rule.withholds is None]
    if not deciding:
        unrelated = any(
            rule.related and _speaks_to(replace(rule, related=False), ask, facts)
            for rule in facts.rules
        )
        return Verdict(allowed=False, rule=0, reason=NOT_RELATED if unrelated else NO_RULE)
    winner = min(deciding, key=lambda rule: (-rule.specificity, rule.allow, rule.n))
    return Verdict(
        allowed=winner.allow,
        rule=winner.n,
        reason=winner.reason,
        kinds=frozenset(winner.kinds) if ask.purpose in _OF_CARE else _NO_KIND,
    )


def _withheld(rules: Iterable[Rule], ask: Ask, facts: Facts) -> frozenset[str]:
    """What is withheld: that of which the strongest matching rule is a deny."""
    return frozenset(withholding(rules, ask, facts))


def withholding(rules: Iterable[Rule], ask: Ask, facts: Facts) -> dict[str, Rule]:
    """The rule that withholds it, for each thing withheld from who asks."""
    strongest: dict[str, Rule] = {}
    for rule in rules:
        if rule.purpose is not ask.purpose or (about := rule.withholds) is None:
            continue
        if not _speaks_to(rule, ask, facts):
            continue
        best = strongest.get(about)
        if best is None or (-rule.specificity, rule.allow) < (-best.specificity, best.allow):
            strongest[about] = rule
    return {about: rule for about, rule in strongest.items() if not rule.allow}


def _speaks_to(rule: Rule, ask: Ask, facts: Facts) -> bool:
    """Whether the rule is about this request, now."""
    actor = ask.actor
    if rule.purpose is not ask.purpose:
        return False
    if ask.purpose is Purpose.EMERGENCY and rule.allow and not ask.given.strip():
        return False  # breaking the glass needs a reason
    if ask.view in _WRITING and rule.allow and rule.view is None:
        return False  # who lets somebody see their record does not let them write in it
    if (
        ask.purpose is Purpose.OWN_RECORD
        and rule.allow
        and rule.person is None
        and (actor.person is None or actor.person != ask.person)
    ):
        return False  # a general rule about one's own record is about one's own record
    return (
        (rule.view is None or rule.view is ask.view)
        and (rule.role is None or rule.role is actor.role)
        and (rule.organisation is None or rule.organisation == actor.organisation)
        and (rule.actor is None or rule.actor == actor.id)
        and (rule.person is None or rule.person == ask.person)
        and (not rule.related or actor.organisation in facts.controllers)
        and (rule.since is None or rule.since <= facts.now)
        and (rule.until is None or facts.now < rule.until)
    )
