"""Checks over a folded record: each rule with its source, each a demonstration until signed."""

from collections.abc import Callable, Iterator

from wholerecord.fold import Once, Record
from wholerecord.safety.alert import DEMONSTRATION, Alert
from wholerecord.safety.allergy_medicine import allergy_and_medicine
from wholerecord.safety.anticoagulants import two_anticoagulants
from wholerecord.safety.denied_allergies import denied_allergies

__all__ = ["CHECKS", "DEMONSTRATION", "Alert", "checks"]

#: Every check that is made.
CHECKS: tuple[Callable[[Record], Iterator[Alert]], ...] = (
    two_anticoagulants,
    allergy_and_medicine,
    denied_allergies,
)


def _checks(record: Record) -> tuple[Alert, ...]:
    found = (alert for check in CHECKS for alert in check(record))
    return tuple(sorted(found, key=lambda alert: (alert.hazard, alert.entries)))


#: Every alert about a record, by hazard. Pure; no alert does not mean that all is well.
checks = Once(_checks).of
