"""The answer to a pathology interchange: NHSACK.

Source: NHS pathology messaging, message NHSACK (NHS001): NIR says what became of the interchange,
NMR of each message (MA accepted, MR rejected), FTX ERD why not. It is made only of what was kept:
the sender of a message that is accepted need not keep it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from wholerecord.intake.edifact.interchange import Interchange
from wholerecord.intake.edifact.read import Outcome, outcomes
from wholerecord.intake.reading import Fault

_PLAIN = re.compile(r"[^A-Za-z0-9 .,()/=!\"%&*;<>-]")
_WANTED = "1"


class Verdict(Enum):
    """What becomes of one message. The standard has two codes: what is held is accepted too."""

    ACCEPT = "accepted"  #: filed whole
    HOLD = "held"  #: kept; what could be read is filed, the rest waits for somebody here
    REJECT = "rejected"  #: kept, and nothing of it can be filed: send it again, put right


@dataclass(frozen=True, slots=True)
class Judged:
    """One message's verdict, and why when it is not accepted."""

    reference: str
    verdict: Verdict
    why: str = ""

    @property
    def code(self) -> str:
        """MA or MR."""
        return "MR" if self.verdict is Verdict.REJECT else "MA"


def verdicts(body: bytes) -> list[Judged]:
    """What becomes of each message of an interchange; none when it cannot be taken apart."""
    found = outcomes("", body)
    return [] if isinstance(found, Fault) else [_judged(one) for one in found[1]]


def acknowledge(body: bytes, *, at: datetime, reference: str) -> bytes | None:
    """NHSACK for an interchange, under our own control reference; None when none is asked for.

    An interchange whose header cannot be read, or that is an acknowledgement, is not answered.
    """
    found = outcomes("", body)
    if isinstance(found, Fault) or found[0].header is None:
        return None
    whole, results = found
    if whole.header is None or whole.header.text(9) != _WANTED:
        return None
    return _written(whole, [_judged(one) for one in results], at=at, reference=reference)


def _judged(outcome: Outcome) -> Judged:
    result = outcome.result
    if isinstance(result, Fault):
        return Judged(outcome.reference, Verdict.REJECT, _why(result))
    if result.faults:
        return Judged(outcome.reference, Verdict.HOLD, _why(result.faults[0]))
    return Judged(outcome.reference, Verdict.ACCEPT)


def _why(fault: Fault) -> str:
    return " ".join(part for part in (fault.place, fault.detail or fault.reason.value) if part)


def _written(whole: Interchange, judged: list[Judged], *, at: datetime, reference: str) -> bytes:
    header = whole.header
    assert header is not None  # noqa: S101 - asked for by the caller, who has looked
    sender, recipient = (_address(header.parts(n)) for n in (2, 3))
    interchange, why = _interchange(whole, judged)
    said = [
        "BGM+AKR",
        f"DTM+137:{at:%Y%m%d}:102",
        f"NIR+SIR:{_safe(whole.reference)}+{sender}+{recipient}+{interchange}",
    ]
    if interchange in {"IRI", "IRM"}:
        said.append(f"FTX+ERD+++{_safe(why)[:70]}")
    else:
        for one in judged:
            said.append(f"NMR+AGO:{_safe(one.reference)}+{one.code}")
            if one.verdict is Verdict.REJECT:
                said.append(f"FTX+ERD+++{_safe(one.why)[:70]}")
    lines = [
        "UNA:+.? ",
        f"UNB+UNOC:3+{recipient}+{sender}+{at:%y%m%d}:{at:%H%M}+{_safe(reference)}++NHSACK",
        "UNH+1+NHSACK:D:1:NH:NHS001",
        *said,
        f"UNT+{len(said) + 2}+1",
        f"UNZ+1+{_safe(reference)}",
    ]
    return "".join(f"{line}'\n" for line in lines).encode("ascii")


def _interchange(whole: Interchange, judged: list[Judged]) -> tuple[str, str]:
    """The code of the whole, and why where the whole is at fault."""
    if judged and all(message.broken for message in whole.messages):
        return "IRM", judged[0].why
    if whole.faults or not judged:
        return "IRI", _why(whole.faults[0]) if whole.faults else "no message"
    rejected = [one for one in judged if one.verdict is Verdict.REJECT]
    if not rejected:
        return "IAF", ""
    return ("IAP" if len(rejected) < len(judged) else "IRA"), ""


def _address(parts: tuple[str, ...]) -> str:
    return ":".join(_safe(part) for part in parts)


def _safe(said: str) -> str:
    """`said` in characters that need no release, so that nothing of it ends a segment."""
    return " ".join(_PLAIN.sub(" ", said).split())[:70].strip()
