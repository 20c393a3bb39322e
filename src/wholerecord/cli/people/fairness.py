"""`wholerecord people report --fairness`: for whom the match is less right."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from wholerecord.cli.run import print_json
from wholerecord.people.model import Model

if TYPE_CHECKING:
    from wholerecord.people.bulk.fairness import Measured


def say_fairness(model: Model, table: Path, *, use: str, memory: str, as_json: bool) -> None:
    """Print how right `model` is for each group of a labelled table, and the largest gap.

    Raises:
        BadTable: it is no table of records, or does not say who each truly is.
    """
    from wholerecord.people.bulk.engine import Bulk  # noqa: PLC0415 - slow to import
    from wholerecord.people.bulk.fairness import FEWEST, fairness  # noqa: PLC0415

    if use not in model.thresholds:
        raise click.BadParameter(f"one of {', '.join(model.thresholds)}", param_hint="--use")
    join = model.thresholds[use].join
    with TemporaryDirectory() as folder, Bulk(memory=memory, folder=Path(folder)) as bulk:
        records = bulk.read(table)
        bulk.pairs(model, least=join)
        measured = fairness(bulk, join=join)
    if as_json:
        print_json(_as_json(model, use, records, measured))
        return
    click.echo(f"{records:,} records, pairs joined from {join:g} bits ({model.version}, {use})")
    for each in measured:
        click.echo(f"{each.by}: gap in recall {each.gap:.4f}, in false joins {each.false_gap:.5f}")
        for group in each.groups:
            click.echo(
                f"  {group.name:<14} recall {group.recall:.4f} of {group.truly:,} true pairs, "
                f"false joins {group.false_joins:.5f} of {group.joins:,}"
            )
    if not measured:
        click.echo(f"no group has {FEWEST:,} pairs of records that are one person")
        return
    widest = max(measured, key=lambda each: each.gap)
    click.echo(f"largest gap in recall {widest.gap:.4f}, by {widest.by}")


def _as_json(
    model: Model, use: str, records: int, measured: Sequence["Measured"]
) -> dict[str, object]:
    return {
        "version": model.version,
        "use": use,
        "join": model.thresholds[use].join,
        "records": records,
        "largest_gap": max((each.gap for each in measured), default=None),
        "by": {
            each.by: {
                "gap": each.gap,
                "false_gap": each.false_gap,
                "groups": {
                    group.name: {
                        "recall": group.recall,
                        "false_joins": group.false_joins,
                        "true_pairs": group.truly,
                        "joins": group.joins,
                    }
                    for group in each.groups
                },
            }
            for each in measured
        },
    }
