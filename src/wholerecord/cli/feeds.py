"""`wholerecord feeds`: each source as it has sent, and whether its silence is an alarm."""

from datetime import UTC, datetime, timedelta

import click

from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.intake.board import BoardLine, board
from wholerecord.intake.rhythm import LEARN
from wholerecord.storage.postgres import Store


@click.command()
@as_json
def feeds(*, as_json: bool) -> None:
    """Show every source: last message, messages a day, lag, parked share, reasons, silence.

    A silence is an alarm when it is longer than is usual for the source at that hour of the week,
    learnt from its own messages; until there are three weeks of them, longer than is declared.
    Exits with 1 while a source is silent.
    """
    now = datetime.now(UTC)

    async def work(store: Store) -> tuple[BoardLine, ...]:
        hours = await store.hours(since=now - LEARN)
        return board(await store.feeds(), hours, await store.parked_counts(), now)

    lines = on_store(work)
    if as_json:
        print_json([_json(line) for line in lines])
    else:
        for line in lines:
            click.echo(_say(line, now))
        click.echo(f"{len(lines)} sources, {sum(line.silent for line in lines)} silent")
    if any(line.silent for line in lines):
        raise SystemExit(1)


def _say(line: BoardLine, now: datetime) -> str:
    feed = line.feed
    last = f"{span(now - feed.last_received)} ago" if feed.last_received else "never"
    parked = "" if line.parked is None else f", {line.parked:.1%} with something parked"
    lag = f", {span(line.lag)} from made to received" if line.lag is not None else ""
    reasons = "".join(f"\n    {count:>6,}  {says}" for says, count in line.reasons)
    return (
        f"{'SILENT  ' if line.silent else '        '}{feed.source.name} "
        f"({feed.source.controller}): last {last}, {line.per_day:,.1f} a day{lag}{parked}, "
        f"{feed.waiting:,} waiting; {_usual(line)}{reasons}"
    )


def _usual(line: BoardLine) -> str:
    if line.allowed is None:
        return "no rhythm is known yet and none is declared"
    how = "its own rhythm" if line.learnt else "as declared"
    return f"an alarm after {span(line.allowed)} ({how})"


def _json(line: BoardLine) -> dict[str, object]:
    feed = line.feed
    return {
        "source": feed.source.name,
        "controller": feed.source.controller,
        "last_received": feed.last_received.isoformat() if feed.last_received else None,
        "messages": feed.messages,
        "per_day": round(line.per_day, 2),
        "lag_seconds": line.lag.total_seconds() if line.lag is not None else None,
        "parked_share": line.parked,
        "open_parked": feed.parked,
        "waiting": feed.waiting,
        "reasons": dict(line.reasons),
        "alarm_after_seconds": line.allowed.total_seconds() if line.allowed else None,
        "learnt": line.learnt,
        "silent": line.silent,
    }


def span(length: timedelta) -> str:
    """A length of time in its largest whole unit."""
    seconds = int(length.total_seconds())
    for unit, each in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= each:
            return f"{seconds // each} {unit}"
    return f"{max(seconds, 0)} s"
