"""`wholerecord opt-outs`: the national data opt-out, looked up with a file out and a file in."""

from pathlib import Path
from typing import TypeVar

import click

from wholerecord.access import Doorway, Refused
from wholerecord.cli.run import on_store, operator_actor
from wholerecord.consent.lookup import LookUp
from wholerecord.storage.postgres import Store

T = TypeVar("T")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
#: A line is twelve bytes: the whole country is less.
_LARGEST = 1 << 30


@click.group("opt-outs")
def opt_outs() -> None:
    """Ask the national service who opted out of planning and research, and take in its answer."""


@opt_outs.command()
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--why", required=True, help="Written down with your name.")
def ask(*, out: Path, why: str) -> None:
    """Write the list to send by MESH: the NHS number of everybody, a line each."""

    async def work(store: Store) -> bytes:
        return _done(await Doorway(store).door(operator_actor()).ask_opt_outs(why=why))

    listed = on_store(work)
    with out.open("xb") as file:
        out.chmod(0o600)
        file.write(listed)
    lines = listed.count(b"\n")
    click.echo(f"{lines} NHS numbers in {out}: delete it when the answer is taken in")


@opt_outs.command()
@click.argument("asked", type=_FILE)
@click.argument("answered", type=_FILE)
@click.option("--why", required=True, help="Written down with your name.")
def take(*, asked: Path, answered: Path, why: str) -> None:
    """Take in the file ANSWERED that came back for the list ASKED: who may be used."""
    if max(asked.stat().st_size, answered.stat().st_size) > _LARGEST:
        raise click.UsageError("A list of NHS numbers is smaller than 1 GiB.")
    files = asked.read_bytes(), answered.read_bytes()

    async def work(store: Store) -> LookUp:
        return _done(await Doorway(store).door(operator_actor()).take_opt_outs(*files, why=why))

    found = on_store(work)
    click.echo(f"{len(found.people)} people are in no study and no count until {found.until:%d %B}")


def _done(found: T | Refused) -> T:
    if isinstance(found, Refused):
        raise click.ClickException(f"refused: {found.reason}")
    return found
