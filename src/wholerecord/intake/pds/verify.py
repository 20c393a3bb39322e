"""Whether an NHS number is whose it is said to be; and PDS's answer as a message to keep.

Source: ISB 0149: a number is relied on once it is traced and verified with other demographics. By
the same rules as everywhere, so a number that is somebody else's verifies nobody. A demonstration
until a clinical safety officer signs.
"""

from dataclasses import replace
from enum import Enum

from wholerecord.intake.pds.answer import Demographic, Nothing, Why
from wholerecord.intake.pds.port import Pds
from wholerecord.intake.reading import Arrival
from wholerecord.nhs import NhsNumber
from wholerecord.people import Demographics, Outcome
from wholerecord.people.judge import judge
from wholerecord.people.traits import traits


class Verdict(Enum):
    """What asking PDS about a number and a person came to."""

    VERIFIED = "the number is theirs"
    SUPERSEDED = "the number was theirs: they have another now"
    ANOTHER = "the number is somebody else's, or too little agrees"
    NOBODY = "the number is nobody's"
    NOT_TOLD = "PDS could not be asked"


async def verify(
    pds: Pds, number: NhsNumber, said: Demographics
) -> tuple[Verdict, Demographic | Nothing]:
    """Whether `number` is whom `said` describes, and what PDS answered."""
    found = await pds.read(number)
    if isinstance(found, Nothing):
        nobody = found.why in {Why.NOBODY, Why.INVALIDATED}
        return (Verdict.NOBODY if nobody else Verdict.NOT_TOLD), found
    # A superseded number is theirs if whoever has the one that replaced it is who they are.
    theirs = replace(said, nhs_number=found.number, nhs_status="")
    if judge(traits(theirs), traits(found.who)).outcome is not Outcome.CERTAIN:
        return Verdict.ANOTHER, found
    return (Verdict.VERIFIED if found.number == number else Verdict.SUPERSEDED), found


def arrival(found: Demographic, source: str) -> Arrival:
    """PDS's Patient as a message of `source`, byte for byte: the same version is kept once."""
    return Arrival(source=source, body=found.body, name="pds")
