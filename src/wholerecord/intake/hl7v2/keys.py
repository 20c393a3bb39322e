"""Which patient a message is about, in the source's own numbers.

Two hospitals behind one source may use the same number, so a number carries its authority. The
number is the local one the source files by; the NHS number only where there is no other, because
it may be somebody else's (design, section 6).
"""

from collections.abc import Iterable, Sequence

from wholerecord.intake.hl7v2.numbered import given
from wholerecord.intake.hl7v2.segment import Composite, Segment

#: Table 0203: numbers of a patient in one system, the most local first.
_LOCAL = ("MR", "PI", "PT", "")
#: Table 0203: numbers that are a person's but no system files by, or that are no person's.
_NOT_FILED_BY = frozenset(
    {"AN", "VN", "SS", "DL", "PPN", "NI", "MC", "MA", "HC", "CC", "BC", "BR", "TAX", "SN", "PHONE"}
)


def patient_number(pid: Segment, prefer: Sequence[str] = ()) -> tuple[str, str] | None:
    """(authority, number) of the patient of a PID, or None when it names none.

    PID-3, and where that is empty PID-2, where versions before 2.3.1 put it. `prefer` are the
    authorities the source has said it files by, the best first.
    """
    return _best(pid.repetitions(3), prefer) or _best(pid.repetitions(2), prefer)


def has_number(pid: Segment, number: tuple[str, str]) -> bool:
    """Whether that (authority, number) is one of the patient of a PID, among those of PID-3."""
    return any(_best((cx,), ()) == number for cx in pid.repetitions(3))


def merged_number(
    mrg: Segment, kept: tuple[str, str], prefer: Sequence[str] = ()
) -> tuple[str, str] | None:
    """(authority, number) of the patient MRG-1 retires; an authority not said is the kept one's."""
    retired = _best(mrg.repetitions(1), prefer or kept[:1])
    if retired and not retired[0]:
        return (kept[0], retired[1])
    return retired


def key_text(number: tuple[str, str]) -> str:
    """The number as a `PatientKey` has it: `RXX:12345`, `12345`, `nhs:9990000018`."""
    by, value = number
    return f"{by}:{value}" if by else value


def _best(said: Iterable[Composite], prefer: Sequence[str]) -> tuple[str, str] | None:
    """The number to file by: of the preferred authority, then the most local type, then first."""
    numbers: list[tuple[tuple[int, int], tuple[str, str]]] = []
    for cx in said:
        value = cx.text(1)
        if not value:
            continue
        said_of = given(cx)
        if said_of.nhs:
            rank, number = len(_LOCAL) + 1, ("nhs", value.replace(" ", "").replace("-", ""))
        else:
            kind = said_of.kind.upper()
            if kind in _NOT_FILED_BY:
                continue
            rank = _LOCAL.index(kind) if kind in _LOCAL else len(_LOCAL)
            number = (said_of.by, value)
        wanted = prefer.index(number[0]) if number[0] in prefer else len(prefer)
        numbers.append(((wanted, rank), number))
    return min(numbers, key=lambda each: each[0])[1] if numbers else None
