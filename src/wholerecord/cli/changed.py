"""What would change in people's records, as the commands say it: by address, never by name."""

import click

from wholerecord.access.policy_changes import Tally, kind_in_words
from wholerecord.access.replaying import PersonChange
from wholerecord.fold.policy import Policy


def say_person(change: PersonChange) -> None:
    """Print every entry of a record that would change."""
    whose = f"person {change.person}" if change.person else "nobody yet"
    click.echo(f"{whose} (patients {', '.join(map(str, change.patients))})")
    for one in change.differences:
        kind = one.kind.value if one.kind else "who the person is"
        parts = f": {', '.join(one.parts)}" if one.parts else ""
        says = " → ".join(dict.fromkeys(text for text in (one.was, one.now) if text))
        click.echo(f"  {one.act.value} {kind} {says}{parts}".rstrip())


def person_json(change: PersonChange) -> dict[str, object]:
    """The same as JSON."""
    return {
        "person": change.person,
        "patients": list(change.patients),
        "entries": [
            {
                "act": one.act.value,
                "kind": kind_in_words(one),
                "key": one.key,
                "was": one.was,
                "now": one.now,
                "parts": list(one.parts),
            }
            for one in change.differences
        ],
    }


def say_tally(tally: Tally, before: Policy, after: Policy) -> None:
    """Print the counts of a comparison."""
    for (kind, act), count in sorted(tally.entries.items(), key=lambda one: str(one[0])):
        click.echo(f"{count:,} of {kind}: {act.value}")
    click.echo(
        f"{tally.people:,} people: {tally.changed:,} records and {tally.entries.total():,} entries "
        f"would change from policy {before.name} to {after.name}; of {tally.reworded:,} more "
        f"entries only the reason's words (changes {tally.digest})"
    )


def tally_json(tally: Tally, before: Policy, after: Policy) -> dict[str, object]:
    """The counts of a comparison as JSON."""
    return {
        "before": before.name,
        "after": after.name,
        "people": tally.people,
        "changed": tally.changed,
        "reworded": tally.reworded,
        "entries": [
            {"kind": kind, "act": act.value, "count": count}
            for (kind, act), count in sorted(tally.entries.items(), key=lambda one: str(one[0]))
        ],
        "digest": tally.digest,
    }
