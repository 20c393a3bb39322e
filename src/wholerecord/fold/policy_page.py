"""A policy as a page to read: every rule by kind, with its source and who answers for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from wholerecord.fold.policy import Policy, Rule

_HEAD = """\
# The rules of the fold

By these rules statements are joined into one record. **This page is made from the policy** by
`wholerecord policy show --shipped --page`; a test fails when it no longer says what the shipped
policy does. A site can take another into use: see [the how-to](../how-to/policy.md).

"""


def policy_page(policy: Policy) -> str:
    """The policy as Markdown."""
    return _HEAD + "\n".join(_lines(policy)) + "\n"


def value_in_words(rule: Rule) -> str:
    """The rule's value with its unit; of a fixed rule, that it is.

    >>> value_in_words(Rule(id="", kind="", unit="days", does="", source="", owner="", value=28.0))
    '28 days'
    """
    value = rule.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        unit = rule.unit.removesuffix("s") if value == 1.0 else rule.unit
        return f"{value:g} {unit}"
    if isinstance(value, dict):
        return ", ".join(f"{code} is {name}" for code, name in sorted(value.items()))
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRule:
    """A rule whose value differs between two policies, in words; "" where one has it not."""

    rule: Rule
    was: str
    now: str


def changed_rules(before: Policy, after: Policy) -> tuple[ChangedRule, ...]:
    """The rules whose values differ; of `after` those it has, else of `before`."""
    old = {rule.id: rule for rule in before.rules}
    new = {rule.id: rule for rule in after.rules}
    return tuple(
        ChangedRule(rule=new.get(name) or old[name], was=was, now=now)
        for name in dict.fromkeys((*old, *new))
        if (was := _words(old.get(name))) != (now := _words(new.get(name)))
    )


def _words(rule: Rule | None) -> str:
    return value_in_words(rule) if rule is not None else ""


def by_kind(policy: Policy) -> Iterator[tuple[str, list[Rule]]]:
    """The rules by kind, in the policy's order."""
    place: dict[str, int] = {}
    for rule in policy.rules:
        place.setdefault(rule.kind, len(place))
    ordered = sorted(policy.rules, key=lambda rule: place[rule.kind])
    for kind, rules in groupby(ordered, key=lambda rule: rule.kind):
        yield kind, list(rules)


def _lines(policy: Policy) -> Iterator[str]:
    yield f"Version {policy.version}. {policy.note}"
    for kind, rules in by_kind(policy):
        yield f"\n## {kind[:1].upper()}{kind[1:]}\n"
        yield "| Rule | Value | What it does | Source | Owner |"
        yield "|---|---|---|---|---|"
        for rule in rules:
            cells = (
                f"`{rule.id}`",
                value_in_words(rule),
                rule.does,
                rule.source,
                rule.owner,
            )
            yield f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(said: str) -> str:
    return " ".join(said.replace("|", "\\|").split())
