"""`wholerecord people review`: what waits for somebody to decide."""

import click

from wholerecord.access.detecting import detect_all
from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.people import Review
from wholerecord.storage.postgres import Store


@click.command()
@click.option("--detect", "detecting", is_flag=True, help="Look for false merges first.")
@as_json
def review(*, detecting: bool, as_json: bool) -> None:
    """List what waits for somebody to decide, by number and never by name.

    With --detect every joined person is first held against what cannot be so of one person: two
    verified NHS numbers, two births, two admissions at once, care after death. Exits with 1 when
    anything waits.
    """

    async def work(store: Store) -> tuple[int, list[Review]]:
        found = await detect_all(store) if detecting else 0
        return found, list(await store.reviews())

    found, waiting = on_store(work)
    if as_json:
        print_json({"found": found, "waiting": [_row(one) for one in waiting]})
    else:
        if detecting:
            click.echo(f"{found:,} new")
        for one in waiting:
            question = "still" if one.against else "also"
            click.echo(
                f"{one.n}: is patient {one.patient} {question} person {one.person}? "
                f"{one.weight:+.1f} bits{'; ' if one.why else ''}{one.why}"
            )
        if not waiting:
            click.echo("nothing waits for a decision")
    if waiting:
        raise SystemExit(1)


def _row(one: Review) -> dict[str, object]:
    return {
        "n": one.n,
        "patient": one.patient,
        "person": one.person,
        "against": one.against,
        "weight": one.weight,
        "why": one.why,
        "since": one.since.isoformat(),
    }
