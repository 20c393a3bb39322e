"""`wholerecord people verify PATIENT`: is this patient's NHS number theirs? PDS is asked."""

import os

import click

from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.errors import NotFound, Unavailable
from wholerecord.intake.pds import Demographic, Pds, Verdict, arrival, from_environment
from wholerecord.intake.pds import verify as ask
from wholerecord.record import PatientId
from wholerecord.storage.postgres import Store


class NoPds(Unavailable):
    """No PDS is named: set WHOLERECORD_PDS_URL and WHOLERECORD_PDS_TOKEN_FILE."""


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("patient", type=click.IntRange(-(2**63), 2**63 - 1))
@click.option("--keep", "source", default="", help="Keep the answer as a message of this source.")
@as_json
def verify(*, patient: int, source: str, as_json: bool) -> None:
    """Ask PDS whether a patient's NHS number is theirs. Prints no names and no numbers.

    Exits with 1 unless it is.
    """
    pds = from_environment(os.environ)
    if pds is None:
        raise NoPds
    verdict, kept = on_store(lambda store: _verified(store, pds, PatientId(patient), source))
    if as_json:
        print_json({"verdict": verdict.name.lower(), "message": kept})
    else:
        click.echo(verdict.value + (f"; kept as message {kept}" if kept else ""))
    if verdict is not Verdict.VERIFIED:
        raise SystemExit(1)


async def _verified(
    store: Store, pds: Pds, patient: PatientId, source: str
) -> tuple[Verdict, int | None]:
    person = await store.person_of(patient)
    members = await store.members(person) if person is not None else ()
    said = next((each.demographics for each in members if each.patient == patient), None)
    if said is None or said.nhs_number is None:
        raise NotFound("No linked patient with an NHS number has that number.")
    verdict, found = await ask(pds, said.nhs_number, said)
    if not source or not isinstance(found, Demographic):
        return verdict, None
    return verdict, (await store.keep(arrival(found, source))).message
