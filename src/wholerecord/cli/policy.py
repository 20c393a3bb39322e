"""`wholerecord policy`: the rules of the fold, and what others would change."""

from pathlib import Path

import click
import msgspec

from wholerecord.access import Doorway
from wholerecord.access.policy_changes import Tally, clinical, policy_changes
from wholerecord.access.policy_room import InForce
from wholerecord.access.replaying import PersonChange
from wholerecord.cli.changed import person_json, say_person, say_tally, tally_json
from wholerecord.cli.policy_signing import history, propose, sign, undo
from wholerecord.cli.run import as_json, on_store, operator_actor, print_json
from wholerecord.fold.policy import POLICY, Policy, policy_bytes
from wholerecord.fold.policy_check import check_policy
from wholerecord.fold.policy_page import by_kind, changed_rules, policy_page, value_in_words
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


for _command in (propose, sign, undo, history):
    policy.add_command(_command)


@policy.command()
@click.option("--shipped", is_flag=True, help="Those shipped with the program, without a database.")
@click.option("--page", "as_page", is_flag=True, help="As the page docs/reference/policy.md.")
@click.option("--file", "as_file", is_flag=True, help="As the file to change and propose.")
@as_json
def show(*, shipped: bool, as_page: bool, as_file: bool, as_json: bool) -> None:
    """Print the rules in force, each with its source and owner; and who signed them."""
    found = InForce(policy=POLICY) if shipped else on_store(_in_force)
    if as_page:
        click.echo(policy_page(found.policy), nl=False)
    elif as_file:
        click.echo(policy_bytes(found.policy))
    elif as_json:
        print_json(_json(found))
    else:
        _say(found)


async def _in_force(store: Store) -> InForce:
    return await Doorway(store).door(operator_actor()).policy_in_force()


@policy.command()
@_FILE
@as_json
def check(*, file: Path, as_json: bool) -> None:
    """Say whether the policy in FILE can be used, and which rules are not as they are shipped.

    Exits with 2 when it cannot: the message says what is wrong, and where.
    """
    found = check_policy(file.read_bytes())
    changed = [
        {"rule": one.rule.id, "was": one.was, "now": one.now}
        for one in changed_rules(POLICY, found)
    ]
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
    tally = on_store(lambda store: _diff(store, after, every=every, as_json=as_json))
    if tally.changed:
        raise SystemExit(1)


async def _diff(store: Store, after: Policy, *, every: bool, as_json: bool) -> Tally:
    before = await store.policy()
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


def _say(found: InForce) -> None:
    shown = found.policy
    click.echo(f"policy {shown.name}. {shown.note}")
    if found.proposed is not None and found.signature is not None:
        proposed, signature = found.proposed, found.signature
        click.echo(f"proposed {proposed.at:%Y-%m-%d} by {proposed.name}: {proposed.why}")
        click.echo(
            f"signed {signature.at:%Y-%m-%d} by {signature.name} ({signature.role}): "
            f"{signature.why}"
        )
    else:
        click.echo("as shipped: nobody here has signed it")
    for kind, rules in by_kind(shown):
        click.echo(f"\n{kind}")
        for rule in rules:
            click.echo(f"  {rule.id}: {value_in_words(rule)}")
            click.echo(f"    {rule.does}")
            click.echo(f"    Source: {rule.source} Owner: {rule.owner}.")


def _json(found: InForce) -> dict[str, object]:
    shown, signature = found.policy, found.signature
    rules: object = msgspec.to_builtins(shown.rules)
    return {
        "version": shown.version,
        "digest": shown.digest,
        "note": shown.note,
        "signed": None
        if signature is None
        else {
            "at": signature.at.isoformat(),
            "by": signature.by,
            "name": signature.name,
            "role": signature.role,
            "why": signature.why,
        },
        "rules": rules,
    }
