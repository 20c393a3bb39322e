"""The channels of a site, opened beside the server."""

import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import click

from wholerecord.cli.task import running_task
from wholerecord.errors import Unavailable
from wholerecord.intake import mesh, mllp
from wholerecord.intake.channels import Channels, FolderChannel, Postbox, channels
from wholerecord.intake.folder import Folder, ready, watch
from wholerecord.intake.keeping import Keep
from wholerecord.intake.secure import listening


class NoSecret(Unavailable):
    """A secret that a channel needs is not in its file."""


class PortTaken(Unavailable):
    """Another program listens on the port of an MLLP channel; choose another port."""


def read(file: Path) -> Channels:
    """The channels that a file names; none when there is no such file.

    Raises:
        BadChannels: it is not as it must be.
    """
    return channels(file.read_text("utf-8")) if file.exists() else Channels()


def watched(
    _: click.Context, __: click.Parameter, said: tuple[str, ...]
) -> tuple[FolderChannel, ...]:
    """DIR=SOURCE pairs of the command line, each DIR taken from where that is."""
    found: list[FolderChannel] = []
    for pair in said:
        path, _equals, source = pair.rpartition("=")
        if not path or not source:
            raise click.BadParameter(f"{pair} is not DIR=SOURCE")
        found.append(FolderChannel(path=str(Path(path).absolute()), source=source))
    return tuple(found)


@asynccontextmanager
async def opened(
    named: Channels, folder: Path, keep: Keep, told: Callable[[str], None]
) -> AsyncGenerator[None]:
    """Every channel, open as long as the block is. Paths are taken from `folder`.

    Raises:
        PortTaken: a port is in use.
        NoSecret: a mailbox's password or key is missing.
    """
    async with contextlib.AsyncExitStack() as stack:
        for each in named.mllp:
            tls = each.tls(folder)
            try:
                await stack.enter_async_context(
                    mllp.serve(
                        each.host,
                        each.port,
                        keep=keep,
                        source_of=each.source_of,
                        tls=listening(tls) if tls else None,
                        limits=each.limits,
                        not_now=each.not_now,
                    )
                )
            except OSError:
                raise PortTaken(f"Port {each.port}.") from None
            told(f"MLLP{' over TLS' if tls else ''} on {each.host}:{each.port}")
        for each in named.folder:
            at = ready(
                Folder(
                    path=folder / each.path,
                    source=each.source,
                    every=each.every_seconds,
                    sidecars=each.sidecars,
                    patience=each.sidecar_seconds,
                )
            )
            await stack.enter_async_context(running_task(watch(at, keep)))
            told(f"watching {at.path} for {each.source}")
        for each in named.mesh:
            mailbox = mesh.Mailbox(account(each, folder))
            work = mesh.poll(mailbox, each.source, keep, every=each.every_seconds)
            await stack.enter_async_context(running_task(work))
            told(f"collecting from the MESH mailbox {each.mailbox} for {each.source}")
        yield


def account(channel: Postbox, folder: Path) -> mesh.Account:
    """The account of a mailbox, with its secrets read from their files.

    Raises:
        NoSecret: one of them is missing.
    """
    certificate = folder / channel.certificate
    return mesh.Account(
        url=channel.url,
        mailbox=channel.mailbox,
        password=_secret(folder / channel.password),
        shared_key=_secret(folder / channel.shared_key),
        authorities=str(folder / channel.authorities) if channel.authorities else None,
        certificate=(str(certificate), str(folder / (channel.key or channel.certificate)))
        if channel.certificate
        else None,
    )


def _secret(file: Path) -> str:
    try:
        said = file.read_text("utf-8").strip()
    except (OSError, ValueError):
        raise NoSecret(file.name) from None
    if not said:
        raise NoSecret(file.name)
    return said
