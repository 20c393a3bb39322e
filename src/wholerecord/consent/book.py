"""The rules in force, in an order by which a decision finds the few that can be about it.

A rule that names a role, an organisation or somebody is about nobody else: so the general rules are
laid out by these once for each change of them, and ten thousand are no slower than a hundred. It
narrows and decides nothing: `access.decide` reads each rule that is left.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from typing import overload

from wholerecord.consent.rule import Purpose, Role, Rule


@dataclass(frozen=True, slots=True)
class Alike:
    """Rules that withhold, or show, and differ in what alone: all speak to a request or none does.

    `rule` is one of them; `of` is the rule of each thing, the oldest where there are several, and
    `things` what they are about.
    """

    rule: Rule
    of: Mapping[str, Rule]
    things: frozenset[str]


@dataclass(frozen=True, slots=True)
class Near:
    """Rules that may be about a request: those that let in or not, and those that withhold.

    Somebody hides thirty items with thirty rules, of which one question is enough.
    """

    deciding: tuple[Rule, ...] = ()
    withholding: tuple[Alike, ...] = ()


_Named = Mapping[str | None, Near]
_Placed = Mapping[str | None, _Named]
_Laid = Mapping[Purpose, Mapping[Role | None, _Placed]]


def near_of(rules: Iterable[Rule]) -> Near:
    """The rules, by what they speak of."""
    deciding: list[Rule] = []
    withholding: dict[tuple[object, ...], tuple[Rule, dict[str, Rule]]] = {}
    for rule in rules:
        about = rule.withholds
        if about is None:
            deciding.append(rule)
            continue
        _, of = withholding.setdefault(_speaks_as(rule), (rule, {}))
        if about not in of or rule.n < of[about].n:
            of[about] = rule
    return Near(
        tuple(deciding), tuple(Alike(rule, of, frozenset(of)) for rule, of in withholding.values())
    )


def _speaks_as(rule: Rule) -> tuple[object, ...]:
    """What says whether a rule speaks to a request, and how strong it is but for its number."""
    return (
        rule.allow,
        rule.purpose,
        rule.view,
        rule.role,
        rule.organisation,
        rule.actor,
        rule.person,
        rule.related,
        rule.since,
        rule.until,
    )


class Shelf:
    """Rules laid out by purpose, role, organisation and name. Never changed."""

    __slots__ = ("_laid", "rules")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._laid = _laid_out(self.rules)

    def near(self, purpose: Purpose, role: Role, organisation: str, actor: str) -> Iterator[Near]:
        """Every rule that may be about such a request, and few others."""
        by_role = self._laid.get(purpose)
        if by_role is None:
            return
        for placed in (by_role.get(role), by_role.get(None)):
            if placed is None:
                continue
            for named in (placed.get(organisation), placed.get(None)):
                if named is None:
                    continue
                for near in (named.get(actor), named.get(None)):
                    if near is not None:
                        yield near


@dataclass(frozen=True, slots=True)
class Book(Sequence[Rule]):
    """The general rules and one person's own, by number where it is read as a list."""

    general: Shelf
    own: tuple[Rule, ...] = ()
    _own: Near = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_own", near_of(self.own))

    def near(self, purpose: Purpose, role: Role, organisation: str, actor: str) -> Iterator[Near]:
        """See `Shelf.near`; with all that are the person's own."""
        if self.own:
            yield self._own
        yield from self.general.near(purpose, role, organisation, actor)

    def __iter__(self) -> Iterator[Rule]:
        """Every rule, by number."""
        return merge(self.general.rules, self.own, key=lambda rule: rule.n)

    def __len__(self) -> int:
        """How many rules there are."""
        return len(self.general.rules) + len(self.own)

    @overload
    def __getitem__(self, place: int) -> Rule: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Rule]: ...
    def __getitem__(self, place: int | slice) -> Rule | Sequence[Rule]:
        """The rule at a place of the list by number."""
        return tuple(self)[place]


def near(
    rules: Sequence[Rule], purpose: Purpose, role: Role, organisation: str, actor: str
) -> Iterator[Near]:
    """Every rule of `rules` that may be about such a request: of a plain list, all.

    >>> rule = Rule(allow=True, purpose=Purpose.RESEARCH, reason="", role=Role.GP, n=1)
    >>> book = Book(Shelf([rule]))
    >>> [len(each.deciding) for each in near(book, Purpose.RESEARCH, Role.GP, "A1", "ann")]
    [1]
    >>> list(near(book, Purpose.RESEARCH, Role.NURSE, "A1", "ann"))
    []
    """
    if isinstance(rules, Book):
        yield from rules.near(purpose, role, organisation, actor)
    else:
        yield near_of(rules)


def _laid_out(rules: Iterable[Rule]) -> _Laid:
    laid: dict[Purpose, dict[Role | None, dict[str | None, dict[str | None, list[Rule]]]]] = {}
    for rule in rules:
        placed = laid.setdefault(rule.purpose, {}).setdefault(rule.role, {})
        placed.setdefault(rule.organisation, {}).setdefault(rule.actor, []).append(rule)
    return {
        purpose: {
            role: {
                place: {name: near_of(each) for name, each in named.items()}
                for place, named in placed.items()
            }
            for role, placed in by_role.items()
        }
        for purpose, by_role in laid.items()
    }
