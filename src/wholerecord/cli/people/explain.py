"""`wholerecord people explain A B`: what makes two patients one person, or two."""

import csv
from collections.abc import Mapping
from pathlib import Path

import click

from wholerecord.cli.people.options import in_file
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.errors import NotFound
from wholerecord.people import Demographics
from wholerecord.people.judge import Verdict, judge
from wholerecord.people.rows import from_row
from wholerecord.people.traits import traits
from wholerecord.record import PatientId
from wholerecord.storage.postgres import Store


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("a")
@click.argument("b")
@click.option("--file", type=in_file, help="The two are rows of this CSV file, by `id`.")
@as_json
def explain(*, a: str, b: str, file: Path | None, as_json: bool) -> None:
    """Say what makes patients A and B one person or two: every comparison's weight in bits.

    A and B are numbers of patients, as `people review` prints them. Their names are not printed.
    """
    one, other = _rows(file, a, b) if file else on_store(lambda store: _stored(store, a, b))
    verdict = judge(traits(one), traits(other))
    if as_json:
        print_json(_as_json(verdict))
        return
    for part in verdict.parts:
        click.echo(f"{part.weight:+7.2f}  {part.comparison:<15} {part.why}")
    click.echo(f"{verdict.weight:+7.2f}  {verdict.outcome.value}: {verdict.why}")


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "outcome": verdict.outcome.value,
        "veto": verdict.veto,
        "bits": verdict.weight,
        "why": verdict.why,
        "parts": [
            {"comparison": part.comparison, "bits": part.weight, "why": part.why}
            for part in verdict.parts
        ],
    }


def _rows(file: Path, a: str, b: str) -> tuple[Demographics, Demographics]:
    found: dict[str, Mapping[str, str]] = {}
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            table = csv.DictReader(opened)
            heading = [name.strip().lower() for name in table.fieldnames or ()]
            table.fieldnames = heading
            found = {row["id"]: row for row in table if row.get("id") in {a, b}}
    except (csv.Error, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{file} is no CSV file in UTF-8") from error
    return from_row(_known(found, a)), from_row(_known(found, b))


def _known(found: Mapping[str, Mapping[str, str]], said: str) -> Mapping[str, str]:
    if said not in found:
        raise click.BadParameter(f"no row has the id {said}")
    return found[said]


async def _stored(store: Store, a: str, b: str) -> tuple[Demographics, Demographics]:
    return await _patient(store, a), await _patient(store, b)


async def _patient(store: Store, said: str) -> Demographics:
    try:
        patient = PatientId(int(said))
    except ValueError as error:
        raise click.BadParameter(f"{said} is no patient's number") from error
    person = await store.person_of(patient) if abs(patient) < 2**63 else None
    members = await store.members(person) if person is not None else ()
    for member in members:
        if member.patient == patient:
            return member.demographics
    raise NotFound(f"No linked patient has the number {patient}.")
