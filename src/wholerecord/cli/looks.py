"""`wholerecord looks`: which looks somebody should review."""

import click

from wholerecord.access.doubting import doubt_emergencies, doubt_patterns
from wholerecord.access.doubts import Doubt
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.storage.postgres import Store


@click.group()
def looks() -> None:
    """Review who looked at whom."""


@looks.command()
@as_json
def review(*, as_json: bool) -> None:
    """Go through the looks since last time, and say which wait for a review.

    Emergencies; many staff on one person; what seems to be a colleague's, a neighbour's, a
    relative's or one's own record; records that are watched. The desk closes each with an outcome.
    Exits with 1 when any waits. Runs every night beside the server, too.
    """

    async def work(store: Store) -> list[Doubt]:
        await doubt_emergencies(store)
        await doubt_patterns(store)
        return list(await store.open_doubts())

    found = on_store(work)
    if as_json:
        print_json([_row(one) for one in found])
    else:
        for one in found:
            click.echo(f"{one.n}: {one.pattern.value}, {one.at:%Y-%m-%d}: {one.evidence}")
        click.echo(f"{len(found):,} wait for a review")
    raise SystemExit(1 if found else 0)


def _row(one: Doubt) -> dict[str, object]:
    return {
        "n": one.n,
        "pattern": one.pattern.value,
        "person": one.person,
        "actor": one.actor,
        "organisation": one.organisation,
        "first": one.first,
        "at": one.at.isoformat(),
        "evidence": one.evidence,
    }
