"""The table of everyone who can see identifiable data, made from the rules alone."""

from collections.abc import Iterable, Sequence

from wholerecord.consent.plain import WHY, kinds, people, subject
from wholerecord.consent.rule import Role, Rule

_HEAD = """\
# Who can see what

Everybody the standing rules let see anything, and what they withhold. **This page is made from the
rules** by `wholerecord explain --table`; a test fails when it no longer says what they do, so that
nobody's access changes without this page changing in the same review.

A person's own decisions come on top: they may hide more, and may name others who see more.
"""


def who_can_see(rules: Sequence[Rule]) -> str:
    """The page, in Markdown: general rules only, for what a person decided is theirs."""
    general = sorted((rule for rule in rules if rule.person is None), key=_order)
    looks = [rule for rule in general if rule.withholds is None]
    withheld = [rule for rule in general if rule.withholds is not None]
    return "\n".join(
        (
            _HEAD,
            "## Who may look",
            "",
            *_table(("Who", "Why", "What they may see", "Only", "Because"), looks),
            "",
            "## What is withheld all the same",
            "",
            *_table(("Who", "Why", "What", "Only", "Because"), withheld),
            "",
        )
    )


def _order(rule: Rule) -> tuple[int, int, str, str]:
    roles = list(Role)
    role = roles.index(rule.role) if rule.role else -1
    return role, list(WHY).index(rule.purpose), people(rule), rule.reason


def _what(rule: Rule) -> str:
    if rule.withholds is None:
        return subject(rule) if rule.allow else f"not {subject(rule)}"
    return f"sees {subject(rule)}" if rule.allow else f"does not see {subject(rule)}"


def _table(heads: Sequence[str], rules: Iterable[Rule]) -> list[str]:
    """Rules that differ only in what is seen are one row."""
    rows: dict[tuple[str, str, str, str], list[str]] = {}
    for rule in rules:
        key = people(rule), WHY[rule.purpose], kinds(rule), rule.reason
        rows.setdefault(key, []).append(_what(rule))
    return [
        f"| {' | '.join(heads)} |",
        f"|{'---|' * len(heads)}",
        *(
            f"| {who} | {why} | {'; '.join(what)} | {only} | {because} |"
            for (who, why, only, because), what in rows.items()
        ),
    ]
