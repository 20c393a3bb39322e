"""Statement bodies as they are stored: zstandard, with a dictionary trained on their like.

A dictionary is used for ever once a body was written with it, so each is a file of this package
that never changes, and is written into every database, where bodies outlive programs. The newest
file of a group is the one that is written with.
"""

from importlib.resources import files

import zstandard

#: Which dictionary a FHIR type is written with; the others share one.
_GROUPS = {
    "Observation": "observation",
    "MedicationAdministration": "medicine",
    "MedicationDispense": "medicine",
    "MedicationRequest": "medicine",
    "MedicationStatement": "medicine",
}
_OTHERS = "other"
_LEVEL = 3
_FRAME = zstandard.ZstdCompressionParameters.from_level(  # pyright: ignore[reportUnknownMemberType]
    _LEVEL, write_content_size=True, write_checksum=False, write_dict_id=False
)


def group_of(kind: str) -> str:
    """The group of dictionaries that a FHIR type belongs to."""
    return _GROUPS.get(kind, _OTHERS)


def shipped() -> dict[int, tuple[str, bytes]]:
    """Group and data of this package's dictionaries by number, from `NUMBER-GROUP.zdict`."""
    folder = files("wholerecord.storage.postgres") / "dictionaries"
    found: dict[int, tuple[str, bytes]] = {}
    if folder.is_dir():
        for file in folder.iterdir():
            if file.name.endswith(".zdict"):
                number, group = file.name.removesuffix(".zdict").split("-", 1)
                found[int(number)] = (group, file.read_bytes())
    return found


class Bodies:
    """Compresses and decompresses with every dictionary it was told of. For one thread."""

    def __init__(self) -> None:
        plain = zstandard.ZstdCompressor(compression_params=_FRAME)
        self._write = {_OTHERS: (0, plain.compress)}
        #: How bodies written with each dictionary are read.
        self.reads = {0: zstandard.ZstdDecompressor().decompress}

    def learn(self, number: int, data: bytes, *, write: str = "") -> None:
        """Read bodies written with this dictionary; write those of the group `write` with it."""
        trained = zstandard.ZstdCompressionDict(data)
        self.reads[number] = zstandard.ZstdDecompressor(dict_data=trained).decompress
        if write:
            trained.precompute_compress(level=_LEVEL)  # pyright: ignore[reportUnknownMemberType]
            writer = zstandard.ZstdCompressor(dict_data=trained, compression_params=_FRAME)
            self._write[write] = (number, writer.compress)

    def knows(self, ids: set[int]) -> bool:
        """Whether bodies written with these dictionaries can be read."""
        return ids <= self.reads.keys()

    def pack(self, kind: str, body: bytes) -> tuple[int, bytes]:
        """The number of the dictionary used, and `body` compressed with it."""
        number, compress = self._write.get(group_of(kind)) or self._write[_OTHERS]
        return number, compress(body)

    def unpack(self, dictionary: int, packed: bytes) -> bytes:
        """The body, as it was."""
        return self.reads[dictionary](packed)
