"""`wholerecord trace`: one message from end to end."""

import click

from wholerecord.access.tracing import Trace
from wholerecord.access.tracing import trace as traced
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.storage.postgres import Store


@click.command()
@click.argument("id")
@as_json
def trace(*, id: str, as_json: bool) -> None:
    """Trace the message with this control id, Bundle id, number or SHA-256.

    Says when and by which channel it was kept, how it was acknowledged, what it became, what was
    parked of it, what has replaced it, and how many openings showed it. Persons are addresses.
    """

    async def work(store: Store) -> tuple[Trace, ...]:
        return await traced(store, id)

    found = on_store(work)
    if as_json:
        print_json([_json(one) for one in found])
        return
    for one in found:
        _say(one)


def _say(one: Trace) -> None:
    kept = one.message
    click.echo(f"message {kept.message} from {kept.source} ({kept.controller})")
    click.echo(f"  kept          {kept.received.isoformat()} by {kept.name or 'an unnamed way'}")
    click.echo(f"  id            {one.known_id or 'none stands in it'}")
    click.echo(f"  bytes         {kept.size:,}, sha256 {kept.sha256}")
    click.echo(f"  acknowledged  {one.acknowledged}")
    filed = "waiting" if kept.waiting else "nothing of it could be filed"
    click.echo(f"  filed         {kept.filed.isoformat() if kept.filed else filed}")
    for became in one.became:
        kinds = ", ".join(f"{count} {kind}" for kind, count in became.kinds.items())
        click.echo(f"  patient {became.patient}, person {became.person or 'nobody yet'}: {kinds}")
        for why, count in became.unfolded.items():
            click.echo(f"    {count} of them: {why}")
    for item in one.parked:
        state = "closed" if item.released else "open"
        click.echo(f"  parked {item.n} ({state}) {item.place}: {item.says}")
    for n in one.replays:
        click.echo(f"  read again in replay {n}")
    click.echo(f"  shown in      {one.showings:,} openings")


def _json(one: Trace) -> dict[str, object]:
    kept = one.message
    return {
        "message": kept.message,
        "source": kept.source,
        "id": one.known_id,
        "received": kept.received.isoformat(),
        "channel": kept.name,
        "bytes": kept.size,
        "sha256": kept.sha256,
        "acknowledged": one.acknowledged,
        "waiting": kept.waiting,
        "filed": kept.filed.isoformat() if kept.filed else None,
        "became": [
            {
                "patient": became.patient,
                "person": became.person,
                "statements": dict(became.kinds),
                "unfolded": dict(became.unfolded),
            }
            for became in one.became
        ],
        "parked": [
            {"n": item.n, "place": item.place, "says": item.says, "open": item.released is None}
            for item in one.parked
        ],
        "replays": list(one.replays),
        "openings": one.showings,
    }
