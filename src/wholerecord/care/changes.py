"""What changed in a record since somebody last looked. Pure.

A message's own envelope is no news of anybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from wholerecord.care.plumbing import is_plumbing
from wholerecord.fold import RETRACTED, Entry, Measure, Negative, Record, Said, Unfolded
from wholerecord.record import PatientId


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Entries with statements filed since, each in one place, newest first.

    `corrected` are measurements whose value was replaced. `stopped` have ended and somebody said
    something of them since. `new` are said only by statements filed since; `changed` are the rest.
    `denials` are statements filed since that there is none ("no known allergies"); `retracted`
    are those that take back an earlier one.
    """

    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    stopped: tuple[Entry, ...]
    corrected: tuple[Entry, ...]
    denials: tuple[Negative, ...]
    retracted: tuple[Unfolded, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        groups = (self.new, self.changed, self.stopped, self.corrected)
        entries = sum(len(group) for group in groups)
        return entries + len(self.denials) + len(self.retracted)


def changes_since(record: Record, seen: Mapping[PatientId, int]) -> Changes:
    """What was filed after each patient's `t` in `seen`; of a patient not in it, everything."""
    then = dict(seen)
    return _changes(record, lambda said: said.t > then.get(said.patient, -1))


#: When nothing was filed since.
NOTHING = Changes(new=(), changed=(), stopped=(), corrected=(), denials=(), retracted=())


def changes_after(record: Record, moment: datetime) -> Changes:
    """What was received after `moment`."""
    return _changes(record, lambda said: said.received > moment)


def _changes(record: Record, fresh: Callable[[Said], bool]) -> Changes:
    before = {one.said.id_key for one in record.superseded if not fresh(one.said)}
    found: dict[str, list[Entry]] = {
        name: [] for name in ("new", "changed", "stopped", "corrected")
    }
    for entry in record.entries:
        told = [fresh(said) for said in entry.said_by]
        if any(told) and not is_plumbing(entry):
            known = not all(told) or any(said.id_key in before for said in entry.said_by)
            found[_change(entry, known=known)].append(entry)
    return Changes(
        new=tuple(found["new"]),
        changed=tuple(found["changed"]),
        stopped=tuple(found["stopped"]),
        corrected=tuple(found["corrected"]),
        denials=tuple(one for one in record.negatives if fresh(one.said)),
        retracted=tuple(
            one for one in record.superseded if fresh(one.said) and one.why == RETRACTED
        ),
    )


def _change(entry: Entry, *, known: bool) -> str:
    if isinstance(entry.detail, Measure) and entry.detail.corrected_from:
        return "corrected"
    if not known:
        return "new"
    return "stopped" if entry.status in {"stopped", "resolved"} else "changed"
