"""What a MESH mailbox holds, taken in.

Source: NHS England, Message Exchange for Social Care and Health API. A message stays in the inbox
until it is acknowledged, five days at most, and is given again until then: so it is downloaded,
kept, committed and only then acknowledged. Killed between any two of these it is given again; the
same bytes are kept once, and acknowledged then.
"""

import asyncio
import ssl
import tempfile
from dataclasses import dataclass, field
from typing import IO, Protocol, cast

import requests
import structlog
from mesh_client import MeshClient, MeshError
from urllib3.exceptions import HTTPError

from wholerecord.errors import Unavailable, WholerecordError
from wholerecord.intake.cut import cut
from wholerecord.intake.keeping import LATER, Keep, keep_all
from wholerecord.intake.mesh.answer import answer_to, workflow_of_answer

#: The largest message taken, bytes; MESH itself takes no larger ones than 20 GB.
LARGEST = 1024 * 1024 * 1024
_IN_MEMORY = 1024 * 1024
_CHUNK = 256 * 1024
#: Seconds that MESH may take over one answer.
_PATIENCE = 60.0
#: What the client raises where MESH does not answer, or says no.
UNREACHED = (MeshError, requests.RequestException, HTTPError, OSError, ssl.SSLError)
_log = structlog.get_logger()


class MailboxClosed(Unavailable):
    """The MESH mailbox cannot be reached, or does not let us in: see its address and password."""


class Message(Protocol):
    """Of `mesh_client.Message`, what is used here."""

    sender: str | None
    workflow_id: str | None
    local_id: str | None

    def read(self, size: int, /) -> bytes:
        """The next bytes, `size` of them at most; b"" at the end."""
        ...

    def acknowledge(self) -> None:
        """Take it out of the inbox."""
        ...


class _Client(Protocol):
    """Of `MeshClient`, what is used here."""

    def handshake(self) -> object: ...
    def list_messages(self) -> list[str]: ...
    def retrieve_message(self, message_id: str) -> Message: ...
    def send_message(
        self,
        recipient: str,
        data: bytes,
        *,
        workflow_id: str,
        local_id: str = ...,
        subject: str = ...,
    ) -> str: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A mailbox: where it is, and what lets us in. Holds secrets: it has no repr of them."""

    url: str
    mailbox: str
    password: str
    shared_key: str
    authorities: str | None = None
    certificate: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return f"Account({self.mailbox})"


@dataclass(slots=True)
class Collected:
    """What a mailbox gave. `left` are the ids of messages too large to take, which stay there."""

    messages: int = 0
    arrivals: int = 0
    again: int = 0
    answered: int = 0
    left: set[str] = field(default_factory=set[str])


class Mailbox:
    """A connection to a mailbox. Its methods block: they are called in threads."""

    def __init__(self, account: Account) -> None:
        self._client = cast(
            "_Client",
            MeshClient(
                account.url,
                account.mailbox,
                account.password,
                shared_key=account.shared_key.encode(),
                verify=account.authorities,
                cert=account.certificate,
                timeout=_PATIENCE,
                max_retries=1,
                application_name="wholerecord",
            ),
        )
        self.name = account.mailbox

    def check(self) -> None:
        """See that we are let in."""
        self._client.handshake()

    def ids(self) -> list[str]:
        """What is in the inbox, the oldest first."""
        return self._client.list_messages()

    def download(self, id: str, into: IO[bytes]) -> Message | None:
        """Write the message to `into`; the message, or None when it is too large."""
        message = self._client.retrieve_message(id)
        size = 0
        while piece := message.read(_CHUNK):
            size += len(piece)
            if size > LARGEST:
                return None
            into.write(piece)
        into.seek(0)
        return message

    def send(self, to: str, body: bytes, *, workflow: str, own: str) -> str:
        """Send a message under an id of our `own`, which its answer says again; the id MESH gave.

        Raises:
            MailboxClosed: MESH does not answer, or will not carry it.
        """
        try:
            return self._client.send_message(
                to, body, workflow_id=workflow, local_id=own, subject=own
            )
        except UNREACHED as error:
            raise MailboxClosed(self.name) from error

    def answer(self, id: str, message: Message, body: IO[bytes]) -> bool:
        """Send what the message asks for in answer; whether anything was sent.

        An answer that MESH will not carry is logged: what was kept stays kept.
        """
        answer = answer_to(id, body)
        if answer is None or not message.sender:
            return False
        workflow = workflow_of_answer(message.workflow_id or "")
        try:
            self._client.send_message(message.sender, answer, workflow_id=workflow)
        except MeshError as error:
            _log.warning("MESH will not carry an answer", mailbox=self.name, error=str(error)[:200])
            return False
        return True

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


async def collect(mailbox: Mailbox, source: str, keep: Keep, seen: Collected) -> int:
    """Take everything that is in the mailbox now; how many messages were taken.

    Raises:
        MailboxClosed: MESH does not answer; what is not acknowledged will be given again.
        WholerecordError: it cannot be kept now; likewise.
    """
    taken = 0
    try:
        for each in await asyncio.to_thread(mailbox.ids):
            if each not in seen.left:
                taken += await _take(mailbox, each, source, keep, seen)
    except UNREACHED as error:
        raise MailboxClosed(mailbox.name) from error
    return taken


async def _take(mailbox: Mailbox, id: str, source: str, keep: Keep, seen: Collected) -> int:
    """Keep one message and acknowledge it; 1, or 0 when it stays in the mailbox."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        body = cast("IO[bytes]", file)
        message = await asyncio.to_thread(mailbox.download, id, body)
        if message is None:
            return _left(mailbox, id, seen)
        try:
            receipts = await keep_all(cut(source, f"mesh {id}", body), keep)
        except WholerecordError as error:
            if error.category in LATER:
                raise
            return _left(mailbox, id, seen)
        seen.answered += await asyncio.to_thread(mailbox.answer, id, message, body)
    await asyncio.to_thread(message.acknowledge)
    seen.messages += 1
    seen.arrivals += len(receipts)
    seen.again += sum(not receipt.fresh for receipt in receipts)
    return 1


def _left(mailbox: Mailbox, id: str, seen: Collected) -> int:
    seen.left.add(id)
    _log.warning("too large to take: left in the mailbox", mailbox=mailbox.name, message=id)
    return 0
