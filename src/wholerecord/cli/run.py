"""What the commands share: running on an opened store, and saying it as text or as JSON."""

import asyncio
import os
import pwd
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click

from wholerecord.access import Actor
from wholerecord.consent import Role
from wholerecord.record import canonical
from wholerecord.settings import Settings
from wholerecord.storage import open_store
from wholerecord.storage.keyring import keyring
from wholerecord.storage.postgres import Store

T = TypeVar("T")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for other programs.")


def on_store(work: Callable[[Store], Awaitable[T]]) -> T:
    """What `work` gives, run on the store the settings name."""

    async def opened() -> T:
        settings = Settings.from_environment()
        async with open_store(settings.database, keyring(settings.keys)) as store:
            return await work(store)

    return asyncio.run(opened())


def print_json(value: Any) -> None:
    """`value` on one line of standard output."""
    click.echo(canonical(value).decode())


def operator() -> str:
    """The name of the user this program runs as, or their number where they have no name.

    What the environment says of a user's name is anybody's to set, so it is not asked.
    """
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def operator_actor() -> Actor:
    """Who looks from the command line: the operator of this machine, whose every look is told."""
    return Actor(
        id=f"operator:{operator()}",
        name="An operator of the system",
        role=Role.SYSTEM,
        organisation="",
    )
