"""Which sensitivities a statement is labelled with: rules withhold by them."""

from collections.abc import Iterable

import msgspec

from wholerecord.fold.record import Coding

#: The label of what its source keeps from the person: said in confidence, or about somebody else.
KEPT_FROM_PERSON = "kept-from-person"
#: The confidentiality codes that make an entry sensitive, and the label each gives.
#: Source: HL7 v3 Confidentiality (R restricted, V very restricted) and ActCode
#: InformationSensitivityPolicy; GP2GP marks with NOPAT what a practice redacts from the patient.
_LABELS = {
    "R": "sealed",
    "V": "sealed",
    "SEXUALITY": "sexual-health",
    "SEX": "sexual-health",
    "STD": "sexual-health",
    "HIV": "sexual-health",
    "sexual-health": "sexual-health",
    "PSY": "mental-health",
    "PSYTHPN": "mental-health",
    "MH": "mental-health",
    "BH": "mental-health",
    "ETH": "mental-health",
    "SUD": "mental-health",
    "mental-health": "mental-health",
    "SDV": "sealed",
    "DV": "sealed",
    "sealed": "sealed",
    "NOPAT": KEPT_FROM_PERSON,
    "third-party": KEPT_FROM_PERSON,
}
NO_LABELS: frozenset[str] = frozenset()


def labels_in(codings: Iterable[Coding]) -> frozenset[str]:
    """The labels that codings give; most give none."""
    labels = NO_LABELS
    for coding in codings:
        if coding.code in _LABELS:
            labels |= {_LABELS[coding.code]}
    return labels


class _Code(msgspec.Struct, frozen=True):
    code: str = ""


class _Meta(msgspec.Struct, frozen=True):
    security: tuple[_Code, ...] = ()
    tag: tuple[_Code, ...] = ()


class _Labelled(msgspec.Struct, frozen=True):
    meta: _Meta = _Meta()


_DECODE = msgspec.json.Decoder(_Labelled).decode
#: What nobody can read the labels of is withheld like the most private.
_UNREADABLE = frozenset(_LABELS.values())


def labels_unread(body: bytes) -> frozenset[str]:
    """The labels of a statement that cannot be read otherwise; all of them when not even those."""
    try:
        meta = _DECODE(body).meta
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return _UNREADABLE
    return labels_in(Coding(code=each.code) for each in (*meta.security, *meta.tag))
