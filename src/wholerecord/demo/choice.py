"""What people of the region chose, before anybody knows their `PersonId`.

A `consent.Rule` names a person; a person exists only once messages are loaded. So a choice names
its maker by NHS number, and `app` makes rules of it after loading.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Chosen(Enum):
    """What was chosen, or decided for somebody's safety."""

    NATIONAL_OPT_OUT = "national data opt-out: not for research or planning"
    TYPE_1_OPT_OUT = "type 1 opt-out: the practice sends nothing on for research or planning"
    RESTRICTED = "S flag: where they live and how to reach them is shown to nobody"
    CARER = "a carer may see the record on their behalf"
    SEALED = "entries with a label are sealed by the person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of the person with `nhs_number`, since `since`.

    `carer` is the id of the demo user a CARER choice trusts; `label` is what a SEALED one seals.
    `reason` is what the rule made of it gives as its reason.
    """

    nhs_number: str
    chosen: Chosen
    since: date
    reason: str
    carer: str = ""
    label: str = ""
