"""What a person may decide in rules of their own, however it was said: the shapes there are. Pure.

`wish` makes such rules of a choice on a page; a system may state them itself. What is no such shape
is refused whole: a decision that is kept in part is another decision.
"""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.consent.plain import KINDS, LABELS, WHY, people, subject
from wholerecord.consent.rule import Purpose, Role, Rule
from wholerecord.consent.wish import NOT_OF_A_TIME, PROXY_VIEWS, REASONS, WHOM, Act
from wholerecord.errors import Incorrect

#: Rules of one decision. A person who hides more than this hides a kind or a source.
MOST = 200
_STAFF = frozenset({Purpose.DIRECT_CARE, Purpose.EMERGENCY, Purpose.ADMINISTRATION})
_SECONDARY = frozenset({Purpose.PLANNING, Purpose.RESEARCH})
_LONGEST = 200


def stated(rules: Sequence[Rule], *, by_clerk: bool = False) -> tuple[Rule, ...]:
    """The rules as they are kept, each with its reason; all or none.

    What a clerk writes down for somebody only narrows: to let more be seen is for the person alone.

    Raises:
        Incorrect: one of them is not for a person to decide, and which.
    """
    if not rules:
        raise Incorrect("It changes nothing of what holds without it.")
    if len(rules) > MOST:
        raise Incorrect(f"More than {MOST} rules are not one decision.")
    kept: list[Rule] = []
    for place, rule in enumerate(rules, 1):
        wrong = _wrong(rule)
        if not wrong and rule.allow and by_clerk:
            wrong = "to let more be seen is for the person themselves"
        if wrong:
            raise Incorrect(f"Part {place}: {wrong}.")
        kept += _as_kept(rule)
    return tuple(dict.fromkeys(kept))


def in_words_of(rules: Sequence[Rule]) -> str:
    """Rules as who made them reads them.

    >>> rule = Rule(allow=False, purpose=Purpose.DIRECT_CARE, reason="", role=Role.NURSE)
    >>> in_words_of([rule])
    'Hide my record from nurses to care for the person'
    """
    return "; ".join(dict.fromkeys(map(_words, rules)))


def _words(rule: Rule) -> str:
    verb, whom = ("Show", "to") if rule.allow else ("Hide", "from")
    what = "my record" if rule.withholds is None else subject(rule)
    if rule.kinds:
        what = ", ".join(KINDS.get(kind, kind) for kind in rule.kinds)
    who = people(rule)
    return f"{verb} {what} {whom} {who[0].lower()}{who[1:]} {WHY[rule.purpose]}"


def _wrong(rule: Rule) -> str:
    """Why it is not for a person to decide, in words; "" where it is."""
    named = (rule.organisation, rule.actor, rule.source, rule.item, rule.author, *rule.kinds)
    if any(each is not None and not _plain(each) for each in named):
        return "names are in plain letters, and short"
    if not KINDS.keys() >= {*rule.kinds, *([rule.kind] if rule.kind else [])}:
        return "there is no such part of a record"
    if rule.label is not None and rule.label not in LABELS:
        return "there is no such sensitivity here"
    if rule.role is not None and rule.role not in WHOM:
        return "that role is not one to decide about"
    if rule.allow and rule.period is not None:
        return NOT_OF_A_TIME
    return _wrong_allow(rule) if rule.allow else _wrong_deny(rule)


def _wrong_deny(rule: Rule) -> str:
    if rule.kinds:
        return "a kind is hidden by itself"
    if rule.purpose in _STAFF:
        return "a carer looks for the person, not to care" if rule.role is Role.CARER else ""
    if rule.purpose in _SECONDARY:
        whole = (rule.withholds, rule.role, rule.organisation, rule.actor)
        return "" if not any(whole) else "planning and research are refused as a whole"
    if rule.purpose is Purpose.OWN_RECORD:
        carer = rule.role is Role.CARER or rule.actor is not None
        return "" if carer else "nobody is hidden from themselves"
    return "checks that the record is right are not refused"


def _wrong_allow(rule: Rule) -> str:
    if rule.purpose is Purpose.OWN_RECORD:
        named = rule.actor is not None and rule.withholds is None
        return "" if named and rule.organisation is None else "a carer is let in by their name"
    if rule.purpose in {Purpose.DIRECT_CARE, Purpose.EMERGENCY}:
        if rule.withholds is None or rule.kinds:
            return "the rules for everybody say who may look; a part may be shown to more"
        return "a carer is let in by their name" if rule.role is Role.CARER else ""
    return "that is not let in by one person's decision"


def _as_kept(rule: Rule) -> list[Rule]:
    """The rule, with a reason where it has none; of a carer one for each view that a carer has."""
    if rule.allow and rule.purpose is Purpose.OWN_RECORD:
        said = replace(rule, reason=REASONS[Act.CARER], basis="asked by the person")
        return [replace(said, view=view, role=None) for view in PROXY_VIEWS]
    reason = rule.reason or REASONS[Act.SHOW if rule.allow else Act.HIDE]
    return [replace(rule, view=None, reason=reason)]


def _plain(name: str) -> bool:
    return 0 < len(name) <= _LONGEST and name.isprintable()
