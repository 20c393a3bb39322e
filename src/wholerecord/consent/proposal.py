"""A proposed change of the rules for everybody, as a file of JSON says it: added and ended."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from wholerecord.consent.period import BadPeriod, Period
from wholerecord.consent.plain import KINDS
from wholerecord.consent.rule import Purpose, Role, Rule, View
from wholerecord.errors import Incorrect

#: Rules in one proposal: more than there are standing ones.
_MOST = 1000


class BadProposal(Incorrect):
    """It is no proposal of rules: see the place that is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Rules to add, and the numbers of those to end."""

    add: tuple[Rule, ...] = ()
    end: frozenset[int] = frozenset()


class _Said(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    allow: bool
    purpose: Purpose
    reason: str
    view: View | None = None
    role: Role | None = None
    organisation: str | None = None
    actor: str | None = None
    related: bool = False
    kinds: tuple[str, ...] = ()
    label: str | None = None
    kind: str | None = None
    source: str | None = None
    author: str | None = None
    period: Period | None = None
    since: datetime | None = None
    until: datetime | None = None
    basis: str = ""
    controller: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    add: tuple[_Said, ...] = ()
    end: tuple[int, ...] = ()


_FILE = msgspec.json.Decoder(_File)


def proposal(body: bytes) -> Proposal:
    """The proposal in a file: `{"add": [rule, …], "end": [number, …]}`, fields as `Rule` has them.

    Of everybody: a rule about one person is that person's own to make.

    Raises:
        BadProposal: it cannot be read, and where.

    >>> proposal(b'{"end": [3]}').end
    frozenset({3})
    """
    try:
        said = _FILE.decode(body)
    except (msgspec.MsgspecError, BadPeriod) as error:
        raise BadProposal(str(error)[:200]) from None
    if len(said.add) + len(said.end) > _MOST:
        raise BadProposal(f"More than {_MOST} rules are not tried at once.")
    for n, rule in enumerate(said.add, 1):
        parts = (rule.label, rule.kind, rule.source, rule.author)
        if sum(one is not None for one in parts) > 1:
            raise BadProposal(f"Rule {n} withholds more than one thing: make it two.")
        if rule.period is not None and rule.allow:
            raise BadProposal(f"Rule {n} has a period and allows: a period narrows what is hidden.")
        if not KINDS.keys() >= {*rule.kinds, *([rule.kind] if rule.kind else [])}:
            raise BadProposal(f"Rule {n} names a kind that there is not.")
        if any(moment is not None and moment.tzinfo is None for moment in (rule.since, rule.until)):
            raise BadProposal(f"Rule {n} has a moment without an offset.")
    add = tuple(Rule(**msgspec.structs.asdict(rule)) for rule in said.add)
    return Proposal(add=add, end=frozenset(said.end))
