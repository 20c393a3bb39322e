"""`wholerecord people train`: the model learnt anew from a table of records."""

from pathlib import Path

import click

from wholerecord.app.garbage import collect_seldom
from wholerecord.cli.people.options import in_file, out_file, with_memory, with_model
from wholerecord.people.model import read, save


@click.command()
@click.argument("file", type=in_file)
@click.option("--to", "target", type=out_file, required=True, help="Where the model goes.")
@click.option("--version", required=True, help="Its name: every decision is kept with it.")
@click.option(
    "--pairs",
    type=click.IntRange(10_000),
    default=2_000_000,
    show_default=True,
    help="How many pairs are drawn to see what two people share by chance.",
)
@with_model
@with_memory
def train(*, file: Path, target: Path, version: str, pairs: int, model: Path, memory: str) -> None:
    """Train the model on FILE (CSV or Parquet), with verified NHS numbers as the only labels.

    What is compared, the words that say it and the thresholds stay those of --model.
    """
    # Splink takes two seconds to import; no other command waits for it.
    from wholerecord.people.bulk.engine import Bulk  # noqa: PLC0415
    from wholerecord.people.bulk.train import train as trained  # noqa: PLC0415

    collect_seldom()
    start = read(model)
    with Bulk(memory=memory, folder=target.absolute().parent) as bulk:
        count = bulk.read(file)
        save(trained(bulk, start, version=version, pairs=pairs), target)
    click.echo(f"trained {version} on {count:,} records: {target}")
