"""A MESH mailbox: what is in it is kept, and acknowledged to MESH only after the commit."""

from wholerecord.intake.mesh.mailbox import (
    UNREACHED,
    Account,
    Collected,
    Mailbox,
    MailboxClosed,
    Message,
    collect,
)
from wholerecord.intake.mesh.poll import poll

__all__ = [
    "UNREACHED",
    "Account",
    "Collected",
    "Mailbox",
    "MailboxClosed",
    "Message",
    "collect",
    "poll",
]
