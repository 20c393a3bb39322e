"""An archive that came as a message: nobody reads it, and the desk is told where it is broken.

Archives are opened on the way in. One that is kept whole was damaged, or came by a channel that
takes messages alone.
"""

import zipfile
import zlib
from io import BytesIO

from wholerecord.intake.reading import Fault, Reason
from wholerecord.intake.unpack import DAMAGED

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
#: What is unpacked to find the damage, bytes: what any archive may give, and times its own size.
_FREE, _TIMES = 1024 * 1024, 200
_STEP = 64 * 1024


def archive_fault(body: bytes) -> Fault | None:
    """Why an archive is parked, and after how much of it; None for what is no archive.

    >>> import gzip
    >>> packed = gzip.compress(b"MSH")
    >>> archive_fault(packed).detail, archive_fault(packed[:-9]).detail
    ('a gzip archive', 'a gzip archive that is damaged')
    """
    if body.startswith(_GZIP):
        return _gzip(body)
    return _zip(body) if body.startswith(_ZIP) else None


def _gzip(body: bytes) -> Fault:
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    given, left = 0, body
    try:
        while not unpacking.eof and left and given < _FREE + _TIMES * len(body):
            given += len(unpacking.decompress(left, _STEP))
            left = unpacking.unconsumed_tail
    except zlib.error:
        return _damaged("a gzip archive", given)
    whole = unpacking.eof or left
    return _whole("a gzip archive") if whole else _damaged("a gzip archive", given)


def _zip(body: bytes) -> Fault:
    """Its list of members stands at its end, so that one cut short has none."""
    try:
        zipfile.ZipFile(BytesIO(body)).close()
    except DAMAGED:
        return Fault(reason=Reason.CUT_SHORT, detail="a zip archive that is damaged")
    return _whole("a zip archive")


def _whole(what: str) -> Fault:
    return Fault(reason=Reason.NOT_RECOGNISED, detail=what)


def _damaged(what: str, given: int) -> Fault:
    return Fault(
        reason=Reason.CUT_SHORT,
        place=f"after {given:,} bytes unpacked",
        detail=f"{what} that is damaged",
    )
