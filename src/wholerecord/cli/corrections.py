"""`wholerecord corrections`: what sources are asked to put right.

What they answer is kept at the desk, where whoever keeps it is known and it is an opening.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from wholerecord.access import Doorway
from wholerecord.access.corrections import Correction, State
from wholerecord.app.carriers import Carrier, Carriers, FhirServer, Letters, MeshMailbox
from wholerecord.app.correcting import see_to_corrections
from wholerecord.app.receivers import Receivers
from wholerecord.app.sender import Sender
from wholerecord.cli.channels import account, read
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.intake.channels import Channels
from wholerecord.intake.mesh import Mailbox
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store


@click.group()
def corrections() -> None:
    """See what sources are asked to put right, and send it now."""


@corrections.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """List what waits, oldest first: of whom it is asked, its state, its owner and its day.

    Exits with 1 while anything is escalated.
    """

    async def work(store: Store) -> Sequence[Correction]:
        return await store.open_corrections()

    waiting, now = on_store(work), datetime.now(UTC)
    if as_json:
        print_json([_row(one) for one in waiting])
    else:
        for one in waiting:
            click.echo(_line(one, now))
        if not waiting:
            click.echo("nothing is asked of any source")
    if any(one.escalated for one in waiting):
        raise SystemExit(1)


@corrections.command()
def send() -> None:
    """Send what is due, close what sources did, and escalate what is late; `serve` does so too.

    Every message that goes is an opening of the record that it is about.
    """
    settings = Settings.from_environment()

    async def work(store: Store) -> Sequence[Correction]:
        await see_to_corrections(Doorway(store), carriers(settings, read(settings.channels)))
        return await store.open_corrections()

    waiting = on_store(work)
    going = sum(one.state is not State.SENT for one in waiting)
    click.echo(f"{len(waiting) - going} wait for an answer, {going} to be sent")


def carriers(settings: Settings, named: Channels) -> Carriers:
    """Who carries what is asked of each source, as the site's file of channels says.

    Raises:
        NoSecret: the password or key of a mailbox is missing.
        BadReceivers: the setting is wrong.
    """
    sender = Sender(receivers=Receivers.parse(settings.receivers))
    by_source: dict[str, Carrier] = {
        each.source: FhirServer(each.fhir, sender) for each in named.corrections
    }
    by_source |= {
        each.source: MeshMailbox(Mailbox(account(each, settings.folder)), each.to, each.workflow)
        for each in named.corrections_mesh
    }
    return Carriers(letters=Letters(settings.outbox / "corrections"), by_source=by_source)


def _line(one: Correction, now: datetime) -> str:
    late = ", ESCALATED: nobody answered" if one.escalated else ""
    days = (one.due - now).days
    return (
        f"{one.n}: {one.verdict.value} of {len(one.about)} by {one.source}, {one.state.value}"
        f"{f' by {one.via}' if one.via else ''}, with {one.owner}, {days} days left{late}"
    )


def _row(one: Correction) -> dict[str, object]:
    return {
        "n": one.n,
        "source": one.source,
        "verdict": one.verdict.value,
        "state": one.state.value,
        "owner": one.owner,
        "due": one.due.isoformat(),
        "escalated": one.escalated.isoformat() if one.escalated else None,
        "via": one.via,
    }
