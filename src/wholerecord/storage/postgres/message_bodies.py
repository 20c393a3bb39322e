"""Messages as they are stored: zstandard, and what a client writes with a dictionary of its own.

A client's write is one resource as often as not, too short to have much in common with itself. A
frame says by which dictionary it was written (RFC 8878, 3.1.1.1.3), so no column need say it; the
dictionaries are those of this package, which stay in it for ever.
"""

from functools import cache

import zstandard

from wholerecord.storage.postgres.bodies import shipped

#: The group of the dictionaries that clients' writes are compressed with.
WRITTEN = "written"
_LEVEL = 3
#: Bytes of a message beyond which a dictionary no longer tells.
_LONG = 64 << 10


class WrittenBodies:
    """Compresses what clients write. For one thread."""

    def __init__(self) -> None:
        plain = zstandard.ZstdCompressor(level=_LEVEL)
        self._plain = self._short = plain
        newest = max((n for n, (group, _) in shipped().items() if group == WRITTEN), default=0)
        if newest:
            trained = zstandard.ZstdCompressionDict(shipped()[newest][1])
            trained.precompute_compress(level=_LEVEL)  # pyright: ignore[reportUnknownMemberType]
            self._short = zstandard.ZstdCompressor(level=_LEVEL, dict_data=trained)

    def pack(self, body: bytes) -> bytes:
        """The message as it is stored."""
        return (self._short if len(body) < _LONG else self._plain).compress(body)


def unpack(packed: bytes) -> bytes:
    """The message, as it was."""
    by = zstandard.get_frame_parameters(packed).dict_id
    known = _known()[by] if by else None
    return zstandard.ZstdDecompressor(dict_data=known).decompress(packed)


@cache
def _known() -> dict[int, zstandard.ZstdCompressionDict]:
    """The dictionaries that a message may have been written with, by their own ids."""
    trained = (zstandard.ZstdCompressionDict(data) for _, data in shipped().values())
    return {one.dict_id(): one for one in trained}
