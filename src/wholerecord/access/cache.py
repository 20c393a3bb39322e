"""Folded records, kept while what they were folded from is unchanged. Never the truth."""

from collections import OrderedDict

from wholerecord.fold import Record
from wholerecord.record import PatientId

#: What a fold depends on: every patient's `t`, the rulings' number, and the policy's digest.
Vector = tuple[tuple[tuple[PatientId, int], ...], int, str]


class RecordCache:
    """The records folded last, up to `statements` in all. Dropping any of them is always safe."""

    def __init__(self, statements: int = 500_000) -> None:
        self._most = statements
        self._held = 0
        self._records: OrderedDict[Vector, Record] = OrderedDict()

    def get(self, vector: Vector) -> Record | None:
        """The record folded from exactly this, or None."""
        record = self._records.get(vector)
        if record is not None:
            self._records.move_to_end(vector)
        return record

    def put(self, vector: Vector, record: Record) -> None:
        """Keep `record`, letting go of those used longest ago."""
        if vector not in self._records:
            self._held += record.statements + 1
        self._records[vector] = record
        while self._held > self._most and len(self._records) > 1:
            _, old = self._records.popitem(last=False)
            self._held -= old.statements + 1
