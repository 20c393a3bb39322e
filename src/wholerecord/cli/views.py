"""`wholerecord views`: the tables that studies and counts read."""

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context

import click

from wholerecord.access import Doorway, Refused
from wholerecord.app.garbage import collect_seldom
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.cli.serving import with_standing_rules
from wholerecord.errors import Forbidden
from wholerecord.research.areas import loaded_areas
from wholerecord.research.refresh import refresh as made_anew
from wholerecord.research.snapshot import Snapshot, snapshots
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store
from wholerecord.terms import Terminology, take_up


@click.group()
def views() -> None:
    """Make and list the tables that studies and counts read."""


@views.command()
@as_json
def refresh(*, as_json: bool) -> None:
    """Copy everybody whose record changed into a new snapshot of the tables.

    Codes, dates and numbers are copied; no name, no free text, nothing sealed. The copying is one
    opening in the log. People who opted out are left out when a study or count is run, for it
    depends on what for.
    """
    settings = Settings.from_environment()
    folder, areas = settings.research, loaded_areas(settings.areas)

    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=get_context("spawn"), initializer=_as_here, initargs=(settings,)
    ) as pool:

        async def work(store: Store) -> Snapshot | Refused:
            await with_standing_rules(store)
            now = datetime.now(UTC)
            return await made_anew(Doorway(store), folder, now=now, areas=areas, pool=pool)

        made = on_store(work)
    if isinstance(made, Refused):
        raise Forbidden(f"The tables were not made: {made.reason}.")
    if as_json:
        print_json(_row(made))
    else:
        click.echo(_say(made))


def _as_here(settings: Settings) -> None:
    """Make a process fold as this one does. It begins when it is first asked for something."""
    collect_seldom()
    take_up(Terminology.of(settings.terms))


@views.command("list")
@click.option("--verify", is_flag=True, help="Hold every file against its hash.")
@as_json
def list_(*, verify: bool, as_json: bool) -> None:
    """List the snapshots, newest first. With --verify, exits with 1 when any was altered."""
    found = snapshots(Settings.from_environment().research)
    faults = {one.manifest.name: list(one.faults()) if verify else [] for one in found}
    if as_json:
        print_json([_row(one) | {"faults": faults[one.manifest.name]} for one in found])
    else:
        for one in found:
            click.echo(_say(one))
            for fault in faults[one.manifest.name]:
                click.echo(f"  wrong: {fault}", err=True)
        if not found:
            click.echo("no snapshot yet: wholerecord views refresh")
    if any(faults.values()):
        raise SystemExit(1)


def _say(one: Snapshot) -> str:
    said = one.manifest
    rows, size = sum(part.rows for part in said.parts), sum(part.size for part in said.parts)
    return (
        f"{said.name}: {said.people:,} people, {said.folded:,} of them folded anew, {rows:,} rows, "
        f"{size / 1e6:,.1f} MB"
    )


def _row(one: Snapshot) -> dict[str, object]:
    said = one.manifest
    return {
        "name": said.name,
        "as_of": said.as_of.isoformat(),
        "people": said.people,
        "folded": said.folded,
        "rows": {part.table: part.rows for part in said.parts},
        "bytes": sum(part.size for part in said.parts),
        "versions": said.versions,
    }
