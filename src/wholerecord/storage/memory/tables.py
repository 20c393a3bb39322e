"""What the reference store holds: lists and dictionaries; only who is who now is derived."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from wholerecord.access.concerns import Concern
from wholerecord.access.corrections import Correction
from wholerecord.access.doubts import Doubt
from wholerecord.access.outbox import Choice
from wholerecord.access.subscriptions import Happening, News, Subscription
from wholerecord.access.wrong_facts import Misinformed
from wholerecord.audit import Opening, Seal, Tile
from wholerecord.consent import Preference, Rule
from wholerecord.errors import NotFound
from wholerecord.fold import Ruling
from wholerecord.fold.policies import Proposal
from wholerecord.fold.policies import Step as PolicyStep
from wholerecord.intake import Kept, Merge, Parked, Unmerge
from wholerecord.intake.ledger import Hour
from wholerecord.intake.parked import ParkedStep, Step
from wholerecord.intake.replay import Replay
from wholerecord.people import Asked, Demographics, LinkEvent, Member
from wholerecord.record import (
    LogicalId,
    MessageId,
    PatientId,
    PatientKey,
    PersonId,
    Source,
    Statement,
)
from wholerecord.research.gateway.prompts import Prompt, Words
from wholerecord.research.openly.budget import Spending
from wholerecord.research.register import Query
from wholerecord.storage.memory.study_tables import StudyTables
from wholerecord.storage.merged import Merged
from wholerecord.storage.rereading import Reread
from wholerecord.storage.text import storable


@dataclass(slots=True)
class Patient:
    """A patient as one source knows them. `filed` says when each `t` was filed, the first at 1."""

    key: PatientKey
    demographics: Demographics | None = None
    described: datetime | None = None
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    filed: list[datetime] = field(default_factory=list[datetime])
    statements: list[Statement] = field(default_factory=list[Statement])

    @property
    def t(self) -> int:
        """How often something was filed about them."""
        return len(self.filed)


@dataclass(slots=True)
class Waiting:
    """A message to a person, as the outbox holds it."""

    look: Opening
    choice: Choice
    due: datetime
    tries: int = 0
    sent: bool = False
    dropped: str = ""


@dataclass(slots=True)
class Told:
    """A subscription, when its next notification is due, and its events from the first on."""

    one: Subscription
    due: datetime | None
    events: list[Happening] = field(default_factory=list[Happening])


@dataclass(slots=True)
class Asking:
    """A request to a source, when its message goes next, and until which `t` it was held."""

    one: Correction
    next: datetime
    t: int


@dataclass(slots=True)
class Tables:
    """Everything the store holds. Numbers (`n`, message ids) are places in a list, from 1."""

    sources: dict[str, Source] = field(default_factory=dict[str, Source])
    messages: list[Kept] = field(default_factory=list[Kept])
    kept: dict[tuple[str, bytes], MessageId] = field(
        default_factory=dict[tuple[str, bytes], MessageId]
    )
    named: dict[tuple[str, str, str], MessageId] = field(
        default_factory=dict[tuple[str, str, str], MessageId]
    )
    reused: set[MessageId] = field(default_factory=set[MessageId])
    posted: dict[tuple[str, str], bytes] = field(default_factory=dict[tuple[str, str], bytes])
    waiting: list[MessageId] = field(default_factory=list[MessageId])
    claimed: set[MessageId] = field(default_factory=set[MessageId])
    said: int = 0
    newest: dict[str, datetime] = field(default_factory=dict[str, datetime])
    parked: list[Parked] = field(default_factory=list[Parked])
    steps: list[ParkedStep] = field(default_factory=list[ParkedStep])
    book: dict[tuple[str, datetime], Hour] = field(default_factory=dict[tuple[str, datetime], Hour])
    rereads: list[Reread] = field(default_factory=list[Reread])
    replays: list[Replay] = field(default_factory=list[Replay])
    replayed: dict[tuple[int, MessageId], tuple[Merge | Unmerge, ...]] = field(
        default_factory=dict[tuple[int, MessageId], "tuple[Merge | Unmerge, ...]"]
    )
    control: dict[MessageId, tuple[str, str]] = field(
        default_factory=dict[MessageId, tuple[str, str]]
    )
    patients: dict[PatientId, Patient] = field(default_factory=dict[PatientId, Patient])
    to_link: list[PatientId] = field(default_factory=list[PatientId])
    to_merge: list[Merge | Unmerge] = field(default_factory=list["Merge | Unmerge"])
    to_bridge: list[tuple[PatientId, PatientId]] = field(
        default_factory=list[tuple[PatientId, PatientId]]
    )
    merged: Merged = field(default_factory=Merged)
    person: dict[PatientId, PersonId] = field(default_factory=dict[PatientId, PersonId])
    events: list[LinkEvent] = field(default_factory=list[LinkEvent])
    apart: set[tuple[PatientId, PersonId]] = field(default_factory=set[tuple[PatientId, PersonId]])
    reviews: list[tuple[int, datetime, Asked]] = field(
        default_factory=list[tuple[int, datetime, Asked]]
    )
    asked: int = 0
    answers: dict[tuple[PatientId, PersonId, str], Asked] = field(
        default_factory=dict[tuple[PatientId, PersonId, str], Asked]
    )
    wrong_facts: list[tuple[PatientId, str, str, datetime]] = field(
        default_factory=list[tuple[PatientId, str, str, datetime]]
    )
    misinformed: list[Misinformed] = field(default_factory=list[Misinformed])
    told: dict[tuple[str, int], datetime] = field(default_factory=dict[tuple[str, int], datetime])
    choices: dict[str, tuple[Choice, datetime]] = field(
        default_factory=dict[str, tuple[Choice, datetime]]
    )
    dispatches: list[Waiting] = field(default_factory=list[Waiting])
    dispatched: set[tuple[str, str, str, date]] = field(
        default_factory=set[tuple[str, str, str, date]]
    )
    dispatched_until: int = 0
    concerns: list[Concern] = field(default_factory=list[Concern])
    rulings: list[Ruling] = field(default_factory=list[Ruling])
    corrections: list[Asking] = field(default_factory=list[Asking])
    policies: list[Proposal] = field(default_factory=list[Proposal])
    policy_steps: list[PolicyStep] = field(default_factory=list[PolicyStep])
    rules: list[Rule] = field(default_factory=list[Rule])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    watched: dict[str, str] = field(default_factory=dict[str, str])
    preferences: list[Preference] = field(default_factory=list[Preference])
    ended: set[int] = field(default_factory=set[int])
    openings: list[Opening] = field(default_factory=list[Opening])
    seals: list[Seal] = field(default_factory=list[Seal])
    prompts: list[tuple[Prompt, Words | None]] = field(
        default_factory=list[tuple[Prompt, Words | None]]
    )
    spendings: list[Spending] = field(default_factory=list[Spending])
    tiles: dict[int, Tile] = field(default_factory=dict[int, Tile])
    queries: list[Query] = field(default_factory=list[Query])
    identities: set[tuple[int, str, LogicalId]] = field(
        default_factory=set[tuple[int, str, LogicalId]]
    )
    studies: StudyTables = field(default_factory=StudyTables)
    erased: set[MessageId] = field(default_factory=set[MessageId])
    marks: dict[str, str] = field(default_factory=dict[str, str])
    subscriptions: dict[str, Told] = field(default_factory=dict[str, Told])
    news: dict[int, News] = field(default_factory=dict[int, News])
    heard: int = 0

    def member(self, patient: PatientId, t: int | None = None) -> Member:
        """The patient as a member, at `t` or now."""
        known = self.patients[patient]
        return Member(
            patient=patient,
            source=known.key.source,
            number=known.key.number,
            controller=self.sources[known.key.source].controller,
            t=known.t if t is None else t,
            demographics=known.demographics or Demographics(),
        )

    def step(
        self,
        parked: int,
        step: Step,
        *,
        by: str,
        why: str,
        given_to: str = "",
        replay: int | None = None,
    ) -> None:
        """Write down what was done about a parked item."""
        self.steps.append(
            ParkedStep(
                n=len(self.steps) + 1,
                parked=parked,
                step=step,
                at=now(),
                by=storable(by),
                given_to=storable(given_to),
                why=storable(why),
                replay=replay,
            )
        )

    def write(
        self, source: str, received: datetime, *, lag: float | None = None, **counts: int
    ) -> None:
        """Add to the ledger's page of the hour in which a message was received."""
        hour = received.replace(minute=0, second=0, microsecond=0)
        page = self.book.get((source, hour)) or Hour(source=source, hour=hour)
        added = {name: getattr(page, name) + count for name, count in counts.items()}
        if counts.get("kept"):
            page = replace(page, first=page.first or received, last=received)
        if lag is not None:
            page = replace(page, lagged=page.lagged + 1, lag=page.lag + lag)
        self.book[source, hour] = replace(page, **added)

    def known(self, patient: PatientId) -> Patient:
        """The patient, or NotFound."""
        try:
            return self.patients[patient]
        except KeyError:
            raise NotFound(f"No patient has the id {patient}.") from None


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)
