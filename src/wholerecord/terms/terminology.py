"""The terminology in force in this process: the releases loaded when it started, or none.

It does not change while a process runs, so that whatever is worked out with it (a fold, a check)
is the same every time: `take_up` is called once, by the program, before anything is asked.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from wholerecord.terms.content import Term
from wholerecord.terms.release import Damaged, Loaded, Release, Shelf
from wholerecord.terms.systems import holders

#: What is said where no release is loaded.
NONE_LOADED = "no terminology release is loaded"


class Terminology:
    """Releases in force. `faults` are those that could not be read, in words."""

    def __init__(
        self, releases: Sequence[tuple[Loaded, Release]] = (), faults: Sequence[str] = ()
    ) -> None:
        self.loaded = tuple(loaded for loaded, _ in releases)
        self.faults = tuple(faults)
        self._by_name = {loaded.name: release for loaded, release in releases}

    @classmethod
    def of(cls, folder: Path) -> "Terminology":
        """What is in force in a folder.

        What cannot be read is a fault and never an error: a record folded without it says so.
        """
        shelf, found, faults = Shelf(folder), list[tuple[Loaded, Release]](), list[str]()
        try:
            for loaded in shelf.in_force():
                try:
                    found.append((loaded, _checked(shelf, loaded)))
                except Damaged as fault:
                    faults.append(f"{loaded.name}: {fault}")
        except Damaged as fault:
            faults.append(str(fault))
        return cls(found, faults)

    @property
    def says(self) -> str:
        """Which releases, with their versions; part of what a record was folded by."""
        said = [loaded.says for loaded in self.loaded if not loaded.name.startswith("codelist/")]
        said += [f"{fault.partition(':')[0]} damaged" for fault in self.faults]
        return ", ".join(said) or NONE_LOADED

    def release(self, name: str) -> Release | None:
        """The release of a name, None when there is none in force."""
        return self._by_name.get(name)

    def holding(self, system: str) -> Iterator[Release]:
        """The releases that hold the codes of the system at this address."""
        for name in holders(system):
            if (release := self._by_name.get(name)) is not None:
                yield release

    def term(self, system: str, code: str) -> Term | None:
        """What a code says, None when no release in force holds it. Active terms come first."""
        found = [term for one in self.holding(system) if (term := one.term(code)) is not None]
        return next((term for term in found if term.active), found[0] if found else None)

    def subsumes(self, system: str, wide: str, narrow: str) -> bool:
        """Whether `narrow` is `wide` or a kind of it, in any release of the system."""
        return any(one.subsumes(wide, narrow) for one in self.holding(system))


_in_force = Terminology()
_remembering: list[Callable[[], None]] = []


def in_force() -> Terminology:
    """The terminology of this process."""
    return _in_force


def unknown(what: str) -> str:
    """That `what` is not known, and that no release is loaded where that may be why."""
    said = f"{what} is not known"
    return said if _in_force.loaded else f"{said}; {NONE_LOADED}"


def take_up(terminology: Terminology) -> None:
    """Make it the terminology of this process, and forget what was worked out with another."""
    global _in_force  # noqa: PLW0603 - it is set once, when a program starts
    _in_force = terminology
    for forget in _remembering:
        forget()


def forgets(forget: Callable[[], None]) -> None:
    """Have `forget` called when another terminology is taken up."""
    _remembering.append(forget)


def _checked(shelf: Shelf, loaded: Loaded) -> Release:
    """The release, if its file is of the size that was written."""
    path = shelf.path(loaded)
    if not path.is_file() or path.stat().st_size != loaded.size:
        raise Damaged(f"{loaded.file} is missing or cut short.")
    return Release(path)
