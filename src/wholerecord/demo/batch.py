"""Happenings gathered as sources send them: what is old at once, then day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from wholerecord.demo.happening import Happening, Told
from wholerecord.demo.human import Known


@dataclass(frozen=True, slots=True)
class Batch:
    """What one source sends about one patient at once; `who` is as it knows them by then."""

    who: Known
    sent: datetime
    happenings: tuple[Happening, ...]


def batches(told: Iterable[Told], live: datetime) -> Iterator[Batch]:
    """Every happening in exactly one batch, by patient and time.

    What was said before `live` goes in one batch sent at `live`: the first load. Afterwards each
    day's is one batch, sent when the last of it was said.
    """
    in_order = sorted(told, key=lambda one: (one.who.number, said_at(one.what), one.what.id))
    for _, sending in groupby(in_order, key=lambda one: (one.who.number, _when(one, live))):
        group = tuple(sending)
        last = group[-1]
        sent = max(said_at(last.what), live)
        yield Batch(last.who, sent, tuple(one.what for one in group))


def said_at(what: Happening) -> datetime:
    """When the source said it: for a result, when it was issued; for a stay, when it ended."""
    said = getattr(what, "issued", None) or what.at
    ended = getattr(what, "until", None)
    return ended if isinstance(ended, datetime) else said


def _when(one: Told, live: datetime) -> str:
    at = said_at(one.what)
    return "" if at < live else at.date().isoformat()
