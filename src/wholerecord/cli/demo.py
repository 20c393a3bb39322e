"""`wholerecord demo`: the demonstration region, loaded over the real doors and served."""

import asyncio
import time
from datetime import UTC, datetime

import click

from wholerecord.access import Doorway
from wholerecord.app import RegisteredCounts
from wholerecord.cli.cast import Cast
from wholerecord.cli.loading import load
from wholerecord.cli.secret import secret
from wholerecord.cli.serving import Listening, running
from wholerecord.demo.region import make
from wholerecord.demo.stories import STORIES
from wholerecord.portal import Seal, Site, Story
from wholerecord.settings import Settings
from wholerecord.storage import open_store


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
        async with open_store(settings.database) as store:
            region = make(seed=seed, people=people, today=datetime.now(UTC).date())
            listening = Listening(
                host=host,
                port=port,
                mllp_port=mllp_port,
                mllp_source=lambda _: next(
                    delivery.source for delivery in region.deliveries if delivery.door == "mllp"
                ),
            )
            cast = Cast(store, region.users)

            def site(way: Doorway) -> Site:
                return Site(
                    door=way.door,
                    personas=cast.personas,
                    seal=Seal(secret(settings.session_secret).encode()),
                    counting=RegisteredCounts(store),
                    stories=tuple(
                        Story(title=story.title, who=story.who, see=story.see) for story in STORIES
                    ),
                )

            async with running(settings, store, listening, site) as serving:
                await load(region, store, settings, listening, told=click.echo)
                click.echo(
                    f"\nhttp://{host}:{port}  ready after {time.monotonic() - began:.1f} s\n"
                )
                await serving

    asyncio.run(work())
