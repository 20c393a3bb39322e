"""`wholerecord app`: which apps may ask to be let in."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from wholerecord.cli.run import as_json, on_store, print_json
from wholerecord.errors import NotFound
from wholerecord.signin.keys import Jwks
from wholerecord.smart import OFFLINE_LASTS, App, BadApp, Proof, checked, digest, new_secret
from wholerecord.storage.postgres import Store


@click.group()
def app() -> None:
    """Register apps that may ask people to be let in (SMART App Launch)."""


@app.command()
@click.argument("id")
@click.option("--title", required=True, help="What people know it by.")
@click.option("--organisation", required=True, help="The ODS code of who answers for it.")
@click.option("--scope", required=True, help='The most it may ask for: "patient/*.rs launch".')
@click.option(
    "--redirect", "redirects", multiple=True, help="Where people are sent back to, whole."
)
@click.option("--launch", default="", help="Where it is opened from a record.")
@click.option("--secret", "with_secret", is_flag=True, help="Give it a secret, printed once.")
@click.option(
    "--keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its public keys: a file with a JWK set.",
)
@click.option("--keys-url", default="", help="Where its public keys are; never asked elsewhere.")
@click.option("--introspects", is_flag=True, help="It may ask what others' tokens are worth.")
def add(
    *,
    id: str,
    title: str,
    organisation: str,
    scope: str,
    redirects: tuple[str, ...],
    launch: str,
    with_secret: bool,
    keys: Path | None,
    keys_url: str,
    introspects: bool,
) -> None:
    """Register the app ID. Without --secret, --keys and --keys-url it proves itself by PKCE alone.

    A backend service has system/ scopes and keys. It may see nothing until a rule names app:ID.
    """
    by_key = keys is not None or bool(keys_url)
    if by_key and with_secret:
        raise BadApp("proof: give a secret or keys, and not both.")
    secret = new_secret() if with_secret else ""
    one = checked(
        App(
            id=id,
            title=title,
            organisation=organisation,
            scope=scope,
            proof=Proof.KEY if by_key else Proof.SECRET if with_secret else Proof.NONE,
            redirects=redirects,
            launch=launch,
            secret=digest(secret) if secret else "",
            keys=_keys(keys) if keys else None,
            keys_url=keys_url,
            introspects=introspects,
        )
    )
    on_store(lambda store: store.add_app(one))
    click.echo(secret or f"{id} is registered")


@app.command("list")
@as_json
def list_(*, as_json: bool) -> None:
    """List the apps, each with the most that it may ask for."""

    async def work(store: Store) -> list[App]:
        return list(await store.apps())

    found = on_store(work)
    if as_json:
        print_json([_row(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.id}: {one.title} ({one.organisation}), by {one.proof.value}: {one.scope}")
    if not found:
        click.echo("no app is registered")


@app.command()
@click.argument("id")
def remove(*, id: str) -> None:
    """Take the app ID away: every token it holds ends now."""

    async def work(store: Store) -> bool:
        known = await store.remove_app(id)
        if known:
            await store.spend(f"app {id}", until=datetime.now(UTC) + OFFLINE_LASTS)
        return known

    if not on_store(work):
        raise NotFound("No app has this id: `wholerecord app list` names them.")
    click.echo(f"{id} is removed, and what it was let in to has ended")


def _keys(file: Path) -> Jwks:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Jwks)
    except msgspec.DecodeError:
        raise BadApp("keys: the file is not a JWK set.") from None


def _row(one: App) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.title,
        "organisation": one.organisation,
        "proof": one.proof.value,
        "scope": one.scope,
        "redirects": list(one.redirects),
        "launch": one.launch,
    }
