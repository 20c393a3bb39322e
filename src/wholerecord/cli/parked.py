"""`wholerecord parked`: what could not be filed, whose work it is, and by when."""

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from wholerecord.cli.feeds import span
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.intake import Parked
from wholerecord.intake.parked import ParkedStep, Unlinked
from wholerecord.intake.parked_clock import ESCALATED_TO, Clock, Lateness, clock, unlinked_clock
from wholerecord.storage.postgres import Store


@click.command()
@click.option("--source", help="Only what this source sent.")
@click.option("--release", type=int, metavar="N", help="Close item N: somebody dealt with it.")
@click.option("--assign", type=int, metavar="N", help="Give item N to somebody.")
@click.option("--to", default="", help="Whom item N is given to.")
@click.option("--note", type=int, metavar="N", help="Write something down about item N.")
@click.option("--item", type=int, metavar="N", help="Show what was done about item N.")
@click.option("--why", help="Why; kept with the item.")
@click.option("--by", default="command line", show_default=True, help="Who does it.")
@as_json
def parked(
    *,
    source: str | None,
    release: int | None,
    assign: int | None,
    to: str,
    note: int | None,
    item: int | None,
    why: str | None,
    by: str,
    as_json: bool,
) -> None:
    """List what is parked, oldest first: reason, place, owner, age, and whether it is overdue.

    Exits with 1 while anything is parked.
    """
    if item is not None:
        _history(item)
        return
    done = _asked(release=release, assign=assign, note=note)
    if done and not (why or "").strip():
        raise click.UsageError(f"--{done} needs --why: the reason is kept with the item.")

    async def work(store: Store) -> tuple[Sequence[Parked], Sequence[Unlinked]]:
        said = (why or "").strip()
        if release is not None:
            await store.release(release, by=by, why=said)
        elif assign is not None:
            await store.assign(assign, to, by=by, why=said)
        elif note is not None:
            await store.note(note, by=by, why=said)
        return await store.parked(source=source), await store.unlinked()

    items, nobody = on_store(work)
    if as_json:
        print_json([_json(one) for one in items])
    else:
        _say(items, nobody)
    if items and not done:
        raise SystemExit(1)


def _asked(**numbers: int | None) -> str:
    """The one thing that is to be done, "" for nothing."""
    given = [name for name, n in numbers.items() if n is not None]
    if len(given) > 1:
        raise click.UsageError("Do one thing at a time: --release, --assign or --note.")
    return given[0] if given else ""


def _say(items: Sequence[Parked], nobody: Sequence[Unlinked]) -> None:
    now = datetime.now(UTC)
    for one in items:
        given = f", with {one.assigned}" if one.assigned else ""
        about = f" about patient {one.patient}" if one.patient is not None else ""
        click.echo(
            f"{one.n:>6}  {span(now - one.since):>6}{_late(clock(one), now)}  {one.source} "
            f"({one.owner}{given})  message {one.message} {one.place}{about}: {one.says}"
        )
    for who in nobody:
        click.echo(
            f"        {span(now - who.since):>6}{_late(unlinked_clock(who.since), now)}  "
            f"{who.source} ({who.owner})  patient {who.patient}: not linked to any person yet"
        )
    late = sum(clock(one).at(now) is not Lateness.ON_TIME for one in items)
    click.echo(f"{len(items)} parked, {late} overdue, {len(nobody)} patients not linked yet")


def _late(of: Clock, now: datetime) -> str:
    match of.at(now):
        case Lateness.ON_TIME:
            return ""
        case Lateness.OVERDUE:
            return " OVERDUE"
        case Lateness.ESCALATED:
            return f" OVERDUE, escalated to {ESCALATED_TO}"


def _json(one: Parked) -> dict[str, object]:
    of = clock(one)
    return {
        "n": one.n,
        "message": one.message,
        "source": one.source,
        "place": one.place,
        "reason": one.reason,
        "says": one.says,
        "owner": one.owner,
        "assigned": one.assigned,
        "patient": one.patient,
        "since": one.since.isoformat(),
        "due": of.due.isoformat(),
        "escalates": of.escalates.isoformat(),
        "lateness": of.at(datetime.now(UTC)).value,
    }


def _history(n: int) -> None:
    async def work(store: Store) -> tuple[Parked, Sequence[ParkedStep]]:
        return await store.parked_item(n), await store.steps(n)

    one, steps = on_store(work)
    click.echo(f"{one.n}  {one.source}  message {one.message} {one.place}: {one.says}")
    for step in steps:
        to = f" to {step.given_to}" if step.given_to else ""
        click.echo(f"  {step.at.isoformat()}  {step.step.value}{to} by {step.by}: {step.why}")
