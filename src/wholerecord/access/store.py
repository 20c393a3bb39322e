"""Everything the door stands in front of, as one port."""

from typing import Protocol

from wholerecord.access.concerns import Concerns
from wholerecord.access.corrections import Corrections
from wholerecord.access.deed import Acts
from wholerecord.access.departures import Departures
from wholerecord.access.doubts import Doubts
from wholerecord.access.opening import Openings
from wholerecord.access.outbox import Outbox
from wholerecord.access.saying import Writings
from wholerecord.access.subscriptions import Subscriptions
from wholerecord.access.tellings import Tellings
from wholerecord.access.wrong_facts import WrongFacts
from wholerecord.audit import Log
from wholerecord.consent import Preferences, Rules
from wholerecord.consent.lookup import LookUps
from wholerecord.fold import Rulings
from wholerecord.fold.policies import Policies
from wholerecord.intake import Inbox
from wholerecord.intake.ledger import Ledger
from wholerecord.intake.parked import ParkedWork
from wholerecord.intake.replay import Replays
from wholerecord.intake.trace import Traces
from wholerecord.people import Register
from wholerecord.record import Marks, Resources, Statements


class Store(
    Openings,
    Acts,
    Tellings,
    WrongFacts,
    Writings,
    Outbox,
    Subscriptions,
    Concerns,
    Corrections,
    Doubts,
    Statements,
    Resources,
    Inbox,
    ParkedWork,
    Replays,
    Ledger,
    Traces,
    Register,
    Rulings,
    Policies,
    Rules,
    Preferences,
    LookUps,
    Departures,
    Log,
    Marks,
    Protocol,
):
    """What every store is."""
