"""Which reading of a message counts: the same for every store.

A message read again with a mended map or reader is filed again about each patient whose statements
change, at a new `t`. Nothing is deleted: a row says from which `t` on which filing counts, and an
undoing is another row that says the earlier one counts again. So what was seen at any `t` is what
is seen at that `t` for ever.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from wholerecord.intake.file import described
from wholerecord.people import Demographics, demographics_of
from wholerecord.record import MessageId, PatientId, Saying, Statement
from wholerecord.storage.described import NEVER

#: What is filed when a message is first read.
FIRST = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """From the patient's `t` on, what `message` says about them is what was filed at `shows`.

    `shows` is `t` itself where the message was read again then, an earlier `t` or FIRST where such
    a reading was undone.
    """

    patient: PatientId
    message: MessageId
    replay: int
    t: int
    shows: int


def marked(statements: Sequence[Statement], rereads: Sequence[Reread], t: int) -> list[Statement]:
    """One patient's statements up to `t`, those marked that are of a reading that no longer counts.

    >>> marked([], [], 3)
    []
    """
    counts: dict[MessageId, int] = {}
    again: dict[MessageId, set[int]] = defaultdict(set)
    for one in sorted((one for one in rereads if one.t <= t), key=lambda one: one.t):
        counts[one.message] = one.shows
        if one.shows == one.t:
            again[one.message].add(one.t)
    return [
        replace(one, replaced=True)
        if one.message in counts
        and counts[one.message] != (one.t if one.t in again[one.message] else FIRST)
        else one
        for one in statements
    ]


def shown_before(rereads: Iterable[Reread], message: MessageId) -> int:
    """The filing of `message` that counts now: what an undoing of the next one goes back to."""
    mine = [one for one in rereads if one.message == message]
    return max(mine, key=lambda one: one.t).shows if mine else FIRST


def demographics_now(statements: Sequence[Statement]) -> Demographics:
    """Who a patient is said to be by the message their source wrote last, of those that say it.

    Of two that were written at one time, or that do not say when, the later filed counts.

    `statements` are all of one patient's. A reading that came later does not make an old message
    newer than those that were filed after it.
    """
    place: dict[MessageId, int] = {}
    received = {one.message: one.received for one in statements}
    counting: Mapping[MessageId, list[Saying]] = defaultdict(list)
    for one in sorted(statements, key=lambda one: (one.t, one.n)):
        place.setdefault(one.message, len(place))
        if not one.replaced:
            saying = Saying(kind=one.kind, body=one.body, place=one.place)
            counting[one.message].append(saying)
    written = {
        message: described(sayings, received[message]) or NEVER
        for message, sayings in counting.items()
    }
    for message in sorted(
        counting, key=lambda message: (written[message], place[message]), reverse=True
    ):
        said = demographics_of(counting[message])
        if said is not None:
            return said
    return Demographics()
