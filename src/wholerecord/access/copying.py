"""Which statements of a person are never copied into the tables that are counted, and the rest.

Whoever counts is told nothing of a sealed item, so it is not there to be counted; and what the law
keeps within care is not there either. They are taken out before the fold (see `withhold`), so that
nothing that stays was shaped by them. Sources: NHS Trusts and Primary Care Trusts (Sexually
Transmitted Diseases) Directions 2000; Gender Recognition Act 2004, section 22; Human Fertilisation
and Embryology Act 1990, section 33A. A demonstration's list until a governance lead signs it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from wholerecord.access.opening import Verdict
from wholerecord.access.withhold import told_of, withheld_addresses, withheld_keys, without
from wholerecord.consent import Purpose, Rule
from wholerecord.fold import Record, Ruling, fold
from wholerecord.fold.policy import Policy, folded_by
from wholerecord.record import PersonId, Statement

#: Labels of what is copied nowhere, whatever a rule allows.
NEVER = frozenset({"sealed", "sexual-health"})
_COUNTED = frozenset({Purpose.PLANNING, Purpose.RESEARCH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A record as it may be counted, or None when there is nobody any longer.

    `state` changes whenever the record may have: ask with it again, and only who changed comes.
    """

    person: PersonId
    state: str
    record: Record | None


def withheld_from_counts(rules: Iterable[Rule]) -> frozenset[str]:
    """What is not copied under these rules: `NEVER`, and what any of them withholds.

    Of general rules those about planning and research; of a person's own every one: what somebody
    hides from those who care for them is not for others to count. No rule shows it again.
    """
    return NEVER | {
        about
        for rule in rules
        if not rule.allow
        and (about := rule.withholds) is not None
        and (rule.person is not None or rule.purpose in _COUNTED)
    }


def copied(
    statements: Sequence[Statement],
    rulings: Sequence[Ruling],
    withheld: frozenset[str],
    policy: Policy,
) -> Record:
    """The record of all but the withheld. Pure."""
    whole = fold(statements, rulings, policy)
    verdict = Verdict(allowed=True, rule=0, reason="", withheld=withheld)
    keys = withheld_keys(whole, verdict)
    addresses = withheld_addresses(whole, verdict, keys)
    if not addresses:
        return whole
    return fold(without(statements, addresses), told_of(rulings, whole, addresses), policy)


def of_all(rules: Iterable[Rule], policy: Policy) -> str:
    """What everybody's state begins with: it changes with the fold and with the general rules."""
    withheld = "\0".join(sorted(withheld_from_counts(rules)))
    return blake2b(f"{folded_by(policy)}\0{withheld}".encode(), digest_size=8).hexdigest()
