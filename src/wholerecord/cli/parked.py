"""`wholerecord parked`: what could not be filed, and whose work it is."""

from datetime import UTC, datetime

import click

from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.intake import Parked
from wholerecord.storage.postgres import Store


@click.command()
@click.option("--source", help="Only what this source sent.")
@click.option("--release", type=int, metavar="N", help="Close item N: somebody dealt with it.")
@click.option("--why", help="Why item N is closed; kept with it.")
@click.option("--by", default="command line", show_default=True, help="Who closes it.")
@as_json
def parked(
    *, source: str | None, release: int | None, why: str | None, by: str, as_json: bool
) -> None:
    """List what is parked, oldest first: reason, place, owner and age.

    Exits with 1 while anything is parked.
    """
    if release is not None and not (why or "").strip():
        raise click.UsageError("--release needs --why: the reason is kept with the item.")

    async def work(store: Store) -> list[Parked]:
        if release is not None:
            await store.release(release, by=by, why=why or "")
        return list(await store.parked(source=source))

    items = on_store(work)
    if as_json:
        print_json(
            [
                {
                    "n": item.n,
                    "message": item.message,
                    "source": item.source,
                    "place": item.place,
                    "reason": item.reason,
                    "says": item.says,
                    "owner": item.owner,
                    "since": item.since.isoformat(),
                }
                for item in items
            ]
        )
    else:
        for item in items:
            click.echo(
                f"{item.n:>6}  {_age(item.since):>6}  {item.source} ({item.owner})  "
                f"message {item.message} {item.place}: {item.says}"
            )
        click.echo(f"{len(items)} parked")
    if items and release is None:
        raise SystemExit(1)


def _age(since: datetime) -> str:
    """How long ago, in the largest whole unit."""
    seconds = int((datetime.now(UTC) - since).total_seconds())
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{max(seconds, 0)} s"
