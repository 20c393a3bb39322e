"""`wholerecord check`: nothing lost, nothing altered, nothing given out unseen."""

from dataclasses import asdict, replace

import click

from wholerecord.access import reckon
from wholerecord.access.reckon import Reckoning, day_rows
from wholerecord.app.reconciling import Reconciled, reconcile
from wholerecord.audit import Verified, signing_key, verify
from wholerecord.audit.stamping import Stamped
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.cli.stamps import in_words, stamps_of
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store


@click.command()
@click.option("--by-day", is_flag=True, help="Print the ledger by day and source too.")
@as_json
def check(*, by_day: bool, as_json: bool) -> None:
    """Prove that nothing is lost and that the log of openings is whole.

    Prints the sum: what was received = what is shown + restricted + superseded + parked. Exits
    with 1 when it does not hold for any source and day, when the links contradict their events,
    when the log was altered, or when something was given out that no opening says.
    """
    settings = Settings.from_environment()

    async def work(store: Store) -> tuple[Reckoning, Verified, Reconciled, Stamped]:
        key = signing_key(settings.seal_key).public_key()
        return (
            await reckon(store),
            await verify(store, key, settings.published_seals),
            await reconcile(store, settings.research),
            await stamps_of(store, settings),
        )

    found, log, left, stamped = on_store(work)
    if as_json:
        print_json(
            {
                "reckoning": _sums(found),
                "days": day_rows(found),
                "log": asdict(log),
                "stamps": asdict(stamped),
                "left": asdict(left),
            }
        )
    else:
        if by_day:
            _say_days(found)
        _say(found, log, left, stamped)
    if found.wrong or log.broken or left.wrong or stamped.wrong:
        raise SystemExit(1)


def _sums(found: Reckoning) -> dict[str, object]:
    """The sums without the days, which are rows of their own."""
    return {k: v for k, v in asdict(replace(found, days=())).items() if k not in {"days", "told"}}


def _say_days(found: Reckoning) -> None:
    for row in day_rows(found):
        click.echo(
            f"{row['day']}  {row['source']}: {row['received']:,} received = {row['filed']:,} filed "
            f"+ {row['again']:,} duplicates + {row['parked']:,} parked + {row['waiting']:,} "
            f"waiting; {row['statements']:,} statements = {row['shown']:,} shown + "
            f"{row['restricted']:,} restricted + {row['superseded']:,} superseded + "
            f"{row['unread']:,} parked + {row['elsewhere']:,} about no person yet"
        )


def _say(found: Reckoning, log: Verified, left: Reconciled, stamped: Stamped) -> None:
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
    sorts = ", ".join(f"{number:,} of sort {sort}" for sort, number in sorted(left.left.items()))
    click.echo(f"given out   {left.left.total():>9,} times{': ' if sorts else ''}{sorts}")
    if stamped.stamps:
        click.echo(in_words(stamped))
    of_log = filter(None, (log.broken, stamped.wrong))
    wrong = [*found.wrong, *of_log, *left.wrong]
    for each in wrong:
        click.echo(f"wrong: {each}", err=True)
    if not wrong:
        click.echo("nothing is lost and nothing was altered")
