"""`wholerecord ingest`: take in files, folders, archives or standard input."""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from wholerecord import worker
from wholerecord.cli.keeping import Keeping, Summary
from wholerecord.cli.run import on_store, print_json
from wholerecord.cli.serving import with_standing_rules
from wholerecord.intake.archive import inputs
from wholerecord.record import MessageId, Source
from wholerecord.storage.postgres import Store

#: Messages asked about at once.
_ASKED = 1000
#: Bytes above which other processes read, since starting them costs about half a second.
_WORTH_PROCESSES = 4 * 1024 * 1024


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--source", required=True, help="The name of the system that sent these.")
@click.option("--controller", help="The ODS code of the organisation that answers for it.")
@click.option("--title", help="The source's name for people.")
@click.option(
    "--columns",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The column map of a source that sends tables (JSON).",
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
def ingest(
    *,
    paths: tuple[str, ...],
    source: str,
    controller: str | None,
    title: str | None,
    columns: Path | None,
    quiet: bool,
) -> None:
    """Keep, read, file and link all PATHS: files, folders, archives, or - for standard input.

    Every file is kept byte for byte before anything reads it. What cannot be read is parked with
    a reason. Prints a JSON summary last. Exits with 1 when anything was parked or refused, or came
    again and is still parked.
    """
    for path in paths:
        if path != "-" and not Path(path).exists():
            raise click.BadParameter(f"{path} does not exist", param_hint="PATHS")
    declared = Source(
        name=source,
        controller=controller or "",
        title=title or source,
        columns=columns.read_bytes() if columns else b"",
    )

    async def work(store: Store) -> Summary:
        await with_standing_rules(store)
        await _declare(store, declared, told_more=bool(controller or title or columns))
        with Progress(
            console=Console(file=sys.stderr), disable=quiet or not sys.stderr.isatty()
        ) as progress:
            return await _take(store, source, paths, progress)

    summary = on_store(work)
    print_json(asdict(summary))
    if summary.still_parked:
        click.echo(
            f"again, and still parked: {summary.still_parked:,} "
            f"(wholerecord parked --source {source})",
            err=True,
        )
    if summary.parked or summary.refused or summary.still_parked:
        raise SystemExit(1)


async def _declare(store: Store, declared: Source, *, told_more: bool) -> None:
    known = {source.name: source for source in await store.sources()}
    if declared.name not in known or told_more:
        await store.declare(declared)


async def _take(store: Store, source: str, paths: tuple[str, ...], progress: Progress) -> Summary:
    began = time.monotonic()
    summary = Summary(source=source)
    before = await _parked(store, source)
    keeping = progress.add_task("keeping", total=None)
    found = chain.from_iterable(inputs(path, sys.stdin.buffer) for path in paths)
    again = await Keeping(store, summary, lambda: progress.advance(keeping)).take(found)
    summary.still_parked = await _still_parked(store, again)
    filing = progress.add_task("filing", total=summary.messages)
    processes = 2 if summary.bytes > _WORTH_PROCESSES else 0
    async with worker.readers(processes) as prepare:
        done = await worker.settle(store, prepare, told=lambda n: progress.advance(filing, n))
    summary.statements = done.statements
    summary.parked = dict(await _parked(store, source) - before)
    summary.people = len(await store.people())
    summary.seconds = round(time.monotonic() - began, 2)
    return summary


async def _parked(store: Store, source: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for count in await store.parked_counts(open_only=False):
        if count.source == source:
            found[count.reason] += count.items
    return found


async def _still_parked(store: Store, again: Sequence[MessageId]) -> int:
    """How many items of these messages are parked, and nobody has closed them."""
    items = 0
    for first in range(0, len(again), _ASKED):
        parked = await store.parked_of(again[first : first + _ASKED])
        items += sum(one.released is None for one in parked)
    return items
