"""`wholerecord ingest`: take in files, folders, archives or standard input."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from wholerecord import worker
from wholerecord.cli.run import on_store, print_json
from wholerecord.cli.serving import with_standing_rules
from wholerecord.errors import WholerecordError
from wholerecord.intake import Arrival
from wholerecord.intake.archive import NotTaken, inputs
from wholerecord.intake.cut import cut
from wholerecord.record import Source
from wholerecord.storage.postgres import Store

#: Arrivals waiting to be kept at once, and their bytes: they share commits, and bound the memory.
_AT_ONCE, _BYTES_AT_ONCE = 64, 48 * 1024 * 1024
#: Bytes above which other processes read, since starting them costs about half a second.
_WORTH_PROCESSES = 4 * 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Summary:
    """What an ingest did: the last line it prints, as JSON. `parked` counts by reason."""

    source: str
    files: int = 0
    messages: int = 0
    again: int = 0
    statements: int = 0
    parked: dict[str, int] = field(default_factory=dict[str, int])
    people: int = 0
    refused: dict[str, str] = field(default_factory=dict[str, str])
    bytes: int = 0
    seconds: float = 0.0


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
    a reason. Prints a JSON summary last. Exits with 1 when anything was parked or refused.
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
    if summary.parked or summary.refused:
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
    await _keep(store, source, paths, summary, lambda: progress.advance(keeping))
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


async def _keep(
    store: Store, source: str, paths: tuple[str, ...], summary: Summary, told: Callable[[], None]
) -> None:
    """Keep every arrival, several at once; what cannot be taken is named in the summary."""
    under_way: dict[asyncio.Task[None], int] = {}

    async def keep_one(arrival: Arrival) -> None:
        try:
            receipt = await store.keep(arrival)
        except (WholerecordError, OSError) as error:
            summary.refused[arrival.name] = str(error)
            return
        summary.messages += 1
        summary.again += not receipt.fresh
        told()

    for one in chain.from_iterable(inputs(path, sys.stdin.buffer) for path in paths):
        summary.files += 1
        if isinstance(one, NotTaken):
            summary.refused[one.name] = one.why
            continue
        try:
            for arrival in cut(source, one.name, one.stream):
                summary.bytes += len(arrival.body)
                under_way[asyncio.create_task(keep_one(arrival))] = len(arrival.body)
                while len(under_way) >= _AT_ONCE or sum(under_way.values()) > _BYTES_AT_ONCE:
                    await _some(under_way)
        except (WholerecordError, OSError) as error:
            summary.refused[one.name] = str(error)
    while under_way:
        await _some(under_way)


async def _some(under_way: dict[asyncio.Task[None], int]) -> None:
    """Wait until at least one is kept, and let go of it."""
    done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        del under_way[task]
        task.result()
