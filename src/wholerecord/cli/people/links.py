"""`wholerecord people links PERSON`: which patients a person is, or was, and by which decisions."""

from collections.abc import Sequence
from datetime import datetime

import click

from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.cli.show import moment
from wholerecord.errors import NotFound
from wholerecord.people import LinkEvent, Member
from wholerecord.record import PersonId
from wholerecord.storage.postgres import Store


@click.command()
@click.argument("person", type=PersonId)
@click.option("--as-of", metavar="TIME", help="As it was known at this time (2026-03-01, or ISO).")
@as_json
def links(*, person: PersonId, as_of: str | None, as_json: bool) -> None:
    """List the patients who are PERSON and every decision that made them so, in order.

    By number and source, never by name. With --as-of, as the links stood then: decisions made since
    are not told, and patients linked since are not listed.
    """
    at = moment(as_of)
    members, events = on_store(lambda store: _known(store, person, at))
    if as_json:
        print_json({"members": [*map(_member, members)], "events": [*map(_event, events)]})
        return
    for member in members:
        click.echo(f"patient {member.patient} of {member.source}, up to {member.t}")
    if not members:
        click.echo("nobody was this person then" if at else "nobody is this person now")
    for event in events:
        before = f", before {event.was}" if event.was else ""
        click.echo(
            f"{event.n}: {event.at:%Y-%m-%d %H:%M:%S} {event.act.value} patient {event.patient} "
            f"{event.person}{before}, {event.weight:+.1f} bits by {event.by} ({event.model}): "
            f"{event.why}"
        )


async def _known(
    store: Store, person: PersonId, at: datetime | None
) -> tuple[Sequence[Member], list[LinkEvent]]:
    """Who was the person at `at`, and what had been decided by then.

    Raises:
        NotFound: there never was such a person.
    """
    events = await store.events(person)
    if not events:
        raise NotFound("There is no such person, and never was.")
    members = await store.members(person, at=at)
    return members, [event for event in events if at is None or event.at <= at]


def _member(member: Member) -> dict[str, object]:
    return {"patient": member.patient, "source": member.source, "t": member.t}


def _event(event: LinkEvent) -> dict[str, object]:
    return {
        "n": event.n,
        "at": event.at.isoformat(),
        "act": event.act.value,
        "patient": event.patient,
        "person": event.person,
        "was": event.was,
        "bits": event.weight,
        "by": event.by,
        "model": event.model,
        "why": event.why,
        "parts": [
            {"comparison": part.comparison, "bits": part.weight, "why": part.why}
            for part in event.parts
        ],
    }
