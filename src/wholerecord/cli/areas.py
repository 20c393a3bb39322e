"""`wholerecord areas`: which small area, and how deprived, a postcode is in."""

from pathlib import Path

import click

from wholerecord.research.areas import load_areas, loaded_areas
from wholerecord.settings import Settings


@click.group()
def areas() -> None:
    """Load the look-up of small areas and deprivation, and say which one is loaded."""


@areas.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(*, file: Path) -> None:
    """Load FILE, a CSV with the columns postcode, area and deprivation, in place of the last one.

    A postcode may be its first part alone. The tables have it from the next `views refresh` on,
    which copies everybody anew.
    """
    done = load_areas(file.read_bytes(), Settings.from_environment().areas)
    click.echo(
        f"{len(done.rows):,} postcodes: they count from the next `wholerecord views refresh`"
    )


@areas.command()
def status() -> None:
    """Say which look-up is loaded."""
    found = loaded_areas(Settings.from_environment().areas)
    if not found.version:
        click.echo("no look-up: areas are postcode districts, and deprivation is not known")
        return
    names = {area for area, _ in found.rows.values()}
    click.echo(f"{found.version}: {len(found.rows):,} postcodes in {len(names):,} areas")
