"""One prompt from end to end: opened, redacted, looked over, kept, sent, kept, restored.

What each mark stands for never leaves this function. When anything is taken out only to be safe,
when the record withholds entries (so that whom they name was not looked for), or when a second look
at what would leave finds something, nothing leaves: whoever asked takes it out and asks again.
"""

from dataclasses import dataclass
from typing import Protocol

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.errors import Incorrect, Unavailable
from wholerecord.record import PersonId
from wholerecord.research.gateway.prompts import Fate, Prompts
from wholerecord.research.redact import known_of, left_in, redact

#: Characters of a prompt.
MOST = 100_000


class TooLong(Incorrect):
    """A prompt has 1 to 100,000 characters."""


class NoAnswer(Unavailable):
    """The language model did not answer: what was sent is kept, and may be asked again."""


class Model(Protocol):
    """The language model. `name` is what the log calls it."""

    @property
    def name(self) -> str:
        """What the log calls it: its host."""
        ...

    async def complete(self, prompt: str) -> str:
        """Its answer.

        Raises:
            NoAnswer: it gave none.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the prompt that may say who somebody is; `withheld` has no place."""

    at: int
    until: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Nothing left.

    `places` are to be taken out by whoever asked; `withheld` entries of the record may name people
    whom nobody looked for.
    """

    n: int
    places: tuple[Place, ...]
    withheld: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer with every name as it was. `n` is its number in the log."""

    n: int
    answer: str
    taken_out: int

    def __repr__(self) -> str:
        return "Answered(…)"  # a repr can reach a log


async def ask(
    door: Door, prompts: Prompts, model: Model, person: PersonId, prompt: str
) -> Answered | Unsure | Refused:
    """The model's answer to a prompt about a person; or why nothing left.

    Raises:
        TooLong: it has no characters, or too many.
        NoAnswer: the model gave none.
    """
    if not 0 < len(prompt) <= MOST:
        raise TooLong
    opened = await door.open(
        person, purpose=Purpose.DIRECT_CARE, given=f"a redacted prompt to {model.name}"
    )
    if isinstance(opened, Refused):
        return opened
    known = known_of([opened.record])
    redacted = redact(prompt, known)
    doubts = [span for span in redacted.spans if not span.sure]
    stops = bool(doubts or opened.withheld or left_in(redacted, known))
    n = await prompts.keep_prompt(
        opening=opened.opening.n,
        person=person,
        actor=door.actor.id,
        service=model.name,
        sent="" if stops else redacted.text,
        taken_out=len(redacted.spans),
        fate=Fate.KEPT_BACK if stops else Fate.SENT,
    )
    if stops:
        places = tuple(Place(at=one.start, until=one.end, what=one.what.value) for one in doubts)
        return Unsure(n=n, places=places, withheld=opened.withheld)
    try:
        answer = await model.complete(redacted.text)
    except NoAnswer:
        await prompts.settle_prompt(n, Fate.UNANSWERED)
        raise
    await prompts.settle_prompt(n, Fate.ANSWERED, answered=answer)
    return Answered(n=n, answer=redacted.restore(answer), taken_out=len(redacted.spans))
