"""`wholerecord people pds read|update PATIENT`: what PDS says of somebody, and changing it."""

import os
from pathlib import Path

import click

from wholerecord.access import Doorway, Refused
from wholerecord.cli.people.verify import keep_if, numbered, pds_named
from wholerecord.cli.run import as_json, on_store, operator_actor, print_json
from wholerecord.consent import Purpose
from wholerecord.errors import Forbidden, Incorrect
from wholerecord.intake.pds import Demographic, Nothing, Verdict, changes_of, correct
from wholerecord.intake.pds import verify as ask
from wholerecord.nhs import NhsNumber
from wholerecord.people import Demographics
from wholerecord.people.search import Search
from wholerecord.record import PatientId
from wholerecord.storage.postgres import Store

_patient = click.argument("patient", type=click.IntRange(-(2**63), 2**63 - 1))
_keep = click.option("--keep", "source", default="", help="Keep it as a message of this source.")


@click.group()
def pds() -> None:
    """Read what PDS says of somebody, and change it as it was read.

    You look as the operator of this machine, and that is written down: the person sees it in their
    list of who looked. Names and numbers are never printed.
    """


@pds.command(context_settings={"ignore_unknown_options": True})
@_patient
@click.option(
    "--to", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A file to make."
)
@as_json
def read(*, patient: int, to: Path, as_json: bool) -> None:
    """Write what PDS says of a patient to a new file that you alone may read; print its version.

    Exits with 1, and writes nothing, unless the patient's NHS number is theirs there.
    """
    asked = pds_named()

    async def work(store: Store) -> Verdict | Demographic:
        number, said = await _looked(store, patient, "their details in PDS were read")
        verdict, found = await ask(asked, number, said)
        if verdict is Verdict.VERIFIED and isinstance(found, Demographic):
            return found
        return verdict

    found = on_store(work)
    if isinstance(found, Verdict):
        _say(found.value, {"verdict": found.name.lower()}, as_json=as_json)
        raise SystemExit(1)
    _write(to, found.body)
    text = f"{found.version} is the version that is now in {to}"
    _say(text, {"verdict": "verified", "version": found.version}, as_json=as_json)


@pds.command(context_settings={"ignore_unknown_options": True})
@_patient
@click.argument("patch", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--if-match", "version", required=True, help="The version that you read.")
@_keep
@as_json
def update(*, patient: int, patch: Path, version: str, source: str, as_json: bool) -> None:
    """Ask PDS to change a patient by the JSON Patch in the file PATCH, as they were read.

    Exits with 1 where nothing was changed: somebody else changed it since, the number is not
    theirs, or PDS does not take it.
    """
    asked = pds_named()
    with patch.open("rb") as opened:
        changes = changes_of(opened.read(1 << 20))

    async def work(store: Store) -> tuple[Demographic | Nothing | Verdict, int | None]:
        number, said = await _looked(store, patient, "their details in PDS were changed")
        done = await correct(asked, number, said, changes, version=version)
        return done, await keep_if(store, done, source)

    done, kept = on_store(work)
    if isinstance(done, Demographic):
        text = f"changed; {done.version} is the version now"
        told: dict[str, object] = {"changed": True, "version": done.version, "message": kept}
        _say(text + (f"; kept as message {kept}" if kept else ""), told, as_json=as_json)
        return
    why = done.why if isinstance(done, Nothing) else done
    told = {"changed": False, "why": why.name.lower(), "says": why.value}
    _say(f"nothing was changed: {why.value}", told, as_json=as_json)
    raise SystemExit(1)


async def _looked(store: Store, patient: int, why: str) -> tuple[NhsNumber, Demographics]:
    """The patient's NHS number and what is said of them, with the opening written down."""
    number, said = await numbered(store, PatientId(patient))
    door = Doorway(store).door(operator_actor())
    found = await door.find(Search(nhs_number=number), purpose=Purpose.EMERGENCY, given=why)
    if isinstance(found, Refused):
        raise Forbidden(f"refused: {found.reason}")
    return number, said


def _write(file: Path, body: bytes) -> None:
    """A new file that its owner alone may read."""
    try:
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Incorrect(f"{file} cannot be made: {error.strerror}.") from None
    with os.fdopen(made, "wb") as opened:
        opened.write(body)


def _say(text: str, told: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        click.echo(text)
