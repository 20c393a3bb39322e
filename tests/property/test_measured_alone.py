"""What says a number alone, and is read by a shorter way, is folded like any other observation."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.property.test_fold_laws import EXAMPLES, filed
from tests.property.test_onward import numbers, said
from wholerecord.fold import Entry
from wholerecord.fold.measures import WAY
from wholerecord.fold.route import way_of
from wholerecord.fold.told import Around, Told
from wholerecord.fold.versions import Versions, versions


def entries(told: list[Told], done: Versions, named: list[Told]) -> list[Entry]:
    """The entries of the measurements, of which some are named by a panel."""
    current = done.current | {one.key: one for one in told}
    around = Around(current, done.earlier, {one.key: "Renal profile" for one in named})
    return sorted((WAY.make(group, around) for group in WAY.gather(told, around)), key=repr)


def at_length(told: Told) -> Told:
    """The same statement, as one that says more than a number."""
    return replace(told, measure=None)


several = st.lists(st.tuples(st.sampled_from(["gp", "acute"]), numbers), max_size=8).map(filed)


@EXAMPLES
@given(st.one_of(said, several), st.integers(1, 3))
def test_a_number_said_alone_is_measured_as_any_other(statements, nth):
    done = versions(statements)
    told = [one for one in done.current.values() if way_of(one) is WAY]
    alike = [at_length(one) for one in told]
    assert entries(told, done, told[::nth]) == entries(alike, done, alike[::nth])
