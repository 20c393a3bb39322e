"""What a mailbox sends back: to a pathology interchange, the NHSACK its sender asked for.

It is sent after the commit and before the message is acknowledged to MESH: killed between the two,
the message is given again and the same answer is sent again, under the same reference.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import IO

from wholerecord.intake import edifact

#: The largest interchange that is answered, bytes: it is read whole.
_LARGEST = 16 * 1024 * 1024
_BEGINNINGS = (b"UNA", b"UNB")


def answer_to(id: str, file: IO[bytes], *, at: datetime | None = None) -> bytes | None:
    """The NHSACK for the message in `file`; None for all but an interchange that asks for one."""
    file.seek(0)
    if not file.read(256).lstrip().startswith(_BEGINNINGS):
        return None
    file.seek(0)
    body = file.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        return None
    # UNB 0020 holds fourteen characters.
    reference = sha256(id.encode()).hexdigest()[:14].upper()
    return edifact.acknowledge(body, at=at or datetime.now(UTC), reference=reference)


def workflow_of_answer(asked: str) -> str:
    """The workflow of an answer: that of the message, with `_ACK`, as MESH pairs them.

    >>> workflow_of_answer("PATH_MEDRPT_V3")
    'PATH_MEDRPT_V3_ACK'
    """
    return f"{asked}_ACK"
