"""`wholerecord redact`: a letter with nobody's name in it."""

import sys
from pathlib import Path

import click

from wholerecord.access import Doorway, Opened, Refused
from wholerecord.cli.run import as_json, on_store, operator_actor, print_json
from wholerecord.consent import Purpose
from wholerecord.intake.letters.text import MOST, text_in
from wholerecord.nhs import NhsNumber
from wholerecord.people.search import Search
from wholerecord.research.redact import Redacted, known_of, redact
from wholerecord.storage.postgres import Store

_GIVEN = "a letter was redacted on the command line"
_LARGEST = 64 * 1024 * 1024


@click.command("redact")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--person", "nhs_number", required=True, metavar="NHS_NUMBER", help="Whom it is about."
)
@as_json
def redact_(*, file: Path, nhs_number: str, as_json: bool) -> None:
    """Print the text of the letter FILE (text, PDF, RTF or DOCX) without names and identifiers.

    The record of the person says whom to look for: you look as the operator of this machine, in
    an emergency, and that is written down. Somebody must read what is printed before it leaves:
    it is not anonymous. Ends with 1 when there are places to look at.
    """
    number = NhsNumber.parse(nhs_number)
    if number is None:
        raise click.BadParameter("is not a valid NHS number", param_hint="--person")
    text = _text(file)

    async def work(store: Store) -> list[Opened]:
        return await _opened(store, number)

    opened = on_store(work)
    if not opened:
        raise click.ClickException("no source has told of a person with that NHS number")
    redacted = redact(text, known_of(one.record for one in opened))
    withheld = sum(one.withheld for one in opened)
    _say(redacted, withheld, as_json=as_json)
    if redacted.unsure or withheld:
        sys.exit(1)


def _text(file: Path) -> str:
    if file.stat().st_size > _LARGEST:
        raise click.BadParameter("is larger than 64 MiB: send it in parts", param_hint="FILE")
    read = text_in(file.read_bytes(), "text/plain")
    if read.unread or "\0" in read.words:
        why = read.unread or "It is no text."
        raise click.BadParameter(f"has no text to redact. {why}", param_hint="FILE")
    if len(read.words) >= MOST:
        raise click.BadParameter("has too much text: send it in parts", param_hint="FILE")
    return read.words


async def _opened(store: Store, number: NhsNumber) -> list[Opened]:
    door = Doorway(store).door(operator_actor())
    found = await door.find(Search(nhs_number=number), purpose=Purpose.EMERGENCY, given=_GIVEN)
    if isinstance(found, Refused):
        raise click.ClickException(f"refused: {found.reason}")
    opened: list[Opened] = []
    for one in found:
        reply = await door.open(one.person, purpose=Purpose.EMERGENCY, given=_GIVEN)
        if isinstance(reply, Refused):
            raise click.ClickException(f"refused: {reply.reason}")
        opened.append(reply)
    return opened


def _say(redacted: Redacted, withheld: int, *, as_json: bool) -> None:
    if as_json:
        marks = [{"what": s.what.value, "at": s.start, "sure": s.sure} for s in redacted.spans]
        print_json({"text": redacted.text, "taken_out": marks, "withheld": withheld})
        return
    click.echo(redacted.text)
    click.echo(f"{len(redacted.spans)} taken out, {redacted.unsure} of them to be safe", err=True)
    if withheld:
        click.echo(f"{withheld} entries are withheld: who they name was not looked for", err=True)
