"""Maps from SNOMED CT to ICD-10, OPCS-4 and CTV3, and from what is retired to what replaced it.

Source: SNOMED International, Release File Specifications, 5.2.9 (simple map), 5.2.10 (complex and
extended map) and 5.2.5 (association); NHS England, UK classification maps technical reference.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from wholerecord.terms.content import CTV3, ICD10, OPCS4, SNOMED, Map
from wholerecord.terms.loading.files import Given, table

#: Reference set → the system mapped to.
_TARGETS = {
    "447562003": ICD10,  # International, extended
    "999002271000000101": ICD10,  # UK, fifth edition, five characters
    "1126441000000105": OPCS4,  # UK, OPCS-4.9
    "1382401000000109": OPCS4,  # UK, OPCS-4.10
    "900000000000497000": CTV3,
}
#: Association reference set → how the retired concept stands to what it names.
_HISTORY = {
    "900000000000527005": "equivalent",  # same as
    "900000000000526001": "equivalent",  # replaced by
    "900000000000523009": "relatedto",  # possibly equivalent to
}
#: Correlation → FHIR equivalence, source to target.
_HOW = {
    "447557004": "equivalent",
    "447558002": "narrower",
    "447559001": "wider",
    "447560006": "inexact",
}
_ALWAYS = frozenset({"", "TRUE", "OTHERWISE TRUE"})


class Maps:
    """Maps by the concept they are from."""

    def __init__(self) -> None:
        self._of: dict[str, list[Map]] = {}
        self._left_out: Counter[str] = Counter()

    def of(self, code: str) -> list[Map]:
        """A concept's maps, in the order of their group and priority."""
        return sorted(
            set(self._of.get(code, ())),
            key=lambda one: (one.system, one.group, one.priority, one.code, one.rule, one.how),
        )

    def add(self, code: str, mapped: Map) -> None:
        """Add a map of `code`."""
        self._of.setdefault(code, []).append(mapped)

    def leave_out(self, refset: str) -> None:
        """Count a row of a reference set that is not known here."""
        self._left_out[refset] += 1

    @property
    def left_out(self) -> tuple[str, ...]:
        """What was not taken, in words."""
        return tuple(
            f"map reference set {refset}: {n:,} rows to a system that is not known here"
            for refset, n in sorted(self._left_out.items())
        )


#: The files' names, and what their rows are.
_FILES = {
    "simple": r"x?der2_sRefset_SimpleMap.*(?:Full|Snapshot|Delta).*\.txt",
    "rules": r"x?der2_i[isc]+Refset_(?:Extended|Complex)Map.*(?:Full|Snapshot|Delta).*\.txt",
    "history": r"x?der2_cRefset_Association.*(?:Full|Snapshot|Delta).*\.txt",
}
_COLUMNS = {
    "simple": ("mapTarget",),
    "rules": ("mapTarget", "mapGroup", "mapPriority", "mapRule", "correlationId"),
    "history": ("targetComponentId",),
}


def read_maps(given: Given) -> Maps:
    """Every active map in the files given, of each member its newest row."""
    maps = Maps()
    for kind, pattern in _FILES.items():
        for cells in _newest(given.files(pattern), kind):
            if kind == "history":
                _add_history(maps, *cells)
            else:
                _add_map(maps, *cells)
    return maps


def _newest(files: list[Path], kind: str) -> Iterator[list[str]]:
    found: dict[str, tuple[str, bool, list[str]]] = {}
    columns = ("id", "effectiveTime", "active", "refsetId", "referencedComponentId")
    for path in files:
        for member, time, active, *cells in table(path, *columns, *_COLUMNS[kind]):
            if member not in found or time > found[member][0]:
                found[member] = (time, active == "1", cells)
    yield from (cells for _, active, cells in found.values() if active)


def _add_history(maps: Maps, refset: str, code: str, target: str) -> None:
    if (how := _HISTORY.get(refset)) is not None:
        maps.add(code, Map(SNOMED, target, how))


def _add_map(maps: Maps, refset: str, code: str, target: str, *more: str) -> None:
    system = _TARGETS.get(refset)
    if not target or target.startswith("#"):
        return  # the concept has no place in that classification
    if system is None:
        maps.leave_out(refset)
    elif not more:
        maps.add(code, Map(system, target, "equivalent" if system == CTV3 else "relatedto"))
    else:
        group, priority, rule, correlation = more
        maps.add(
            code,
            Map(
                system,
                _bare(target) if system == ICD10 else target,
                _HOW.get(correlation, "relatedto"),
                int(group) if group.isdecimal() else 1,
                int(priority) if priority.isdecimal() else 1,
                "" if rule.strip() in _ALWAYS else rule,
            ),
        )


def _bare(code: str) -> str:
    """An ICD-10 code without the mark of dagger or asterisk and without fillers (`I10X`)."""
    return code.rstrip("†*DAX") if len(code) > 3 else code
