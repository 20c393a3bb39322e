"""Senders: where a message to a person leaves the house.

A file sender writes one file a message, for a site's own mail, text message or print service to
take: `.eml` (RFC 5322), `.txt` (the number on the first line) or `.pdf`. An SMTP sender (RFC 5321)
hands e-mail over itself. A message keeps its `Message-ID` however often it is sent.
"""

import asyncio
import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import typst

from wholerecord.access.outbox import Channel, Dispatch
from wholerecord.app.wording import SUBJECT, words_of
from wholerecord.errors import Incorrect, Unavailable

_FROM = "wholerecord@localhost"
#: Seconds that a mail server may take to answer.
_PATIENCE = 20
_LETTER = """#let said = json(bytes(sys.inputs.said))
#set page(paper: "a4", margin: 25mm)
#set text(size: 14pt, lang: "en")
#said.address.split("\\n").join(linebreak())
#v(20mm)
= #said.subject
#said.words
"""


class NotSent(Unavailable):
    """The message did not go; it is tried again."""


class BadSmtp(Incorrect):
    """WHOLERECORD_SMTP is smtp://HOST:PORT/?from=ADDRESS, or smtps:// for TLS from the start."""


class Sender(Protocol):
    """A way out of the house."""

    async def send(self, dispatch: Dispatch) -> None:
        """Send it: once this returns, it went.

        Raises:
            NotSent: it did not, or nobody can say.
        """
        ...


@dataclass(frozen=True, slots=True)
class FileSender:
    """Writes messages into a folder, each whole or not at all."""

    folder: Path

    async def send(self, dispatch: Dispatch) -> None:
        """See `Sender.send`."""
        name, make = _FILES[dispatch.channel]
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = self.folder / f".{dispatch.n}.part"
        try:
            aside.write_bytes(await asyncio.to_thread(make, dispatch))
            aside.replace(self.folder / f"{dispatch.n}{name}")
        except (OSError, typst.TypstError):
            raise NotSent from None


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """Hands e-mail to a mail server. The connection is encrypted wherever the server offers it."""

    host: str
    port: int
    sender: str
    tls: bool = False
    user: str = ""
    password: str = ""

    @classmethod
    def of(cls, url: str) -> "SmtpSender":
        """From `smtp://USER:PASSWORD@HOST:PORT/?from=ADDRESS`.

        Raises:
            BadSmtp: it is not that.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadSmtp from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise BadSmtp
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=port or (465 if tls else 587),
            sender=parse_qs(parts.query).get("from", [_FROM])[0],
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def __repr__(self) -> str:
        return f"SmtpSender({self.host!r}, …)"

    async def send(self, dispatch: Dispatch) -> None:
        """See `Sender.send`."""
        try:
            await asyncio.to_thread(self._hand_over, dispatch)
        except (OSError, smtplib.SMTPException, ValueError):
            raise NotSent from None

    def _hand_over(self, dispatch: Dispatch) -> None:
        context = ssl.create_default_context()
        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_PATIENCE, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_PATIENCE)
        with server:
            server.ehlo()
            if not self.tls and (self.user or server.has_extn("starttls")):
                server.starttls(context=context)  # a password never goes in the clear
            if self.user:
                server.login(self.user, self.password)
            server.send_message(mail(dispatch, self.sender))


def senders(smtp: str, folder: Path) -> Mapping[Channel, Sender]:
    """Who sends what: e-mail by `smtp` where it is given; everything else into `folder`."""
    files = FileSender(folder)
    email = SmtpSender.of(smtp) if smtp else files
    return {Channel.EMAIL: email, Channel.SMS: files, Channel.LETTER: files}


def mail(dispatch: Dispatch, sender: str = _FROM) -> EmailMessage:
    """The message as e-mail."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, dispatch.address, SUBJECT
    made["Date"] = format_datetime(dispatch.look.at)
    made["Message-ID"] = f"<look-{dispatch.look.n}-{dispatch.n}@wholerecord.invalid>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answers, please
    made.set_content(words_of(dispatch))
    return made


def _eml(dispatch: Dispatch) -> bytes:
    return mail(dispatch).as_bytes()


def _text(dispatch: Dispatch) -> bytes:
    return f"{dispatch.address}\n{words_of(dispatch)}\n".encode()


def _letter(dispatch: Dispatch) -> bytes:
    """An A4 letter as PDF. What is said reaches the typesetter as data, never as its language."""
    said = json.dumps(
        {"address": dispatch.address, "subject": SUBJECT, "words": words_of(dispatch)}
    )
    return typst.compile(_LETTER.encode(), sys_inputs={"said": said})


_FILES: Mapping[Channel, tuple[str, Callable[[Dispatch], bytes]]] = {
    Channel.EMAIL: (".eml", _eml),
    Channel.SMS: (".txt", _text),
    Channel.LETTER: (".pdf", _letter),
}
