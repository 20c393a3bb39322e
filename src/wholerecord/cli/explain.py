"""`wholerecord explain`: who can see a record or an entry, who cannot, and why."""

from dataclasses import asdict

import click

from wholerecord.access import Doorway, Explained, Refused
from wholerecord.access.explain import Audience
from wholerecord.cli.run import as_json, on_store, operator_actor, print_json
from wholerecord.consent import Purpose, Role, standing_rules
from wholerecord.consent.table import who_can_see
from wholerecord.nhs import NhsNumber
from wholerecord.people.search import Search
from wholerecord.storage.postgres import Store

_GIVEN = "explained on the command line"


@click.command()
@click.argument("nhs_number", required=False)
@click.option("--entry", "key", default="", metavar="KEY", help="One entry; keys: `show --json`.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), help="What somebody of it sees."
)
@click.option("--organisation", default="", metavar="ODS", help="Where they work.")
@click.option("--table", is_flag=True, help="Print who the standing rules let see what.")
@as_json
def explain(
    *,
    nhs_number: str | None,
    key: str,
    role: str | None,
    organisation: str,
    table: bool,
    as_json: bool,
) -> None:
    """Say who can see the record of the person with NHS_NUMBER, who cannot, and why.

    You look as the operator of this machine, in an emergency, and that is written down: the
    person sees it in their list of who looked.
    """
    if table:
        click.echo(who_can_see(standing_rules()), nl=False)
        return
    number = NhsNumber.parse(nhs_number or "")
    if number is None:
        raise click.BadParameter("is not a valid NHS number", param_hint="NHS_NUMBER")
    audience = Audience(role=Role(role), organisation=organisation) if role else None

    async def work(store: Store) -> list[Explained]:
        return await _explained(store, number, key, audience)

    for explained in on_store(work):
        if as_json:
            print_json([asdict(line) | {"sees": line.sees.value} for line in explained.lines])
        else:
            _say(explained)


async def _explained(
    store: Store, number: NhsNumber, key: str, audience: Audience | None
) -> list[Explained]:
    door = Doorway(store).door(operator_actor())
    found = await door.find(Search(nhs_number=number), purpose=Purpose.EMERGENCY, given=_GIVEN)
    if isinstance(found, Refused):
        raise click.ClickException(f"refused: {found.reason}")
    if not found:
        raise click.ClickException("no source has told of a person with that NHS number")
    explained: list[Explained] = []
    for one in found:
        reply = await door.explain(
            one.person, purpose=Purpose.EMERGENCY, key=key, audience=audience, given=_GIVEN
        )
        if isinstance(reply, Refused):
            raise click.ClickException(f"refused: {reply.reason}")
        explained.append(reply)
    return explained


def _say(explained: Explained) -> None:
    if explained.entry is not None:
        click.echo(explained.entry.title)
    for line in explained.lines:
        rule = f" [rule {line.rule}]" if line.rule else ""
        click.echo(f"{line.who}: {line.sees.value}: {line.why}{rule}")
