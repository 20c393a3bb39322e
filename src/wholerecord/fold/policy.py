"""The rules by which statements are joined, as a value: each with its source and its owner.

The fold takes it like the statements: with another policy it is another record. `policy.json` is
the one shipped. Demonstration rules until a clinical safety officer signs them (DCB0129).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

import msgspec

from wholerecord.fold.policy_ranges import ACUTE, CODES, CONCEPT_LISTS, NUMBERS, SWITCHES, TABLES
from wholerecord.terms import VERSION as TERMS
from wholerecord.terms import in_force

#: What a rule's value is: a number of its unit, a switch, concepts, or a table by code.
Value = float | bool | tuple[str, ...] | dict[str, str]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule. `does` says in a sentence what it does, `source` what it leans on.

    `owner` is who answers for it. Without a `value` (its unit is "fixed") no site can change it.
    """

    id: str
    kind: str
    unit: str
    does: str
    source: str
    owner: str
    value: Value | None = None


class PolicyFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy as it is written: a version, whose rules these are, and the rules."""

    version: str
    note: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """The rules, and what they say as the fold asks for it. Days and characters are numbers.

    `acute_days` is by concept, `acute_default` for the others. Two policies are the same when their
    `digest`, 64 hexadecimal digits, is.
    """

    version: str
    note: str
    rules: tuple[Rule, ...]
    digest: str
    acute_default: float
    acute_days: Mapping[str, float]
    unknown_days: float
    echo_days: float
    history_codes: Mapping[str, str]
    history_days: float
    therapy_gap_days: float
    course_substances: tuple[str, ...]
    course_gap_days: float
    silence_days: float
    repeat_silence_days: float
    supply_days: float
    transfer_days: float
    transfer_shown_days: float
    by_product: tuple[str, ...]
    historic_days: float
    same_batch_days: float
    overdue_days: float
    undated_days: float
    due_apart_days: float
    pregnancy_echo_days: float
    postnatal_days: float
    end_days: float
    cancer_sites: Mapping[str, str]
    cancer_histologies: Mapping[str, str]
    recurrence_days: float
    recurrence_stay_days: float
    cancer_date_days: float
    procedure_days: float
    procedure_echo_days: float
    stay_days: float
    visit_day_copies: bool
    habit_days: float
    again_characters: float
    clock_days: float

    @property
    def name(self) -> str:
        """Its version and the first eight digits of its digest: no two policies share it."""
        return f"{self.version} ({self.digest[:8]})"


def policy_of(file: PolicyFile) -> Policy:
    """What a file that `check_policy` found nothing wrong with says."""
    values = {rule.id: rule.value for rule in file.rules}
    named = {**NUMBERS, **SWITCHES, **CONCEPT_LISTS, **CODES, **TABLES}
    return Policy(
        version=file.version,
        note=file.note,
        rules=file.rules,
        digest=sha256(msgspec.json.encode(file, order="sorted")).hexdigest(),
        acute_days={
            name.removeprefix(ACUTE): value
            for name, value in values.items()
            if name.startswith(ACUTE) and isinstance(value, float)
        },
        **{to.field: values[name] for name, to in named.items()},  # pyright: ignore[reportArgumentType] - check_policy saw to their types
    )


def policy_bytes(policy: Policy) -> bytes:
    """The policy as a file."""
    file = PolicyFile(version=policy.version, note=policy.note, rules=policy.rules)
    return msgspec.json.format(msgspec.json.encode(file), indent=2)


def same_fold(one: Policy, other: Policy) -> bool:
    """Whether any record is the same by both: they differ in words at most."""
    return _values(one) == _values(other)


def _values(policy: Policy) -> dict[str, Value]:
    return {rule.id: rule.value for rule in policy.rules if rule.value is not None}


#: The policy that this version of the program ships.
POLICY = policy_of(
    msgspec.json.decode(
        files("wholerecord.fold").joinpath("policy.json").read_bytes(), type=PolicyFile
    )
)


def folded_by(policy: Policy = POLICY) -> str:
    """What a record says it was folded by: the versions of the rules, the terms, the releases."""
    return f"policy {policy.name}, terms {TERMS}, {in_force().says}"
