"""The national data opt-outs looked up by MESH: the list goes out, and its answer comes back.

Source: NHS England, Check for National Data Opt-outs Service: the list is sent under one workflow,
and what comes back has the sender's own id for it; it may take an hour, and a note that the work
has begun may come before. What is asked is kept in a file of its owner only until it is answered:
newcomers since are neither opted out nor not. What comes back is held for some days, and is no part
of anybody's record.
"""

import asyncio
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, cast

import structlog

from wholerecord.access import Door, Refused
from wholerecord.consent.lookup import LASTS, LookUp, LookUps, NotAnAnswer
from wholerecord.errors import WholerecordError
from wholerecord.intake.mesh import UNREACHED, Mailbox, MailboxClosed, Message

WHY = "the look-up of national opt-outs by MESH"
#: A line is twelve bytes: the whole country is less.
_LARGEST = 1 << 30
_IN_MEMORY = 1 << 24
#: When what was asked is asked again: the service answers within an hour.
_PATIENCE = timedelta(days=1)
_OWN = re.compile(r"[0-9A-Za-z]+(-[0-9]+)+")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Who asks whom, by which mailbox; what is asked is kept in `folder` until it is answered."""

    door: Door
    mailbox: Mailbox
    to: str
    workflow: str
    folder: Path

    async def ask(self, *, why: str = WHY) -> str | Refused:
        """Send the list of everybody; our own id of it, or why not. What is too old is removed.

        Raises:
            MailboxClosed: MESH does not carry it.
        """
        now = datetime.now(UTC)
        self._forget(before=now - LASTS)
        listed = await self.door.ask_opt_outs(why=why)
        if isinstance(listed, Refused):
            return listed
        own = f"{self.mailbox.name}-{now:%d%m%Y}-{now:%H%M%S}{now.microsecond:06}"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._asked(own)
        file.touch(mode=0o600)
        file.write_bytes(listed)  # before it is sent: its answer finds it
        try:
            await asyncio.to_thread(
                self.mailbox.send, self.to, listed, workflow=self.workflow, own=own
            )
        except MailboxClosed:
            file.unlink()
            raise
        return own

    async def take(self, *, why: str = WHY) -> LookUp | Refused | None:
        """Take in the answers that are there; the last of them, or why not. None: there is none.

        A message is acknowledged once what it says is held: given again, it says the same.

        Raises:
            MailboxClosed: MESH does not answer; what is not acknowledged is given again.
        """
        found: LookUp | Refused | None = None
        try:
            for each in await asyncio.to_thread(self.mailbox.ids):
                found = await self._take(each, why) or found
        except UNREACHED as error:
            raise MailboxClosed(self.mailbox.name) from error
        return found

    def waiting_since(self) -> datetime | None:
        """When the last list was sent that is not answered; None: none waits."""
        times = [file.stat().st_mtime for file in self.folder.glob("*.asked")]
        return datetime.fromtimestamp(max(times), UTC) if times else None

    async def _take(self, id: str, why: str) -> LookUp | Refused | None:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            body = cast("IO[bytes]", file)
            message = await asyncio.to_thread(self.mailbox.download, id, body)
            if message is None or message.workflow_id != self.workflow:
                return None  # too large, or for somebody else who looks into this mailbox
            asked = self._asked_for(message)
            answered = body.read(_LARGEST + 1)
        found: LookUp | Refused | None = None
        if asked is None or len(answered) > _LARGEST:
            _log.warning("an answer to nothing that was asked", mailbox=self.mailbox.name)
        else:
            try:
                found = await self.door.take_opt_outs(asked.read_bytes(), answered, why=why)
            except NotAnAnswer:
                # A note that the work has begun, or that the list is refused: the answer may come.
                _log.warning("what came for the opt-outs is no list", mailbox=self.mailbox.name)
        if isinstance(found, Refused):
            return found  # it stays in the mailbox
        await asyncio.to_thread(message.acknowledge)
        if found is not None and asked is not None:
            asked.unlink(missing_ok=True)
        return found

    def _asked(self, own: str) -> Path:
        return self.folder / f"{own}.asked"

    def _asked_for(self, message: Message) -> Path | None:
        """The list that a message answers; None where none of that id waits."""
        own = message.local_id or ""
        if not _OWN.fullmatch(own) or message.sender != self.to:
            return None
        file = self._asked(own)
        return file if file.exists() else None

    def _forget(self, *, before: datetime) -> None:
        """Remove lists that nobody answered: they are NHS numbers."""
        for file in self.folder.glob("*.asked"):
            if datetime.fromtimestamp(file.stat().st_mtime, UTC) < before:
                file.unlink(missing_ok=True)


async def look_up_now(exchange: Exchange, held: LookUps, *, every: timedelta) -> None:
    """Take in what came, and ask where the last look-up is older than `every` and none waits."""
    found = await exchange.take()
    if isinstance(found, Refused):
        _log.warning("the opt-outs were not taken in", why=found.reason)
    now, last = datetime.now(UTC), await held.look_up()
    waiting = exchange.waiting_since()
    if (last is None or last.at + every <= now) and (waiting is None or waiting + _PATIENCE <= now):
        asked = await exchange.ask()
        if isinstance(asked, Refused):
            _log.warning("the opt-outs were not asked for", why=asked.reason)


async def look_up_for_ever(
    exchange: Exchange, held: LookUps, *, every: timedelta, pause: float
) -> None:
    """Look up again and again, until cancelled. What fails is logged and tried again."""
    try:
        while True:
            try:
                await look_up_now(exchange, held, every=every)
            except (WholerecordError, OSError) as error:
                _log.warning("the opt-outs wait", error=type(error).__name__)
            await asyncio.sleep(pause)
    finally:
        exchange.mailbox.close()
