"""`wholerecord verify`: the log of openings is whole, or somebody's evidence holds."""

from pathlib import Path

import click

from wholerecord import audit
from wholerecord.audit import Verified, prove, signing_key
from wholerecord.audit.published import against_published
from wholerecord.audit.stamping import Stamped
from wholerecord.cli.run import on_store
from wholerecord.cli.stamps import in_words, stamps_of
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("evidence", required=False, type=_FILE)
@click.option("--published", type=_FILE, help="A copy of the published seals, kept elsewhere.")
def verify(*, evidence: Path | None, published: Path | None) -> None:
    """Check the log of openings against its seals; or the EVIDENCE that a person was given.

    With --published, against a copy of the seals that was kept elsewhere: a log made again from the
    start, with its key, is found by nothing else. Exits with 1 when anything was altered.
    """
    if evidence is not None:
        raise SystemExit(prove.main([str(each) for each in (evidence, published) if each]))
    settings = Settings.from_environment()
    lines = published.read_text("ascii", errors="replace").splitlines() if published else None

    async def work(store: Store) -> tuple[Verified, str, Stamped]:
        key = signing_key(settings.seal_key).public_key()
        found = await audit.verify(store, key, settings.published_seals)
        elsewhere = "" if lines is None else against_published(await store.seals(), lines)
        return found, elsewhere, await stamps_of(store, settings)

    found, elsewhere, stamped = on_store(work)
    click.echo(
        f"{found.openings:,} openings, {found.seals:,} seals, {found.unsealed:,} not sealed yet"
    )
    if stamped.stamps:
        click.echo(in_words(stamped))
    wrong = [each for each in (found.broken, elsewhere, stamped.wrong) if each]
    for each in wrong:
        click.echo(f"wrong: {each}", err=True)
    if wrong:
        raise SystemExit(1)
    click.echo("nothing was altered, left out or put in")
