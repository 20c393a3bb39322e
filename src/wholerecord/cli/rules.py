"""`wholerecord rules`: the rules for everybody, and those that a newer version would add."""

from pathlib import Path

import click

from wholerecord.access import Doorway, Refused
from wholerecord.access.simulating import Tried
from wholerecord.access.tried import differs_in_words, people_in_words
from wholerecord.cli.run import as_json, on_store, operator_actor, print_json
from wholerecord.consent import Rule
from wholerecord.consent.proposal import proposal
from wholerecord.consent.standing import missing_from
from wholerecord.storage.postgres import Store

_LARGEST = 1 << 20


@click.group()
def rules() -> None:
    """See the rules in force for everybody, and put standing rules in force."""


@rules.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """List the rules in force; then the standing rules that are not.

    A store keeps the rules it was made with: a newer version of the program widens nothing by
    itself. Exits with 1 when standing rules are not in force.
    """

    async def work(store: Store) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        in_force = tuple(await store.rules())
        return in_force, missing_from(in_force)

    in_force, missing = on_store(work)
    if as_json:
        print_json(
            {
                "in_force": [_json(rule) | {"n": rule.n} for rule in in_force],
                "missing": [_json(rule) for rule in missing],
            }
        )
    else:
        for rule in in_force:
            click.echo(f"{rule.n:>5}  {_say(rule)}")
        for place, rule in enumerate(missing, start=1):
            click.echo(f"not in force {place}: {_say(rule)}")
    if missing:
        raise SystemExit(1)


@rules.command()
@click.argument("places", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "every", is_flag=True, help="All that are not in force.")
@click.option("--why", required=True, help="Written down with your name.")
def adopt(*, places: tuple[int, ...], every: bool, why: str) -> None:
    """Put standing rules in force: by their PLACES in `rules list`, or all of them."""
    if every == bool(places):
        raise click.UsageError("Give the places of the rules, or --all.")

    async def work(store: Store) -> tuple[Rule, ...]:
        missing = missing_from(await store.rules())
        chosen = [rule for n, rule in enumerate(missing, start=1) if every or n in places]
        if not every and len(chosen) != len(set(places)):
            raise click.BadParameter("no such place in `rules list`", param_hint="PLACES")
        done = await Doorway(store).door(operator_actor()).adopt(chosen, why=why)
        if isinstance(done, Refused):
            raise click.ClickException(f"refused: {done.reason}")
        return done

    for rule in on_store(work):
        click.echo(f"{rule.n:>5}  {_say(rule)}")


@rules.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--why", required=True, help="Written down with your name.")
@as_json
def try_(*, file: Path, why: str, as_json: bool) -> None:
    """Say who would see more and who less if the rules in FILE were added or ended.

    Nothing is changed. FILE is JSON: {"add": [rule, ...], "end": [number, ...]}. Exits with 1 when
    anything would change.
    """
    if file.stat().st_size > _LARGEST:
        raise click.BadParameter("is larger than 1 MiB", param_hint="FILE")
    asked = proposal(file.read_bytes())

    async def work(store: Store) -> Tried:
        done = await Doorway(store).door(operator_actor()).try_rules(asked, why=why)
        if isinstance(done, Refused):
            raise click.ClickException(f"refused: {done.reason}")
        return done

    tried = on_store(work)
    if as_json:
        print_json(_tried_json(tried))
    else:
        for one in tried.differs:
            click.echo(differs_in_words(one))
        click.echo(people_in_words(tried))
    if tried.differs or tried.gaining or tried.losing:
        raise SystemExit(1)


def _tried_json(tried: Tried) -> dict[str, object]:
    return {
        "people": tried.people,
        "looked_at": tried.looked_at,
        "gaining": tried.gaining,
        "losing": tried.losing,
        "differs": [
            {
                "who": one.who,
                "purpose": one.purpose.value,
                "gains": one.gains,
                "label": one.label,
                "what": list(one.what),
            }
            for one in tried.differs
        ],
    }


def _json(rule: Rule) -> dict[str, object]:
    return {
        "allow": rule.allow,
        "purpose": rule.purpose.value,
        "role": rule.role.value if rule.role else None,
        "view": rule.view.value if rule.view else None,
        "actor": rule.actor,
        "related": rule.related,
        "withholds": rule.withholds,
        "reason": rule.reason,
    }


def _say(rule: Rule) -> str:
    who = rule.actor or (rule.role.value if rule.role else "anybody")
    where = " where they care for the person" if rule.related else ""
    what = rule.withholds or (rule.view.value if rule.view else "anything")
    verb = "may" if rule.allow else "may not"
    return f"{who}{where} {verb}: {what}, for {rule.purpose.value} ({rule.reason})"
