"""`wholerecord boards`: publish open counts, and say what is left of the budget of privacy."""

from datetime import UTC, datetime

import click

from wholerecord.access import Doorway
from wholerecord.cli.run import as_json, on_store, operator, print_json
from wholerecord.cli.serving import with_standing_rules
from wholerecord.research.openly.budget import OF_SNAPSHOT, OF_YEAR, YEAR, Spending
from wholerecord.research.openly.count import OpenCounts
from wholerecord.research.openly.noise import MILLIONTHS
from wholerecord.research.openly.publish import Publishing, publish
from wholerecord.research.study.submit import Place
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store


@click.group()
def boards() -> None:
    """Publish counts with noise for anybody, out of a budget of privacy that ends."""


@boards.command("publish")
@click.option("--project", required=True, help="The planning project that publishes.")
@click.option(
    "--epsilon",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 100),
    help="What it may cost of the budget.",
)
def publish_(*, project: str, epsilon: float) -> None:
    """Count the newest snapshot with noise, and put it on the open page and the register.

    It asks as the user this program runs as, who must be named in the project. What is spent does
    not come back.
    """
    settings = Settings.from_environment()
    wanted = Publishing(project=project, actor=operator(), epsilon=round(epsilon * MILLIONTHS))

    async def work(store: Store) -> tuple[int, OpenCounts]:
        await with_standing_rules(store)
        place = Place(
            way=Doorway(store), book=store, snapshots=settings.research, keys=settings.studies
        )
        return await publish(place, store, wanted, now=datetime.now(UTC))

    n, made = on_store(work)
    click.echo(
        f"query {n}: {len(made.tables)} tables of {made.snapshot}, for epsilon {epsilon:g};"
        f" a number is off by {made.off} at most, 95 times in 100"
    )


@boards.command()
@as_json
def budget(*, as_json: bool) -> None:
    """List what was spent, newest first, and what is left of this year."""

    async def work(store: Store) -> list[Spending]:
        return list(await store.spendings())

    found, now = on_store(work), datetime.now(UTC)
    left = OF_YEAR - sum(one.epsilon for one in found if now - one.at < YEAR)
    if as_json:
        rows = [
            {
                "n": one.n,
                "at": one.at.isoformat(),
                "snapshot": one.snapshot,
                "what": one.what,
                "epsilon": one.epsilon / MILLIONTHS,
            }
            for one in found
        ]
        print_json({"spent": rows, "left_of_year": left / MILLIONTHS})
        return
    for one in found:
        click.echo(f"{one.at:%Y-%m-%d} {one.snapshot}: {one.what}, {one.epsilon / MILLIONTHS:g}")
    click.echo(
        f"left of this year: {left / MILLIONTHS:g} of {OF_YEAR / MILLIONTHS:g};"
        f" of one snapshot at most {OF_SNAPSHOT / MILLIONTHS:g}"
    )
