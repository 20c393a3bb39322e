"""`wholerecord demo`: the demonstration region, loaded over the real doors and served."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import click
import uvloop

from wholerecord.access import Doorstep, Doorway
from wholerecord.app import KeptBoards, KeptPrompts, KeptStudies, RegisteredCounts
from wholerecord.cli.cast import Cast
from wholerecord.cli.loading import load, tables_to_count
from wholerecord.cli.secret import secret
from wholerecord.cli.serving import Listening, running
from wholerecord.demo.region import make
from wholerecord.demo.stories import STORIES
from wholerecord.demo.users import DemoUser
from wholerecord.portal import Seal, Site, Story
from wholerecord.settings import Settings
from wholerecord.smart import Authority
from wholerecord.storage import open_store
from wholerecord.storage.keyring import keyring


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port of pages, API and intake.")
@click.option("--mllp-port", default=2575, show_default=True, help="The port of HL7 v2 over MLLP.")
@click.option("--people", default=300, show_default=True, help="How many people the region has.")
@click.option("--seed", default=1, show_default=True, help="Which region; same seed, same people.")
def demo(*, host: str, port: int, mllp_port: int, people: int, seed: int) -> None:
    """Load the demonstration region where the store is empty, and serve it until interrupted.

    The people are invented. Anybody may sign in as anybody, so the demonstration refuses a store
    that holds anything but a demonstration.
    """
    settings = Settings.from_environment()

    async def work() -> None:
        began = time.monotonic()
        async with open_store(settings.database, keyring(settings.keys)) as store:
            region = make(seed=seed, people=people, today=datetime.now(UTC).date())
            by_mllp = next(one.source for one in region.deliveries if one.door == "mllp")
            listening = Listening(
                host=host,
                port=port,
                mllp_port=mllp_port,
                mllp_source=by_mllp,
            )
            cast = Cast(store, region.users)

            def site(way: Doorway) -> Site:
                sealing = secret(settings.session_secret).encode()
                doorstep = Doorstep(way)
                return Site(
                    door=way.door,
                    personas=cast.personas,
                    seal=Seal(sealing),
                    doorstep=doorstep,
                    authority=Authority.over(
                        apps=store,
                        grants=store,
                        spent=store,
                        secret=sealing,
                        doorstep=doorstep,
                    ),
                    counting=RegisteredCounts(store),
                    studies=KeptStudies(store, settings.research),
                    boards=KeptBoards(store, settings.research),
                    prompts=KeptPrompts(store),
                    spent=store,
                    stories=tuple(
                        Story(title=story.title, who=story.who, see=story.see) for story in STORIES
                    ),
                )

            async with running(settings, store, listening, site) as serving:
                await load(region, store, settings, listening, told=click.echo)
                await tables_to_count(store, settings)
                click.echo(f"ready after {time.monotonic() - began:.1f} s\n")
                click.echo(_where_to_look(f"http://{host}:{port}", region.users))
                await serving

    uvloop.run(work())


def _where_to_look(address: str, users: Sequence[DemoUser]) -> str:
    """Where to look, and who to sign in as: no password, for everybody here is invented."""
    widest = max(len(user.name) for user in users)
    people = "\n".join(f"  {user.name:<{widest}}  {user.role.value}" for user in users)
    return f"Look at {address} and sign in as one of\n{people}\n\nCtrl-C stops all of it."
