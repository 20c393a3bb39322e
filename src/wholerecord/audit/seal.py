"""Sealing the log of openings, and proving it whole.

A seal is a signed root of everything so far, kept in the store and published beside it (a file
that a site copies elsewhere). Changing or removing a sealed opening changes a root that is signed.
Openings newer than the last seal are not proved yet; `Verified.unsealed` counts them.
"""

from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from wholerecord.audit.growing import Growing, pages
from wholerecord.audit.merkle import Frontier, leaf_hash
from wholerecord.audit.once import kept_once
from wholerecord.audit.opening import BEFORE_ALL, Leaf, Log, Seal, Verified
from wholerecord.audit.published import against_published, publish, publish_missing, published_lines
from wholerecord.errors import Unavailable

#: Bytes of an Ed25519 private key: RFC 8032.
_KEY = 32


class BadKey(Unavailable):
    """The key that seals the log is not whole: put its copy back."""


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in the file at `path` (32 bytes, readable by its owner only), made when missing.

    Raises:
        BadKey: the file holds something else.
    """
    raw = kept_once(path, lambda: _raw(Ed25519PrivateKey.generate()))
    if len(raw) != _KEY:
        raise BadKey(path.name)
    return Ed25519PrivateKey.from_private_bytes(raw)


def _raw(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def signed_bytes(size: int, root: bytes, at: datetime) -> bytes:
    """The bytes a seal's signature covers, as lines of text: what, how many, root, when."""
    return f"wholerecord openings\n{size}\n{root.hex()}\n{at.isoformat()}\n".encode()


class Sealer:
    """Seals what has been opened since the last seal. One sealer per log."""

    def __init__(self, log: Log, key: Ed25519PrivateKey, published: Path) -> None:
        self._log = log
        self._key = key
        self._published = published
        self._tree = Growing(log)
        self._caught_up = False

    async def seal(self) -> Seal | None:
        """Seal and publish every opening not sealed yet; None when there is none.

        First publishes what was sealed and not published: by a process killed between the two.
        """
        seals = await self._log.seals()
        if not self._caught_up:
            publish_missing(self._published, seals)
            await self._tree.begin(seals[-1] if seals else None)
            self._caught_up = True
        before = self._tree.size
        await self._tree.grow()
        sealed = seals[-1].size if seals else 0
        if self._tree.size in (before, sealed):
            return None
        at, root = datetime.now(UTC), self._tree.root()
        signature = self._key.sign(signed_bytes(self._tree.size, root, at))
        seal = Seal(size=self._tree.size, root=root, at=at, signature=signature)
        await self._log.add_seal(seal)
        self._caught_up = False  # until it is published
        publish(self._published, [seal])
        self._caught_up = True
        await self._tree.remember()
        return seal


async def verify(log: Log, key: Ed25519PublicKey, published: Path | None = None) -> Verified:
    """Read the whole log and check every seal against it, and against what was published."""
    lines = None if published is None else published_lines(published)  # first: it only grows
    seals = list(await log.seals())
    waiting = {seal.size: seal for seal in seals}
    tree = Frontier()
    broken = ""
    counted: dict[str, int] = {}
    async for page in pages(log, BEFORE_ALL):
        begun = 0
        for at, one in enumerate(page, 1):
            broken = broken or _miscounted(one, counted)
            seal = waiting.pop(tree.size + at - begun, None)
            if seal is None:
                continue
            tree.extend(leaf_hash(each.said) for each in page[begun:at])
            begun = at
            if not broken and not _holds(seal, tree.root(), key):
                broken = f"the first {seal.size} openings are not those that were sealed"
        tree.extend(leaf_hash(each.said) for each in page[begun:])
    if waiting and not broken:
        broken = f"openings are missing: {min(waiting)} were sealed and {tree.size} are there"
    if published is not None and not broken:
        broken = against_published(seals, lines)
    sealed = max((seal.size for seal in seals), default=0)
    return Verified(
        openings=tree.size,
        seals=len(seals),
        unsealed=max(tree.size - sealed, 0),
        broken=broken,
    )


def _miscounted(one: Leaf, counted: dict[str, int]) -> str:
    """What is wrong with which opening of a person it says it is, in words; "" when nothing."""
    if one.person is None:
        return "" if not one.nth else f"opening {one.n} is counted and is of nobody"
    before = counted.get(one.person, 0)
    counted[one.person] = one.nth
    if one.nth == (before + 1 if before or one.nth else 0):
        return ""
    return f"an opening of one record is missing before opening {one.n}"


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The public half, 32 bytes: what a person needs to verify the seals for themselves."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _holds(seal: Seal, root: bytes, key: Ed25519PublicKey) -> bool:
    if root != seal.root:
        return False
    try:
        key.verify(seal.signature, signed_bytes(seal.size, seal.root, seal.at))
    except InvalidSignature:
        return False
    return True
