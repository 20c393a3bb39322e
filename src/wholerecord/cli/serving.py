"""Everything a running program is: pages, API, intake, filing beside it, and seals."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import structlog
import uvicorn

from wholerecord.access import Doorway
from wholerecord.app import Web, application
from wholerecord.app.feeds import Feeds
from wholerecord.app.garbage import collect_seldom
from wholerecord.app.gateway import Gateway
from wholerecord.app.model import chosen_model
from wholerecord.app.nightly import check_every_night
from wholerecord.app.receivers import Receivers
from wholerecord.app.sending import senders
from wholerecord.audit import Sealer, public_bytes, signing_key
from wholerecord.audit.elsewhere import Elsewhere, address_of
from wholerecord.cli.channels import opened
from wholerecord.cli.taking import AddressInUse, listening_socket, taken
from wholerecord.cli.task import running_task
from wholerecord.consent import standing_rules
from wholerecord.errors import WholerecordError
from wholerecord.intake import mllp
from wholerecord.intake.channels import Channels
from wholerecord.intake.secure import listening as secure
from wholerecord.intake.tokens import Tokens, pairs
from wholerecord.intake.turns import Turns
from wholerecord.portal import Site
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

#: Seconds between seals, when there is something to seal.
_SEAL_EVERY = 1.0
#: Seconds between seals posted to the second place, and the most it may take to answer.
_PUBLISH_EVERY, _PATIENCE = 60.0, 20.0
#: Seconds before a worker that ended is followed by another.
_NEXT_WORKER = 1.0
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where to listen. `mllp_source` is the source that MLLP messages are from.

    `channels` are the site's other channels, and `told` hears of each that opens.
    """

    host: str
    port: int
    mllp_port: int
    mllp_source: str
    mllp_host: str = "127.0.0.1"
    channels: Channels = field(default_factory=Channels)
    told: Callable[[str], None] = lambda _: None


async def with_standing_rules(store: Store) -> None:
    """Give a new store its standing rules."""
    if not await store.rules():
        for rule in standing_rules():
            await store.add_rule(rule)


@asynccontextmanager
async def running(
    settings: Settings, store: Store, listening: Listening, site: Callable[[Doorway], Site]
) -> AsyncGenerator[asyncio.Task[None]]:
    """Listen, file and seal until the end of the block; yields what ends when the server does.

    Raises:
        AddressInUse: a port is taken.
        BadSmtp, BadPublish, BadReceivers: a setting is wrong.
    """
    senders(settings.smtp, settings.outbox)  # what is wrong with them is said before anything runs
    elsewhere = address_of(settings.publish) if settings.publish else ""
    await with_standing_rules(store)
    collect_seldom()
    key = signing_key(settings.seal_key)
    way = Doorway(store, sealed_by=public_bytes(key))
    turns = Turns(store.keep)
    tokens = Tokens(settings.tokens, pairs(settings.given_tokens))
    model = chosen_model(settings.ai, settings.ai_token)
    web = Web(
        gateway=None if model is None else Gateway(prompts=store, model=model),
        way=way,
        site=site(way),
        keep=turns.keep,
        pledge=store.pledge,
        admits=tokens.admits,
        exports=settings.exports,
        receivers=Receivers.parse(settings.receivers),
        definitions=store,
    )
    config = uvicorn.Config(
        application(web),
        host=listening.host,
        port=listening.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    sealer = Sealer(store, key, settings.published_seals)
    async with contextlib.AsyncExitStack() as stack:
        try:
            http = listening_socket(listening.host, listening.port)
            stack.callback(http.close)
            await stack.enter_async_context(
                mllp.serve(
                    listening.mllp_host,
                    listening.mllp_port,
                    keep=turns.keep,
                    source_of=lambda _: listening.mllp_source,
                )
            )
        except OSError:
            raise AddressInUse from None
        await stack.enter_async_context(
            opened(listening.channels, settings.folder, turns.keep, listening.told)
        )
        for each in listening.channels.https:
            taking = Feeds(keep=turns.keep, pledge=store.pledge, source_of=each.source_of)
            await stack.enter_async_context(
                taken(taking, secure(each.tls(settings.folder)), each.host, each.port)
            )
            listening.told(f"HTTPS with client certificates on {each.host}:{each.port}")
        await stack.enter_async_context(_worker(settings))
        await stack.enter_async_context(running_task(_seal_for_ever(sealer)))
        if elsewhere:
            await stack.enter_async_context(running_task(_publish_for_ever(store, elsewhere)))
        await stack.enter_async_context(running_task(check_every_night(store)))
        serving = asyncio.create_task(server.serve(sockets=[http]))
        while not (server.started or serving.done()):  # noqa: ASYNC110 - uvicorn only sets it
            await asyncio.sleep(0.01)
        try:
            yield serving
        finally:
            server.should_exit = True
            await serving
            await sealer.seal()


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncGenerator[None]:
    """The process that files and links what is kept, for as long as the block lasts."""
    ending = asyncio.Event()
    working = asyncio.create_task(_work_until(ending, settings))
    try:
        yield
    finally:
        ending.set()
        await working


async def _work_until(ending: asyncio.Event, settings: Settings) -> None:
    """Have a worker until `ending`: one that is killed is followed by another."""
    stop = asyncio.create_task(ending.wait())
    while not ending.is_set():
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "wholerecord.worker",
            stdin=asyncio.subprocess.PIPE,
            env={**os.environ, "WHOLERECORD_DATABASE": settings.database},
        )
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not ending.is_set():
            _log.warning("the worker ended, another follows", code=process.returncode)
            await asyncio.wait({stop}, timeout=_NEXT_WORKER)
            continue
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(ended, 10)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _seal_for_ever(sealer: Sealer) -> None:
    while True:
        await asyncio.sleep(_SEAL_EVERY)
        try:
            await sealer.seal()
        except (WholerecordError, OSError) as error:
            _log.warning("sealing failed, will try again", error=type(error).__name__)


async def _publish_for_ever(store: Store, address: str) -> None:
    async with httpx.AsyncClient(timeout=_PATIENCE) as client:
        place = Elsewhere(store, address, client)
        while True:
            try:
                await place.publish()
            except (WholerecordError, OSError) as error:
                _log.warning("a seal was not published elsewhere", error=type(error).__name__)
            await asyncio.sleep(_PUBLISH_EVERY)
