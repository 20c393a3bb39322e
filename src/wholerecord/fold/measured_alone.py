"""What an observation that says a number, and little else, says was measured.

Nearly all of a person's thousands are so. It is worked out while what was read is at hand: a long
record does not fit in a processor's cache, and a later walk over what was read fetches it again.
"""

from wholerecord.fold.measurand import Measurand
from wholerecord.fold.measure_said import ObservationSaid
from wholerecord.fold.record import Measure
from wholerecord.fold.shape import NO_META


def measured_alone(body: ObservationSaid, what: Measurand) -> Measure | None:
    """What it measured, in no report and never said otherwise; None where it says more.

    More is: parts, members, a specimen, tags of its own.
    """
    quantity, meta = body.value_quantity, body.meta
    if quantity is None or body.component or body.has_member or body.specimen is not None:
        return None
    if meta is not NO_META and (meta.tag or meta.security):
        return None
    number = quantity.value
    if number is None or quantity.comparator:
        return None
    unit = quantity.unit or quantity.code
    return Measure(str(number), number, unit, what.low, what.high, what.flag)


def in_report(alone: Measure, group: str) -> Measure:
    """The same, as a result of the report or panel `group`."""
    return Measure(
        alone.value,
        alone.number,
        alone.unit,
        alone.low,
        alone.high,
        alone.flag,
        (),
        group,
    )
