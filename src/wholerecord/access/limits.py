"""What an app may do in somebody's name: less than they may, or the same, and never more."""

from dataclasses import dataclass

from wholerecord.consent import View
from wholerecord.record import PersonId

NOT_LET = "the app was not let in to this"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far an app reaches: views, and the kinds of entries (`fold.Kind` values) seen in them.

    `person` is the one person it was let in to; None: whomever the actor may look at. Views and
    kinds that are not named are not let in to: empty means none. `scope` says the same in the app's
    own words, type by type, for whoever answers it.
    """

    person: PersonId | None
    views: frozenset[View] = frozenset()
    kinds: frozenset[str] = frozenset()
    scope: str = ""

    def reach(self, person: PersonId | None, view: View) -> bool:
        """Whether it reaches this view of this person, or of no single person."""
        return view in self.views and (self.person is None or person == self.person)
