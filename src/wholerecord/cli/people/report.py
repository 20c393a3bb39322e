"""`wholerecord people report`: the model, every level of it; or for whom it is less right."""

from pathlib import Path

import click

from wholerecord.cli.people.fairness import say_fairness
from wholerecord.cli.people.options import in_file, with_memory, with_model
from wholerecord.cli.run import as_json, print_json
from wholerecord.people.model import Model, read


@click.command()
@click.option(
    "--fairness",
    "labelled",
    type=in_file,
    help="Instead: how right it is by group, on this table with a column `person`.",
)
@click.option(
    "--use", default="bedside", show_default=True, help="Whose thresholds, with --fairness."
)
@with_model
@with_memory
@as_json
def report(*, labelled: Path | None, use: str, model: Path, memory: str, as_json: bool) -> None:
    """Print the model: what trained it, its thresholds, every level's probabilities and weight."""
    said = read(model)
    if labelled is not None:
        say_fairness(said, labelled, use=use, memory=memory, as_json=as_json)
        return
    if as_json:
        print_json(_as_json(said))
        return
    click.echo(f"{said.version}: {', '.join(f'{k} {v}' for k, v in said.trained_on.items())}")
    for name, each in said.thresholds.items():
        click.echo(f"{name}: joined from {each.join:g} bits, looked at from {each.ask:g}")
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
