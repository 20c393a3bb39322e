"""`wholerecord profiles`: load profiles and what they need, and list them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.fhir.profiles import Definition, NotADefinition, read
from wholerecord.fhir.profiles.shelf import Shelf
from wholerecord.storage.postgres import Store

_PATH = click.Path(exists=True, path_type=Path)
_NAMES = ("*.json", "*.xml")


@click.group()
def profiles() -> None:
    """Profiles: what a site asks of resources beyond their types."""


@profiles.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=_PATH)
@as_json
def load(*, paths: Sequence[Path], as_json: bool) -> None:
    """Load StructureDefinitions, ValueSets and CodeSystems from files and folders.

    JSON or XML. What is another kind of resource, or cannot be read, is named and left out; exits
    with 1 then. A running server takes them up at once.
    """
    found: list[Definition] = []
    left_out: dict[str, str] = {}
    for file in _files(paths):
        try:
            found.append(read(file.read_bytes()))
        except NotADefinition as error:
            left_out[file.name] = str(error)
    fresh = on_store(lambda store: store.load_definitions(found)) if found else 0
    if as_json:
        print_json({"loaded": len(found), "new": fresh, "leftOut": left_out})
    else:
        click.echo(f"{len(found)} definitions are loaded, {fresh} of them new")
        for name, why in left_out.items():
            click.echo(f"left out: {name}: {why}", err=True)
    if left_out:
        raise SystemExit(1)


@profiles.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """List the profiles, each with its type and what of it cannot be asked here."""

    async def work(store: Store) -> Sequence[Definition]:
        return await store.definitions()

    held = on_store(work)
    shelf = Shelf.of(held)
    rows = [
        {
            "url": one.url,
            "version": one.version,
            "type": shelf.type_of(one.url),
            "title": one.title,
            "notAsked": list(shelf.left_out.get(one.url, ())),
        }
        for one in held
        if one.kind == "StructureDefinition" and shelf.check(one.url) is not None
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        rest = f", not asked: {', '.join(row['notAsked'])}" if row["notAsked"] else ""
        click.echo(f"{row['url']} {row['version']}: {row['type']}, {row['title']}{rest}")
    others = sum(one.kind != "StructureDefinition" for one in held)
    click.echo(f"{len(rows)} profiles, {others} value sets and code systems")


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for name in _NAMES for file in path.rglob(name))
        else:
            yield path
