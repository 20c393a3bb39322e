"""Who cares for a person as their record says, in lines that they read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wholerecord.access.tie import Tie
from wholerecord.portal.shared import words


@dataclass(frozen=True, slots=True, kw_only=True)
class TieLine:
    """One line. `until` says when it ends by itself."""

    who: str
    because: str
    since: str
    until: str


def tie_lines(ties: Sequence[Tie], places: Mapping[str, str]) -> tuple[TieLine, ...]:
    """What makes relationships, in the order given. `places` are names by ODS code."""
    return tuple(
        TieLine(
            who=_who(tie, places.get(tie.organisation, tie.organisation)),
            because=f"{tie.ground.value}: {tie.given}" if tie.given else tie.ground.value,
            since=words.moment(tie.since),
            until=words.moment(tie.until) if tie.until else "you register elsewhere",
        )
        for tie in ties
    )


def _who(tie: Tie, place: str) -> str:
    return f"{tie.name} at {place}" if tie.name else place
