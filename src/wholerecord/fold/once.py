"""What is worked out of a record, once for as long as that record is there."""

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import ref

from wholerecord.fold.record import Record
from wholerecord.terms import forgets

T = TypeVar("T")


class Once(Generic[T]):
    """What `work` gives of a record, remembered by the very record and forgotten with it.

    A record never changes, so what is worked out of it alone is the same each time it is asked. It
    must not hold the record itself, which would then never be let go of.
    """

    def __init__(self, work: Callable[[Record], T]) -> None:
        self._work = work
        self._known: dict[int, tuple[ref[Record], T]] = {}
        forgets(self._known.clear)

    def of(self, record: Record) -> T:
        """What it is of this record."""
        name = id(record)
        known = self._known.get(name)
        if known is not None and known[0]() is record:
            return known[1]
        found = self._work(record)
        self._known[name] = (ref(record, lambda gone: self._forget(name, gone)), found)
        return found

    def _forget(self, name: int, gone: ref[Record]) -> None:
        """Let go of it, unless another record has the name by now."""
        known = self._known.get(name)
        if known is not None and known[0] is gone:
            del self._known[name]
