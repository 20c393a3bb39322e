"""`wholerecord keys`: the keys that bodies are encrypted under: make, replace, destroy."""

from pathlib import Path

import click

from wholerecord.cli.run import on_store
from wholerecord.record import PatientId, PatientKey
from wholerecord.record.erasing import Forgotten
from wholerecord.storage.keyring import new_line
from wholerecord.storage.postgres import Store


@click.group()
def keys() -> None:
    """Make and replace the keys that bodies are encrypted under, and erase what was said."""


@keys.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("id")
def new(*, file: Path, id: str) -> None:
    """Add a new key named ID as the last line of FILE: new data keys are wrapped with it.

    Make the first key before the database holds anything that may have to be erased. Keep a copy of
    the file apart from every copy of the database: either is worth nothing without the other.
    """
    line = new_line(id)
    file.touch(mode=0o600)
    with file.open("a", encoding="ascii") as written:
        written.write(line)
    click.echo(f"key {id} added to {file}: set WHOLERECORD_KEYS=file:{file} and start again")


@keys.command()
def rotate() -> None:
    """Wrap every data key again with the newest key of the file. No body is written."""

    async def work(store: Store) -> tuple[int, tuple[str, ...]]:
        return await store.rotate_keys()

    count, gone = on_store(work)
    click.echo(f"{count} data keys wrapped again")
    for one in gone:
        click.echo(f"key {one} is needed no longer by this database, only by older copies of it")


@keys.command()
@click.argument("patient", type=int, required=False)
@click.option("--source", default="", help="Instead of PATIENT: the source that knows them.")
@click.option("--number", default="", help="That source's own number for them.")
@click.option("--by", required=True, help="Who decided it; kept.")
@click.option("--why", required=True, help="Why; kept.")
@click.confirmation_option(prompt="This cannot be undone. Go on?")
def erase(*, patient: int | None, source: str, number: str, by: str, why: str) -> None:
    """Destroy the data keys of PATIENT (its number): what was said of them is nobody's to read.

    Named by --source and --number instead, nobody has to open the record to learn the number.
    Counts stay as they were, and what was said is shown as erased.
    """
    whose = _whose(patient, source, number)

    async def work(store: Store) -> Forgotten:
        return await store.erase(whose, by=by, why=why)

    done = on_store(work)
    click.echo(f"{done.statements} statements and {done.messages} original messages erased")
    if done.prompts:
        click.echo(f"the words of {done.prompts} prompts to a language model are gone")
    if done.left:
        click.echo(f"{done.left} original messages are left: they speak of somebody else too")
        raise SystemExit(1)


def _whose(patient: int | None, source: str, number: str) -> PatientId:
    """The patient that is named: by their own number here, or as one source knows them."""
    named = bool(source and number)
    if named == (patient is not None) or bool(source) != bool(number):
        raise click.UsageError("Name PATIENT, or --source and --number.")
    return PatientId(patient) if patient is not None else PatientKey(source, number).id
