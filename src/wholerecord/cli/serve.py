"""`wholerecord serve`: the program without the demonstration."""

from collections.abc import Callable, Mapping
from pathlib import Path

import click
import msgspec
import uvloop

from wholerecord.access import Doorstep, Doorway
from wholerecord.app import KeptBoards, KeptPrompts, KeptStudies, RegisteredCounts
from wholerecord.cli.channels import read, watched
from wholerecord.cli.secret import secret
from wholerecord.cli.serving import Listening, running
from wholerecord.intake.channels import FolderChannel
from wholerecord.portal import Persona, Seal, Site
from wholerecord.settings import Settings
from wholerecord.signin import Party, address_of, providers
from wholerecord.smart import Authority
from wholerecord.storage import open_store
from wholerecord.storage.keyring import keyring
from wholerecord.storage.postgres import Store


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port of pages, API and intake.")
@click.option(
    "--mllp-host",
    default="127.0.0.1",
    show_default=True,
    help="The address of MLLP, which has no TLS here: channels.toml names ports that have.",
)
@click.option("--mllp-port", default=2575, show_default=True, help="The port of HL7 v2 over MLLP.")
@click.option(
    "--mllp-source", default="mllp", show_default=True, help="The source MLLP messages are from."
)
@click.option(
    "--watch",
    multiple=True,
    metavar="DIR=SOURCE",
    callback=watched,
    help="Take the files that SOURCE drops into DIR. May be given more than once.",
)
@click.option(
    "--channels",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file that names further channels.  [default: channels.toml of the folder]",
)
def serve(
    *,
    host: str,
    port: int,
    mllp_host: str,
    mllp_port: int,
    mllp_source: str,
    watch: tuple[FolderChannel, ...],
    file: Path | None,
) -> None:
    """Serve pages, the FHIR API and intake until interrupted.

    Who may sign in is what the identity providers of `sign-in.toml` say: without that file, nobody.
    The demonstration's own sign-in is only ever on in `wholerecord demo`.
    """
    settings = Settings.from_environment()
    parties = {one.door.value: Party(one) for one in providers(settings.sign_in)}
    named = read(file or settings.channels)
    beside = file.absolute().parent if file else None

    async def work() -> None:
        async with open_store(settings.database, keyring(settings.keys)) as store:
            listening = Listening(
                host=host,
                port=port,
                mllp_host=mllp_host,
                mllp_port=mllp_port,
                mllp_source=mllp_source,
                channels=msgspec.structs.replace(named, folder=(*named.folder, *watch)),
                beside=beside,
                told=click.echo,
            )
            site = _site(settings, store, parties)
            async with running(settings, store, listening, site) as serving:
                click.echo(f"http://{host}:{port}  (MLLP on {mllp_port}; Ctrl-C stops)")
                await serving

    uvloop.run(work())


def _site(
    settings: Settings, store: Store, parties: Mapping[str, Party]
) -> Callable[[Doorway], Site]:
    """What makes the site of a doorway, its people signed in by these parties."""
    secure = all(party.provider.back.startswith("https:") for party in parties.values())

    def site(way: Doorway) -> Site:
        sealing = secret(settings.session_secret).encode()
        doorstep = Doorstep(way)
        return Site(
            door=way.door,
            personas=_nobody,
            seal=Seal(sealing),
            counting=RegisteredCounts(store),
            studies=KeptStudies(store, settings.research),
            boards=KeptBoards(store, settings.research),
            prompts=KeptPrompts(store),
            parties=parties,
            doorstep=doorstep,
            spent=store,
            authority=Authority.over(
                apps=store, grants=store, spent=store, secret=sealing, doorstep=doorstep
            ),
            address=address_of(settings.sign_in),
            secure=bool(parties) and secure,
        )

    return site


async def _nobody() -> tuple[Persona, ...]:
    return ()
