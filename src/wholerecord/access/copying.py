"""Which statements of a person are never copied into the tables that are counted, and the rest.

Whoever counts is told nothing of a sealed item, so it is not there to be counted; and what the law
keeps within care is not there either. They are taken out before the fold (see `withhold`), so that
nothing that stays was shaped by them. Sources: NHS Trusts and Primary Care Trusts (Sexually
Transmitted Diseases) Directions 2000; Gender Recognition Act 2004, section 22; Human Fertilisation
and Embryology Act 1990, section 33A. A demonstration's list until a governance lead signs it.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, TypeVar

from wholerecord.access.opening import Verdict
from wholerecord.access.withhold import told_of, withheld_addresses, withheld_keys, without
from wholerecord.consent import Purpose, Rule
from wholerecord.errors import WholerecordError
from wholerecord.fold import Record, Ruling, fold
from wholerecord.fold.policy import Policy, folded_by
from wholerecord.record import PersonId, Statement

#: Labels of what is copied nowhere, whatever a rule allows.
NEVER = frozenset({"sealed", "sexual-health"})
_COUNTED = frozenset({Purpose.PLANNING, Purpose.RESEARCH})


T = TypeVar("T")


class FoldingEnded(WholerecordError):
    """A process that folded was ended from outside, for want of memory perhaps: begin again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying(Generic[T]):
    """How records are copied: by `make`, of some people's numbers and records at once.

    Where there is a `pool`, they are folded and copied in its processes, which have to have the
    same terminology and get no more than they are to fold; so `make` must go there and back.
    """

    number: Callable[[PersonId], int]
    make: Callable[[Sequence[tuple[int, Record]]], T]
    pool: Executor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied(Generic[T]):
    """Some people as they may be counted, each with their `state`, and what was made of them.

    None is `made` of those who are nobody any longer. A state changes whenever the record may
    have: ask with it again, and only who changed comes.
    """

    states: tuple[tuple[PersonId, str], ...]
    made: T | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What one person's record is folded from: it is folded, and shown to nobody."""

    number: int
    statements: Sequence[Statement]
    rulings: Sequence[Ruling]
    withheld: frozenset[str]


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


def make_of(
    materials: Sequence[Material],
    policy: Policy,
    folded: str,
    make: Callable[[Sequence[tuple[int, Record]]], T],
) -> T:
    """What is made of some people's records, each without what is withheld.

    Raises:
        FoldingEnded: this process folds otherwise than `folded`, the version of the fold, says.
    """
    if folded_by(policy) != folded:
        raise FoldingEnded("It has another terminology.")
    return make(
        [
            (one.number, copied(one.statements, one.rulings, one.withheld, policy))
            for one in materials
        ]
    )


def of_all(rules: Iterable[Rule], policy: Policy) -> str:
    """What everybody's state begins with: it changes with the fold and with the general rules."""
    withheld = "\0".join(sorted(withheld_from_counts(rules)))
    return blake2b(f"{folded_by(policy)}\0{withheld}".encode(), digest_size=8).hexdigest()
