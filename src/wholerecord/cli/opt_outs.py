"""`wholerecord opt-outs`: the national data opt-out, looked up by MESH or with two files."""

from pathlib import Path
from typing import TypeVar

import click

from wholerecord.access import Actor, Door, Doorway, Refused
from wholerecord.app.opt_outs import Exchange
from wholerecord.cli.channels import account, read
from wholerecord.cli.run import on_store, operator_actor
from wholerecord.consent import Role
from wholerecord.consent.lookup import LookUp
from wholerecord.intake.channels import OptOutsChannel
from wholerecord.intake.mesh import Mailbox
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

T = TypeVar("T")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
#: A line is twelve bytes: the whole country is less.
_LARGEST = 1 << 30
#: Who looks up beside the server.
_PROGRAM = Actor(
    id="opt-outs", name="The national opt-out look-up", role=Role.SYSTEM, organisation=""
)


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


@opt_outs.command()
@click.option("--why", required=True, help="Written down with your name.")
def send(*, why: str) -> None:
    """Send the list by the mailbox of `channels.toml`; `serve` does so by itself."""

    async def work(store: Store) -> str:
        return _done(await _exchange(store).ask(why=why))

    click.echo(f"sent as {on_store(work)}: collect the answer within the hour")


@opt_outs.command()
@click.option("--why", required=True, help="Written down with your name.")
def collect(*, why: str) -> None:
    """Take in the answer that is in the mailbox of `channels.toml`."""

    async def work(store: Store) -> LookUp | None:
        return _done(await _exchange(store).take(why=why))

    found = on_store(work)
    if found is None:
        raise click.ClickException("no answer is in the mailbox yet")
    click.echo(f"{len(found.people)} people are in no study and no count until {found.until:%d %B}")


def exchange(way: Doorway, channel: OptOutsChannel, settings: Settings, beside: Path) -> Exchange:
    """The exchange by this channel, as the program itself; its paths are taken from `beside`.

    Raises:
        NoSecret: the password or key of its mailbox is missing.
    """
    return _by(way.door(_PROGRAM), channel, settings, beside)


def _exchange(store: Store) -> Exchange:
    """The exchange by the channel of this site, as the operator."""
    settings = Settings.from_environment()
    named = read(settings.channels).opt_outs
    if not named:
        raise click.UsageError("channels.toml names no mailbox for opt-outs.")
    return _by(Doorway(store).door(operator_actor()), named[0], settings, settings.folder)


def _by(door: Door, channel: OptOutsChannel, settings: Settings, beside: Path) -> Exchange:
    return Exchange(
        door=door,
        mailbox=Mailbox(account(channel, beside)),
        to=channel.to,
        workflow=channel.workflow,
        folder=settings.opt_outs,
    )


def _done(found: T | Refused) -> T:
    if isinstance(found, Refused):
        raise click.ClickException(f"refused: {found.reason}")
    return found
