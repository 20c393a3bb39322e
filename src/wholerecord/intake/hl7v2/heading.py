"""What a message's header says to those who only keep and answer it: quick, and never fails.

Source: HL7 v2.5.1 sections 2.15.9 (MSH) and 2.9.3 (enhanced acknowledgement), table 0155.
"""

import hashlib
import re

import msgspec

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # one of them could end an answer's frame
_HEADER = re.compile(rb"MSH([!-/:-@\[-`{-~\x80-\xff])([^\r\n]{0,4096})")
#: How far into a message its header is looked for, bytes, and the longest of a header's fields.
_NEAR, _LONGEST = 8192, 227
#: The longest control id that is compared as it stands (MSH-10 has 199 characters in v2.9).
_LONGEST_CONTROL = 199


class Heading(msgspec.Struct, frozen=True, gc=False):
    """MSH-1, and the fields from MSH-2 on; of a message without a header, "|" and nothing.

    `clean`: there is no control character in any of them.
    """

    separator: str
    fields: tuple[str, ...]
    clean: bool = False

    def field(self, n: int) -> str:
        """MSH-n as it was written, of a length that any field of a header has."""
        fields = self.fields
        said = fields[n - 2] if n - 2 < len(fields) else ""
        if len(said) > _LONGEST:
            said = said[:_LONGEST]
        return said.strip() if self.clean else _CONTROL.sub("", said).strip()

    @property
    def control(self) -> str | None:
        """MSH-10 to compare by, or None when the message has none."""
        said = self.fields[8].strip() if len(self.fields) > 8 else ""
        if len(said) > _LONGEST_CONTROL:
            return hashlib.sha256(said.encode("latin-1")).hexdigest()
        return said or None

    @property
    def sender(self) -> str:
        """MSH-3 and MSH-4: whose control ids these are."""
        return f"{self.field(3)}|{self.field(4)}"

    @property
    def accept(self) -> str:
        """MSH-15: when the sender wants to hear that the message was taken (AL, NE, ER, SU)."""
        return self.field(15).upper()

    @property
    def application(self) -> str:
        """MSH-16: when the sender wants to hear what became of it."""
        return self.field(16).upper()


def heading(raw: bytes) -> Heading:
    """The header of a message, or an empty one."""
    match = _HEADER.search(raw, 0, _NEAR)
    if match is None:
        return Heading("|", ("",))
    separator, said = match[1].decode("latin-1"), match[2].decode("latin-1")
    return Heading(separator, tuple(said.split(separator)), said.isprintable())


def is_one(raw: bytes) -> bool:
    """Whether `raw` is one message from its first byte on: a batch has no control id of its own."""
    return raw.startswith(b"MSH") and not (b"\rMSH" in raw or b"\nMSH" in raw)
