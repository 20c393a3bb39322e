"""`wholerecord check`: nothing lost, nothing altered."""

from dataclasses import asdict

import click

from wholerecord.access import reckon
from wholerecord.access.reckon import Reckoning
from wholerecord.audit import Verified, signing_key, verify
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store


@click.command()
@as_json
def check(*, as_json: bool) -> None:
    """Prove that nothing is lost and that the log of openings is whole.

    Prints the sum: what was received = what is shown + restricted + superseded + parked. Exits
    with 1 when it does not hold, when the links contradict their events, or when the log was
    altered.
    """
    settings = Settings.from_environment()

    async def work(store: Store) -> tuple[Reckoning, Verified]:
        key = signing_key(settings.seal_key).public_key()
        return await reckon(store), await verify(store, key, settings.published_seals)

    found, log = on_store(work)
    if as_json:
        print_json({"reckoning": asdict(found), "log": asdict(log)})
    else:
        _say(found, log)
    if found.wrong or log.broken:
        raise SystemExit(1)


def _say(found: Reckoning, log: Verified) -> None:
    click.echo(
        f"messages    {found.kept:>9,} kept = {found.filed:,} filed + "
        f"{found.parked_messages:,} with something parked + {found.waiting:,} waiting"
    )
    click.echo(
        f"statements  {found.received:>9,} received = {found.shown:,} shown + "
        f"{found.restricted:,} restricted + {found.superseded:,} superseded + "
        f"{found.parked:,} parked + {found.directory:,} about no patient + "
        f"{found.unlinked:,} not linked yet"
    )
    click.echo(f"people      {found.people:>9,} of {found.patients:,} patients")
    click.echo(
        f"openings    {log.openings:>9,} written down, {log.seals:,} seals, "
        f"{log.unsealed:,} not sealed yet"
    )
    for wrong in (*found.wrong, *([log.broken] if log.broken else [])):
        click.echo(f"wrong: {wrong}", err=True)
    if not found.wrong and not log.broken:
        click.echo("nothing is lost and nothing was altered")
