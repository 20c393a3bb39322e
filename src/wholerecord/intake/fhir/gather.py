"""Sayings gathered patient by patient, in the order they were said."""

from datetime import datetime

from wholerecord.intake.reading import Fault, Merge, PatientReading, Reading
from wholerecord.record import PatientKey, Saying


class Gathered:
    """A reading in the making."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.merges: list[Merge] = []
        self.directory: list[Saying] = []
        self._patients: dict[str, list[Saying]] = {}
        self._lifted: set[tuple[str, bytes]] = set()

    def said(self, number: str, saying: Saying) -> None:
        """File `saying` with the patient `number`."""
        self._patients.setdefault(number, []).append(saying)

    def lifted(self, number: str, saying: Saying) -> None:
        """File a Patient found inside another resource, once however many contain the same."""
        if (number, saying.body) not in self._lifted:
            self._lifted.add((number, saying.body))
            self.said(number, saying)

    def merge(self, kept: str, retired: str, place: str, said: datetime | None) -> None:
        """Note that the source has made two of its patients one."""
        if kept != retired:
            pair = (PatientKey(self.source, kept), PatientKey(self.source, retired))
            self.merges.append(Merge(kept=pair[0], retired=pair[1], place=place, said=said))

    def reading(self) -> Reading:
        """Everything gathered."""
        return Reading(
            patients=tuple(
                PatientReading(about=PatientKey(self.source, number), sayings=tuple(sayings))
                for number, sayings in self._patients.items()
            ),
            directory=tuple(self.directory),
            merges=tuple(self.merges),
            faults=tuple(self.faults),
        )
