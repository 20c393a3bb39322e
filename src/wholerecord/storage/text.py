"""Text as it can be stored: what a database refuses is shown as a replacement character."""

from wholerecord.intake import Fault

#: Where a control id stands in a message.
CONTROL_PLACE = "MSH-10"


def storable(text: str) -> str:
    """`text` without NUL and lone surrogates, which PostgreSQL's text cannot hold."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def phrase(fault: Fault) -> str:
    """What is parked, in the words people read: the reason, and the detail where there is one."""
    said = fault.reason.value
    return storable(f"{said}: {fault.detail}" if fault.detail else said)
