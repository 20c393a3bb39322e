"""`wholerecord people report`: the model, every level of it."""

from pathlib import Path

import click

from wholerecord.cli.people.options import with_model
from wholerecord.cli.run import as_json, print_json
from wholerecord.people.model import Model, read


@click.command()
@with_model
@as_json
def report(*, model: Path, as_json: bool) -> None:
    """Print the model: what trained it, its thresholds, every level's probabilities and weight."""
    said = read(model)
    if as_json:
        print_json(_as_json(said))
        return
    click.echo(f"{said.version}: {', '.join(f'{k} {v}' for k, v in said.trained_on.items())}")
    for use, each in said.thresholds.items():
        click.echo(f"{use}: joined from {each.join:g} bits, looked at from {each.ask:g}")
    for name, comparison in said.comparisons.items():
        click.echo(comparison.label)
        for level, each in comparison.levels.items():
            by_term = ", by how many bear it" if level == comparison.by_term else ""
            click.echo(
                f"  {each.weight:+7.2f}  m {each.m:.6f}  u {each.u:.2e}  {each.why}{by_term}"
            )
        if name in said.terms:
            click.echo(f"  {len(said.terms[name].shares):,} names have a frequency of their own")


def _as_json(said: Model) -> dict[str, object]:
    return {
        "version": said.version,
        "trained_on": said.trained_on,
        "thresholds": {
            use: {"join": each.join, "ask": each.ask} for use, each in said.thresholds.items()
        },
        "comparisons": {
            name: {
                level: {"m": each.m, "u": each.u, "bits": each.weight, "why": each.why}
                for level, each in comparison.levels.items()
            }
            for name, comparison in said.comparisons.items()
        },
    }
