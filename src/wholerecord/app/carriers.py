"""Ways by which requests to sources leave the house: a letter, a FHIR server, a MESH mailbox.

A source that the site gave no way to hears by letter: a PDF in the outbox's folder, for its print
service. Each message has the same name however often it goes, so that who takes it in knows it.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import typst

from wholerecord.access.correcting import Asked
from wholerecord.app.sender import Sender
from wholerecord.app.sending import NotSent
from wholerecord.care.requests import SYSTEM, as_message, as_task, lines, reference, sentence
from wholerecord.fhir.subscriptions.telling import NotTaken
from wholerecord.intake.mesh import Mailbox, MailboxClosed
from wholerecord.record import canonical

#: Seconds that a source's server may take to answer.
_PATIENCE = 20
_LETTER = """#let said = json(bytes(sys.inputs.said))
#set document(title: said.title)
#set page(paper: "a4", margin: 25mm)
#set text(size: 12pt, lang: "en")
= #said.title
#v(5mm)
#for (label, text) in said.lines [
  #strong(label + ":") #text \\
]
#v(5mm)
#said.words
"""


class Carrier(Protocol):
    """A way out of the house. `via` is what it is called."""

    @property
    def via(self) -> str:
        """What it is called in the record of a request."""
        ...

    async def carry(self, asked: Asked) -> None:
        """Carry it: once this returns, it went.

        Raises:
            NotSent: it did not, or nobody can say.
        """
        ...


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters as PDF/UA files in a folder, each whole or not at all."""

    folder: Path
    via: str = field(default="letter", init=False)

    async def carry(self, asked: Asked) -> None:
        """See `Carrier.carry`."""
        name = f"correction-{reference(asked)}"
        aside = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside.write_bytes(await asyncio.to_thread(letter, asked))
            aside.replace(self.folder / f"{name}.pdf")
        except (OSError, typst.TypstError):
            raise NotSent from None


@dataclass(frozen=True, slots=True)
class FhirServer:
    """A FHIR server of the source's: a Task is created at `base`, once for each request."""

    base: str
    sender: Sender
    via: str = field(default="FHIR Task", init=False)

    async def carry(self, asked: Asked) -> None:
        """See `Carrier.carry`."""
        once = f"If-None-Exist: identifier={SYSTEM}|{reference(asked)}"
        try:
            await self.sender.send(
                f"{self.base.rstrip('/')}/Task", canonical(as_task(asked)), (once,), _PATIENCE
            )
        except NotTaken:
            raise NotSent from None


@dataclass(frozen=True, slots=True)
class MeshMailbox:
    """A MESH mailbox of the source's, `to` which a FHIR message goes from ours."""

    mailbox: Mailbox
    to: str
    workflow: str
    via: str = field(default="MESH", init=False)

    async def carry(self, asked: Asked) -> None:
        """See `Carrier.carry`."""
        body, own = canonical(as_message(asked)), f"correction-{reference(asked)}"
        try:
            await asyncio.to_thread(
                self.mailbox.send, self.to, body, workflow=self.workflow, own=own
            )
        except MailboxClosed:
            raise NotSent from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """Who carries what is asked of each source; `letters` where nothing else is said."""

    letters: Carrier
    by_source: Mapping[str, Carrier] = field(default_factory=dict[str, Carrier])

    def of(self, source: str) -> Carrier:
        """Who carries what is asked of a source."""
        return self.by_source.get(source, self.letters)


def letter(asked: Asked) -> bytes:
    """The letter as PDF. What sources said reaches the typesetter as data, never as its language.

    Raises:
        typst.TypstError: it cannot be set.
    """
    title = "A request taken back" if asked.retracts else "Please put right what you sent"
    said = json.dumps({"title": title, "lines": lines(asked), "words": sentence(asked)})
    return typst.compile(_LETTER.encode(), sys_inputs={"said": said}, pdf_standards=["ua-1"])
