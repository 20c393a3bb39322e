"""`wholerecord show`: one person's record, in the terminal."""

from datetime import UTC, datetime
from typing import Any

import click

from wholerecord.access import Doorway, Opened, Refused
from wholerecord.cli.run import as_json, on_store, operator_actor, print_json
from wholerecord.consent import Purpose
from wholerecord.fold import Entry, Kind
from wholerecord.nhs import NhsNumber
from wholerecord.people.search import Search
from wholerecord.storage.postgres import Store


@click.command()
@click.argument("nhs_number")
@click.option(
    "--as-of", "as_of", metavar="TIME", help="As it was known at this time (2026-03-01, or ISO)."
)
@as_json
def show(*, nhs_number: str, as_of: str | None, as_json: bool) -> None:
    """Show the record of the person with NHS_NUMBER, with who said each line.

    You look as the operator of this machine, in an emergency, and that is written down: the
    person sees it in their list of who looked.
    """
    number = NhsNumber.parse(nhs_number)
    if number is None:
        raise click.BadParameter("is not a valid NHS number", param_hint="NHS_NUMBER")
    at = moment(as_of)

    async def work(store: Store) -> list[Opened]:
        door = Doorway(store).door(operator_actor())
        reason = "shown on the command line"
        found = await door.find(Search(nhs_number=number), purpose=Purpose.EMERGENCY, given=reason)
        if isinstance(found, Refused):
            raise click.ClickException(f"refused: {found.reason}")
        opened = [
            await door.open(one.person, purpose=Purpose.EMERGENCY, given=reason, at=at)
            for one in found
        ]
        return [one for one in opened if isinstance(one, Opened)]

    shown = on_store(work)
    if not shown:
        raise click.ClickException("no source has told of a person with that NHS number")
    for opened in shown:
        if as_json:
            print_json(_as_json(opened))
        else:
            _say(opened)


def moment(text: str | None) -> datetime | None:
    """The moment a date or time in ISO form means, a day all of it; None for none."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("is not a date or time", param_hint="--as-of") from None
    if len(text) == 10:  # a day means all of it
        at = at.replace(hour=23, minute=59, second=59)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _say(opened: Opened) -> None:
    record = opened.record
    who = record.who.best if record.who else None
    name = who.name if who else None
    born = who.born.say() if who and who.born else "date of birth not known"
    click.echo(f"{name or 'Name not known'}, {born}")
    click.echo(f"{record.statements} statements from {len(opened.members)} patients")
    for member in opened.members:
        click.echo(f"  {member.source} {member.number}".rstrip())
    for kind in Kind:
        entries = record.of(kind)
        if not entries:
            continue
        click.echo(f"\n{kind.value} ({len(entries)})")
        for entry in entries[:30]:
            click.echo(f"  {_line(entry)}")
        if len(entries) > 30:
            click.echo(f"  and {len(entries) - 30} more")
    for negative in record.negatives:
        click.echo(f"\n{negative.title}, said by {negative.said.source}")
    if opened.withheld:
        click.echo(f"\n{opened.withheld} entries are withheld")


def _line(entry: Entry) -> str:
    when = entry.when.say() if entry.when else "no date"
    conflict = f" [{entry.conflict}]" if entry.conflict else ""
    return f"{when}: {entry.title} ({entry.status}){conflict} — {', '.join(entry.sources)}"


def _as_json(opened: Opened) -> dict[str, Any]:
    return {
        "person": opened.person,
        "patients": [
            {"patient": member.patient, "source": member.source, "number": member.number}
            for member in opened.members
        ],
        "statements": opened.record.statements,
        "withheld": opened.withheld,
        "entries": [
            {
                "kind": entry.kind.value,
                "key": entry.key,
                "title": entry.title,
                "when": entry.when.text if entry.when else None,
                "status": entry.status,
                "conflict": entry.conflict,
                "why": entry.why,
                "said_by": [
                    {
                        "source": said.source,
                        "words": said.words,
                        "message": said.message,
                        "place": said.place,
                        "received": said.received.isoformat(),
                    }
                    for said in entry.said_by
                ],
            }
            for entry in opened.record.entries
        ],
    }
