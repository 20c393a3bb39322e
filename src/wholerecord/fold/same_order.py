"""Names of medicines that only an order explains: a brand, by what was handed out on it.

What names the order it carries out is of that order's medicine: where one of the two has a name
that nothing knows, it means what the other does.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from wholerecord.fold.medicine_said import MedicineShape
from wholerecord.fold.therapy import Therapy
from wholerecord.fold.told import Around, Key, in_order

#: Of each name, the therapies that are called so, oldest first.
Named = dict[str, list[Therapy]]


def join_by_order(same: Named, around: Around) -> None:
    """Put what has a name that nobody knows under the one substance that its orders say it is.

    Nothing moves that could be two substances, nor to what is kept apart by product.
    """
    if all(each[0].concept for each in same.values()):
        return
    by_key = {one.told.key: one for each in same.values() for one in each}
    means: dict[str, dict[str, Therapy]] = {}
    for one, ordered in _carried_out(by_key, around):
        for strange, known in ((one, ordered), (ordered, one)):
            if strange.concept is None and known.concept is not None:
                means.setdefault(strange.name, {})[known.name] = known
    for name in sorted(means):
        (known, *others) = means[name].values()
        if others or known.concept is None or "|" in known.name:
            continue
        same_as = {"concept": known.concept, "name": known.name, "gap_days": known.gap_days}
        moved = [replace(one, **same_as) for one in same.pop(name)]
        both = {one.told.key: one for one in (*same[known.name], *moved)}
        same[known.name] = [both[told.key] for told in in_order([t.told for t in both.values()])]


def _carried_out(by_key: dict[Key, Therapy], around: Around) -> Iterator[tuple[Therapy, Therapy]]:
    """Each therapy that carries out an order of another name, with that order."""
    for one in by_key.values():
        body = one.told.body
        for order in body.orders if isinstance(body, MedicineShape) else ():
            found = around.find(one.told, order.reference)
            ordered = by_key.get(found.key) if found else None
            if ordered is not None and ordered.name != one.name:
                yield one, ordered
