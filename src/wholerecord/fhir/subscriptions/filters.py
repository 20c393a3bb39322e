"""What of a topic a subscriber wants: searches, each asked of one resource alone.

Source: Subscriptions R5 Backport IG 1.1.0, "Filtering": `Type?parameter=value&…`. All filters of a
type have to hold. A subscription with filters tells of the types they name and of no other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from wholerecord.errors import WholerecordError
from wholerecord.fhir.problem import problem
from wholerecord.fhir.search import Around, Held, World, read, scope
from wholerecord.fhir.search.path import Json
from wholerecord.fhir.search.plan import AnyOf, Chain, Filter, Listed, Plan, Pointed
from wholerecord.fhir.search.select import test
from wholerecord.fhir.subscriptions.topics import Topic
from wholerecord.fhir.terminology.value_set import known_set
from wholerecord.record import LogicalId

#: Filters of one subscription.
MOST = 20
_NOTHING = World(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtering:
    """The filters of one subscription, read. `plans` is by type; of no types: no filter at all."""

    kinds: frozenset[str]
    plans: Sequence[Plan]

    @property
    def named(self) -> tuple[LogicalId, ...]:
        """The patients that the filters name, if each names some: of others nothing is told."""
        each = [scope.patients(plan) for plan in self.plans]
        if not each or not all(each):
            return ()
        parsed = (LogicalId.parse(one) for ids in each for one in ids)
        return tuple(dict.fromkeys(one for one in parsed if one is not None))

    def fits(self, kind: str) -> Callable[[Json], bool]:
        """Whether a resource of that type is wanted."""
        tests = [
            test(one, _NOTHING) for plan in self.plans if plan.type == kind for one in plan.filters
        ]
        return lambda resource: all(fits(Held(resource)) for fits in tests)

    def wants_gone(self, kind: str) -> bool:
        """Whether it is told that a resource was taken back, of which nothing more can be asked."""
        return all(
            len(scope.patients(plan)) > 0 and len(plan.filters) == 1
            for plan in self.plans
            if plan.type == kind
        )


def filtering(topic: Topic, written: Sequence[str], base: str) -> Filtering:
    """The filters as they were written.

    Raises:
        Problem: 422, one cannot be asked of one resource alone, or is of another type.
    """
    if len(written) > MOST:
        raise problem(422, "too-costly", f"At most {MOST} filters.", "Subscription.criteria")
    around = Around(
        now=datetime.now(UTC), base=base, value_set=lambda address: known_set(address).has
    )
    plans: list[Plan] = []
    for one in written:
        kind, _, query = one.partition("?")
        if kind not in topic.kinds:
            raise problem(422, "value", "A filter is of no type of the topic.", _PLACE)
        try:
            pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
            plan = read(kind, pairs, around)
        except (WholerecordError, ValueError) as error:
            says = str(error) if isinstance(error, WholerecordError) else "It is no search."
            raise problem(422, "value", says, _PLACE) from None
        if plan.includes or any(_looks_elsewhere(each) for each in plan.filters):
            says = "A filter is asked of the resource alone: no chain, _has, _list or _include."
            raise problem(422, "not-supported", says, _PLACE)
        plans.append(plan)
    kinds = frozenset(plan.type for plan in plans) or topic.kinds
    return Filtering(kinds=kinds, plans=tuple(plans))


_PLACE = "Subscription.criteria.extension"


def _looks_elsewhere(one: Filter) -> bool:
    match one:
        case Chain() | Pointed() | Listed():
            return True
        case AnyOf(filters=filters):
            return any(map(_looks_elsewhere, filters))
        case _:
            return False
