"""`wholerecord map`: look at what a column map would do, before anything is filed."""

from pathlib import Path
from typing import Any

import click

from wholerecord.cli.run import as_json, print_json
from wholerecord.intake.csv.columns import Columns, NotColumns
from wholerecord.intake.csv.preview import Preview, preview
from wholerecord.intake.cut import cut
from wholerecord.intake.hl7v2.site import NotSite, Site
from wholerecord.record import canonical

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="map")
def map_() -> None:
    """Column maps: what the columns of a source's tables mean."""


@map_.command()
@click.argument("declared", metavar="MAP", type=_FILE)
@click.argument("table", metavar="FILE", type=_FILE)
@click.option("--rows", default=5, show_default=True, help="How many rows to show in full.")
@as_json
def check(*, declared: Path, table: Path, rows: int, as_json: bool) -> None:
    """Show what MAP makes of FILE, and every column and value it does not know.

    Nothing is written and no database is needed. What is shown is the people's own data. Exits
    with 1 when anything of the table is left over.
    """
    try:
        columns = Columns.parse(declared.read_bytes())
        Site.parse(declared.read_bytes())  # a map that is right beside a part that is not
    except (NotColumns, NotSite) as error:
        raise click.BadParameter(str(error), param_hint="MAP") from None
    with table.open("rb") as stream:
        body = b"".join(one.body for one in cut("", table.name, stream))
    found = preview(body, columns, first=rows)
    if as_json:
        print_json(_plain(found))
    else:
        _say(found)
    if not found.whole:
        raise SystemExit(1)


def _plain(found: Preview) -> dict[str, Any]:
    return {
        "rows": found.rows,
        "made": dict(found.made),
        "first": [{"line": line, "resources": made} for line, made in found.first],
        "unmapped_columns": found.columns,
        "missing_columns": found.missing,
        "unmapped_values": {name: dict(said) for name, said in found.values.items()},
        "unread_dates": {name: dict(said) for name, said in found.dates.items()},
        "parked": dict(found.unread),
        "fault": f"{found.fault.reason.value}: {found.fault.detail}" if found.fault else "",
    }


def _plainly(said: str) -> str:
    """A table's own words, without what would drive a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in said)


def _say(found: Preview) -> None:
    for line, made in found.first:
        click.echo(f"line {line}")
        for one in made:
            said = {name: value for name, value in one.items() if name != "resourceType"}
            click.echo(f"  {one['resourceType']} {canonical(said).decode()}")
    made = ", ".join(f"{n:,} {kind}" for kind, n in sorted(found.made.items()))
    click.echo(f"{found.rows:,} rows: {made or 'nothing'}")
    if found.fault:
        click.echo(f"cannot be read: {found.fault.reason.value} ({found.fault.detail})")
    for name, n in found.columns.items():
        click.echo(f"column not in the map: {_plainly(name)} ({n:,} values)")
    for name in found.missing:
        click.echo(f"column not in the table: {name}")
    for name, values in (*found.values.items(), *found.dates.items()):
        kind = "date" if name in found.dates else "value"
        for said, n in values.most_common():
            click.echo(f"{kind} not in the map: {name} = {_plainly(said)} ({n:,})")
    for why, n in found.unread.most_common():
        click.echo(f"would be parked: {n:,} rows, {why}")
    if found.whole:
        click.echo("the map leaves nothing over")
