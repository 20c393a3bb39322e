"""`wholerecord bench`: how fast this machine opens the records it holds."""

import asyncio
import time

import click

from wholerecord.access import Actor, Doorway, Opened
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.consent import Purpose, Role
from wholerecord.storage.postgres import Store


@click.command()
@click.option("--openings", default=2000, show_default=True, help="How many openings to time.")
@click.option("--at-once", default=64, show_default=True, help="How many wait at the same time.")
@as_json
def bench(*, openings: int, at_once: int, as_json: bool) -> None:
    """Time audited openings of the people in this store, afresh and from the cache.

    Each is a real opening and is written down as one. `make bench` measures everything else.
    """

    async def work(store: Store) -> dict[str, float]:
        actor = Actor(id="operator:bench", name="A measurement", role=Role.SYSTEM, organisation="")
        door = Doorway(store).door(actor)
        people = list(await store.people())
        if not people:
            raise click.ClickException("nobody is in this store: load something first")

        async def open_one(i: int) -> int:
            opened = await door.open(
                people[i % len(people)], purpose=Purpose.EMERGENCY, given="a measurement"
            )
            return opened.record.statements if isinstance(opened, Opened) else 0

        began = time.perf_counter()
        statements = sum([await open_one(i) for i in range(len(people))])
        afresh = time.perf_counter() - began
        began = time.perf_counter()
        for first in range(0, openings, at_once):
            await asyncio.gather(*(open_one(i) for i in range(first, first + at_once)))
        cached = time.perf_counter() - began
        return {
            "people": len(people),
            "statements": statements,
            "afresh_seconds": round(afresh, 3),
            "afresh_microseconds_per_statement": round(afresh / max(statements, 1) * 1e6, 2),
            "cached_openings_per_second": round(openings / cached, 1),
        }

    found = on_store(work)
    if as_json:
        print_json(found)
    else:
        for name, value in found.items():
            click.echo(f"{name.replace('_', ' '):<36} {value:>12,}")
