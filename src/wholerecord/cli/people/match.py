"""`wholerecord people match`: who is who in a table of records."""

from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from wholerecord.app.garbage import collect_seldom
from wholerecord.cli.people.options import in_file, out_file, with_memory, with_model
from wholerecord.people.model import read


@click.command()
@click.argument("file", type=in_file)
@click.option("--to", "target", type=out_file, required=True, help="JSON lines: id, person.")
@click.option("--review", type=out_file, help="JSON lines: pairs to look at.")
@click.option("--use", default="bulk", show_default=True, help="Whose thresholds.")
@click.option("--spark", default="", help="Have Spark weigh: local[2], spark://host:7077.")
@with_model
@with_memory
def match(
    *, file: Path, target: Path, review: Path | None, use: str, spark: str, model: Path, memory: str
) -> None:
    """Write who is who in FILE: CSV or Parquet, a row a patient, with a column `id`.

    A person is called by the first id they have. Exits with 1 when pairs are for people to look at.
    With --spark, everybody is written beside TARGET, where every worker has to see it.
    """
    from wholerecord.people.bulk.engine import Bulk  # noqa: PLC0415 - slow to import
    from wholerecord.people.bulk.keyed import BEDSIDE, BLOCKING  # noqa: PLC0415
    from wholerecord.people.bulk.match import match as matched  # noqa: PLC0415
    from wholerecord.people.bulk.on_spark import on_spark  # noqa: PLC0415

    collect_seldom()
    chosen = read(model)
    if use not in chosen.thresholds:
        raise click.BadParameter(f"one of {', '.join(chosen.thresholds)}", param_hint="--use")
    blocking = BEDSIDE if use == "bedside" else BLOCKING
    folder = target.absolute().parent
    with (
        on_spark(spark, folder, memory=memory, blocking=blocking)
        if spark
        else Bulk(memory=memory, folder=folder, blocking=blocking, once=True)
    ) as bulk:
        count = bulk.read(file)
        found = matched(bulk, chosen, use=use)
    _write(target, ({"id": each, "person": person} for each, person in found.persons.items()))
    if review is not None:
        _write(review, ({"a": a, "b": b, "bits": round(w, 2)} for a, b, w in found.review))
    click.echo(
        f"{count:,} records are {len(set(found.persons.values())):,} people; "
        f"{len(found.review):,} pairs for people to look at ({chosen.version}, {use})"
    )
    if found.review:
        raise SystemExit(1)


def _write(target: Path, rows: Iterable[dict[str, str | float]]) -> None:
    """JSON lines: an id that begins like a formula is a formula to whoever opens a CSV file."""
    with target.open("wb") as file:
        for row in rows:
            file.write(msgspec.json.encode(row) + b"\n")
