"""A MESH mailbox: what is in it is kept, and acknowledged to MESH only after the commit."""

from wholerecord.intake.mesh.mailbox import Account, Collected, Mailbox, collect
from wholerecord.intake.mesh.poll import poll

__all__ = ["Account", "Collected", "Mailbox", "collect", "poll"]
