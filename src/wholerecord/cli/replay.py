"""`wholerecord replay`: read kept messages again, see what would change, publish it, undo it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from wholerecord import worker
from wholerecord.access.replaying import Preview, Published, preview, publish, undo
from wholerecord.cli.changed import person_json, say_person
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.intake.replay import Choice, MessageChange
from wholerecord.people.decide import decide
from wholerecord.people.weigh import MODEL
from wholerecord.storage.postgres import Store

_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.command()
@click.argument("source", required=False)
@click.option("--parked", type=int, metavar="N", help="Only the message of parked item N.")
@click.option("--since", type=_DAY, help="Only what was received from then on (UTC).")
@click.option("--until", type=_DAY, help="Only what was received before then (UTC).")
@click.option(
    "--columns",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Try this column map; publishing declares it for the source too.",
)
@click.option("--publish", "publishing", is_flag=True, help="Publish what is shown.")
@click.option("--undo", "undoing", type=int, metavar="N", help="Undo replay N.")
@click.option("--by", help="Who signs it off.")
@click.option("--why", help="Why; kept with the replay.")
@as_json
def replay(
    *,
    source: str | None,
    parked: int | None,
    since: datetime | None,
    until: datetime | None,
    columns: Path | None,
    publishing: bool,
    undoing: int | None,
    by: str | None,
    why: str | None,
    as_json: bool,
) -> None:
    """Read kept messages of SOURCE again and show every statement and entry that would change.

    Nothing is written without --publish. Persons are shown by address, never by name. Exits with 1
    when something would change and was not published.
    """
    signed = (by or "").strip(), (why or "").strip()
    if (publishing or undoing is not None) and not all(signed):
        raise click.UsageError("--publish and --undo need --by and --why: both are kept.")
    if undoing is not None:
        _undo(undoing, *signed)
        return
    if (source is None) == (parked is None):
        raise click.UsageError("Name a source, or a parked item with --parked.")
    choice = Choice(source=source, since=_utc(since), until=_utc(until))
    tried = columns.read_bytes() if columns else None

    async def work(store: Store) -> tuple[Preview, Published | None]:
        chosen = choice
        if parked is not None:
            chosen = Choice(messages=((await store.parked_item(parked)).message,))
        return await _replay(store, chosen, tried, signed if publishing else None)

    seen, done = on_store(work)
    if as_json:
        print_json(_json(seen, done))
    else:
        _say(seen, done)
    if seen.changes and done is None:
        raise SystemExit(1)


async def _replay(
    store: Store, choice: Choice, tried: bytes | None, signed: tuple[str, str] | None
) -> tuple[Preview, Published | None]:
    """The preview and, where somebody signed it and anything would change, its publication."""
    async with worker.readers(0) as prepare:
        seen = await preview(store, prepare, choice, columns=tried)
    if signed is None or not seen.changes:
        return seen, None
    if tried is not None:
        await _declare(store, {change.source for change in seen.changes}, tried)
    done = await publish(store, seen, by=signed[0], why=signed[1])
    await _link(store)
    return seen, done


async def _link(store: Store) -> None:
    while await store.link_waiting(decide, model=MODEL):
        pass


def _undo(n: int, by: str, why: str) -> None:
    async def work(store: Store) -> int:
        count = await undo(store, n, by=by, why=why)
        await _link(store)
        return count

    click.echo(f"replay {n} is undone: {on_store(work):,} messages say what they said before")


async def _declare(store: Store, names: Collection[str], columns: bytes) -> None:
    for source in await store.sources():
        if source.name in names:
            await store.declare(replace(source, columns=columns))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def _say(seen: Preview, done: Published | None) -> None:
    for change in seen.changes:
        _say_message(change)
    for person in seen.people:
        say_person(person)
    added, removed = seen.statements
    click.echo(
        f"{seen.read:,} messages read again, {len(seen.changes):,} would change: "
        f"{added:,} statements added, {removed:,} no longer counted, "
        f"{len(seen.people):,} records changed (changes {seen.digest})"
    )
    if done is not None:
        click.echo(
            f"published as replay {done.replay}: {done.messages:,} messages, "
            f"{done.statements:,} statements"
        )
        for message in done.left:
            click.echo(f"message {message} was changed meanwhile and is left: preview it again")


def _say_message(change: MessageChange) -> None:
    click.echo(f"message {change.message} ({change.source})")
    for one in change.patients:
        for sign, kind, place in one.lines:
            click.echo(f"  {sign} patient {one.patient}: {kind} at {place}")
    for n in change.closed:
        click.echo(f"  - parked item {n} is closed")
    for fault in change.opened:
        click.echo(f"  + parked: {fault.reason.value} {fault.place}".rstrip())
    for merge in change.merges:
        click.echo(f"  + {type(merge).__name__.lower()} at {merge.place}")


def _json(seen: Preview, done: Published | None) -> dict[str, object]:
    added, removed = seen.statements
    return {
        "read": seen.read,
        "digest": seen.digest,
        "statements": {"added": added, "removed": removed},
        "messages": [
            {
                "message": change.message,
                "statements": [
                    {"sign": sign, "patient": one.patient, "kind": kind, "place": place}
                    for one in change.patients
                    for sign, kind, place in one.lines
                ],
                "closed": list(change.closed),
                "parked": [
                    {"reason": fault.reason.name, "place": fault.place} for fault in change.opened
                ],
            }
            for change in seen.changes
        ],
        "people": [person_json(person) for person in seen.people],
        "published": None
        if done is None
        else {
            "replay": done.replay,
            "messages": done.messages,
            "statements": done.statements,
            "left": list(done.left),
        },
    }
