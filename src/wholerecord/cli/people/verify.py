"""`wholerecord people verify PATIENT`: is this patient's NHS number theirs? PDS is asked."""

import os

import click

from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.errors import NotFound, Unavailable
from wholerecord.intake.pds import Demographic, Pds, Verdict, arrival, from_environment
from wholerecord.intake.pds import verify as ask
from wholerecord.nhs import NhsNumber
from wholerecord.people import Demographics
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
    pds = pds_named()
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
    number, said = await numbered(store, patient)
    verdict, found = await ask(pds, number, said)
    return verdict, await keep_if(store, found, source)


def pds_named() -> Pds:
    """PDS as the environment names it."""
    pds = from_environment(os.environ)
    if pds is None:
        raise NoPds
    return pds


async def numbered(store: Store, patient: PatientId) -> tuple[NhsNumber, Demographics]:
    """A linked patient's NHS number, and what is said of them.

    Raises:
        NotFound: there is no such patient, or they have no number.
    """
    person = await store.person_of(patient)
    members = await store.members(person) if person is not None else ()
    said = next((each.demographics for each in members if each.patient == patient), None)
    if said is None or said.nhs_number is None:
        raise NotFound("No linked patient with an NHS number has that number.")
    return said.nhs_number, said


async def keep_if(store: Store, found: object, source: str) -> int | None:
    """The message that PDS's answer was kept as: of `source`, where one is named and it is one."""
    if not source or not isinstance(found, Demographic):
        return None
    return (await store.keep(arrival(found, source))).message
