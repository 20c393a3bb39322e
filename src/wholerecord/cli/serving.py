"""Everything a running program is: pages, API, intake, filing beside it, and seals."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from socket import socket
from typing import Literal

import uvicorn

from wholerecord.access import Doorway
from wholerecord.app import Web, application
from wholerecord.app.correcting import see_to_corrections_for_ever
from wholerecord.app.feeds import Feeds
from wholerecord.app.garbage import collect_seldom
from wholerecord.app.gateway import Gateway
from wholerecord.app.model import chosen_model
from wholerecord.app.nightly import check_every_night
from wholerecord.app.notifying import standing
from wholerecord.app.opt_outs import look_up_for_ever
from wholerecord.app.receivers import Receivers
from wholerecord.app.sending import senders
from wholerecord.app.wrongs import find_wrong_for_ever
from wholerecord.audit import Sealer, public_bytes, signing_key
from wholerecord.cli.channels import opened
from wholerecord.cli.corrections import carriers
from wholerecord.cli.opt_outs import exchange
from wholerecord.cli.sealing import sealed, witnesses
from wholerecord.cli.taking import AddressInUse, listening_socket, taken
from wholerecord.cli.task import running_task
from wholerecord.cli.working import a_worker
from wholerecord.consent import standing_rules
from wholerecord.consent.indication import indicated
from wholerecord.fhir import Live
from wholerecord.intake import mllp
from wholerecord.intake.channels import Channels
from wholerecord.intake.secure import listening as secure
from wholerecord.intake.tokens import Tokens, pairs
from wholerecord.intake.turns import Turns
from wholerecord.portal import Site
from wholerecord.settings import Settings
from wholerecord.storage.postgres import Store

#: Bytes of what a subscriber says on a websocket: a token to bind with is the longest.
_WORDS = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where to listen. `mllp_source` is the source that MLLP messages are from.

    `channels` are the site's other channels, whose paths are taken from the folder `beside`, else
    from the data's; `told` hears of each that opens.
    """

    host: str
    port: int
    mllp_port: int
    mllp_source: str
    mllp_host: str = "127.0.0.1"
    channels: Channels = field(default_factory=Channels)
    beside: Path | None = None
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
        BadSmtp, BadPublish, BadAuthority, BadReceivers, BadIndication: a setting is wrong.
    """
    senders(settings.smtp, settings.outbox)  # what is wrong with them is said before anything runs
    seen_by = witnesses(settings)
    await with_standing_rules(store)
    collect_seldom()
    key = signing_key(settings.seal_key)
    table = indicated(settings.indication)
    way = Doorway(store, sealed_by=public_bytes(key), indicated=table)
    turns = Turns(store.keep)
    server = _server(settings, store, way, turns=turns, listening=listening, site=site(way))
    sealer = Sealer(store, key, settings.published_seals)
    async with contextlib.AsyncExitStack() as stack:
        http = await stack.enter_async_context(_heard(settings, store, turns, listening))
        await stack.enter_async_context(a_worker(settings))
        await stack.enter_async_context(running_task(check_every_night(store, settings.research)))
        await stack.enter_async_context(running_task(find_wrong_for_ever(store)))
        requests = see_to_corrections_for_ever(way, carriers(settings, listening.channels))
        await stack.enter_async_context(running_task(requests))
        for each in listening.channels.opt_outs:
            every = timedelta(days=each.every_days)
            work = look_up_for_ever(
                exchange(way, each, settings, listening.beside or settings.folder),
                store,
                every=every,
                pause=each.every_seconds,
            )
            await stack.enter_async_context(running_task(work))
            listening.told(f"looking up opt-outs from the MESH mailbox {each.mailbox}")
        await stack.enter_async_context(sealed(store, sealer, seen_by))
        serving = asyncio.create_task(server.serve(sockets=[http]))
        while not (server.started or serving.done()):  # noqa: ASYNC110 - uvicorn only sets it
            await asyncio.sleep(0.01)
        try:
            yield serving
        finally:
            server.should_exit = True
            await serving


def _server(
    settings: Settings,
    store: Store,
    way: Doorway,
    *,
    turns: Turns,
    listening: Listening,
    site: Site,
) -> uvicorn.Server:
    """The pages and the API.

    Raises:
        BadReceivers: the setting is wrong.
    """
    model = chosen_model(settings.ai, settings.ai_token)
    web = Web(
        gateway=None if model is None else Gateway(prompts=store, model=model),
        way=way,
        site=site,
        keep=turns.keep,
        pledge=store.pledge,
        admits=Tokens(settings.tokens, pairs(settings.given_tokens)).admits,
        exports=settings.exports,
        imports=settings.imports,
        receivers=Receivers.parse(settings.receivers),
        live=Live(store=store, stands=standing(store, store)),
        definitions=store,
    )
    config = uvicorn.Config(
        application(web),
        host=listening.host,
        port=listening.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws=_websockets(),
        ws_max_size=_WORDS,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


def _websockets() -> Literal["websockets-sansio", "none"]:
    """What speaks RFC 6455; "none" where an older installation was not brought up to the lock.

    Then a subscriber who connects is refused (404), and everything else is served all the same.
    """
    return "websockets-sansio" if find_spec("websockets") else "none"


@asynccontextmanager
async def _heard(
    settings: Settings, store: Store, turns: Turns, listening: Listening
) -> AsyncGenerator[socket]:
    """Every channel open for as long as the block lasts; yields the one for pages and API.

    Raises:
        AddressInUse: a port is taken.
    """
    folder = listening.beside or settings.folder
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
            opened(listening.channels, folder, turns.keep, listening.told)
        )
        for each in listening.channels.https:
            taking = Feeds(keep=turns.keep, pledge=store.pledge, source_of=each.source_of)
            await stack.enter_async_context(
                taken(taking, secure(each.tls(folder)), each.host, each.port)
            )
            listening.told(f"HTTPS with client certificates on {each.host}:{each.port}")
        yield http
