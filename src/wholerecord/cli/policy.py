"""`wholerecord policy`: the rules of the fold, and what others would change."""

from pathlib import Path

import click
import msgspec

from wholerecord.access.policy_changes import Tally, clinical, policy_changes
from wholerecord.access.replaying import PersonChange
from wholerecord.cli.changed import person_json, say_person
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.fold.policy import POLICY, Policy, policy_bytes
from wholerecord.fold.policy_check import check_policy
from wholerecord.fold.policy_page import by_kind, policy_page, value_in_words
from wholerecord.storage.postgres import Store

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
#: After how many people progress is told.
_OFTEN = 1_000


@click.group()
def policy() -> None:
    """The rules by which statements are joined: show them, and take others into use.

    A site begins with `policy show --file > ours.json`, changes values, sources and owners, and
    checks, compares and proposes the file. It takes effect when somebody else signs it.
    """


@policy.command()
@click.option("--page", "as_page", is_flag=True, help="As the page docs/reference/policy.md.")
@click.option("--file", "as_file", is_flag=True, help="As the file to change and propose.")
@as_json
def show(*, as_page: bool, as_file: bool, as_json: bool) -> None:
    """Print the rules as they are shipped, each with its source and who answers for it."""
    if as_page:
        click.echo(policy_page(POLICY), nl=False)
    elif as_file:
        click.echo(policy_bytes(POLICY))
    elif as_json:
        print_json(_json(POLICY))
    else:
        _say(POLICY)


@policy.command()
@_FILE
@as_json
def check(*, file: Path, as_json: bool) -> None:
    """Say whether the policy in FILE can be used, and which rules are not as they are shipped.

    Exits with 2 when it cannot: the message says what is wrong, and where.
    """
    found = check_policy(file.read_bytes())
    changed = _changed(POLICY, found)
    if as_json:
        print_json({"version": found.version, "digest": found.digest, "changed": changed})
        return
    click.echo(f"policy {found.name} can be used")
    for one in changed:
        click.echo(f"  {one['rule']}: {one['was'] or 'no such rule'} → {one['now'] or 'left out'}")


@policy.command()
@_FILE
@click.option("--all", "every", is_flag=True, help="Also where only the reason's words change.")
@as_json
def diff(*, file: Path, every: bool, as_json: bool) -> None:
    """Fold everybody by the rules in force and by those in FILE; print every entry that differs.

    Nothing is written. Persons are shown by address, never by name. With --json each person whose
    record would change is a line, and the last line counts. Exits with 1 when anything would
    change.
    """
    after = check_policy(file.read_bytes())
    tally = on_store(lambda store: _diff(store, POLICY, after, every=every, as_json=as_json))
    if tally.changed:
        raise SystemExit(1)


async def _diff(
    store: Store, before: Policy, after: Policy, *, every: bool, as_json: bool
) -> Tally:
    tally = Tally()
    async for change in policy_changes(store, before, after):
        tally.add(change)
        found = change.differences if every else clinical(change.differences)
        if found:
            told = PersonChange(person=change.person, patients=change.patients, differences=found)
            if as_json:
                print_json(person_json(told))
            else:
                say_person(told)
        if tally.people % _OFTEN == 0:
            click.echo(f"{tally.people:,} people compared", err=True)
    if as_json:
        print_json(tally_json(tally, before, after))
    else:
        say_tally(tally, before, after)
    return tally


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


def _say(shown: Policy) -> None:
    click.echo(f"policy {shown.name}. {shown.note}")
    for kind, rules in by_kind(shown):
        click.echo(f"\n{kind}")
        for rule in rules:
            click.echo(f"  {rule.id}: {value_in_words(rule)}")
            click.echo(f"    {rule.does}")
            click.echo(f"    Source: {rule.source} Owner: {rule.owner}.")


def _json(shown: Policy) -> dict[str, object]:
    rules: object = msgspec.to_builtins(shown.rules)
    return {
        "version": shown.version,
        "digest": shown.digest,
        "note": shown.note,
        "rules": rules,
    }


def _changed(before: Policy, after: Policy) -> list[dict[str, str]]:
    """The rules whose values differ, in words; "" where one policy does not have it."""
    old = {rule.id: value_in_words(rule) for rule in before.rules}
    new = {rule.id: value_in_words(rule) for rule in after.rules}
    return [
        {"rule": name, "was": old.get(name, ""), "now": new.get(name, "")}
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]
