"""Seals stamped by an authority: once an hour, kept as files beside the published seals.

A stamp says that a seal was there at a time, and so every opening before it. Whoever makes the log
again from the start, with its key, cannot have the old times; but they can take the stamps away
with the seals, so both are copied elsewhere. `SIZE.seal` is what was stamped and `SIZE.tst` the
stamp, so that `openssl ts -verify -token_in` checks them without this program.

Source: RFC 3161, section 3.4: a request is the body of a POST, and so is the answer.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from cryptography import x509

from wholerecord.audit.once import kept_once
from wholerecord.audit.opening import Log, Seal
from wholerecord.audit.published import line_of
from wholerecord.audit.stamp import BadStamp, Stamp, request_of, stamp_in, stamped
from wholerecord.errors import Incorrect, Unavailable

#: Bytes of an answer: a token with its chain has a few thousand.
_MOST = 1 << 17
_NONCE_BITS = 64
_QUERY = {"content-type": "application/timestamp-query"}


class BadAuthority(Incorrect):
    """WHOLERECORD_STAMPS is an http(s):// address, and `stamp-authority.pem` its certificates."""


class NotStamped(Unavailable):
    """The authority gave no stamp: it is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """How many stamps there are and when the newest was made; `wrong` says what is, or is "".

    `checked` is whether the certificates of the authority are known, without which none can be.
    """

    stamps: int = 0
    newest: datetime | None = None
    checked: bool = True
    wrong: str = ""


def authority_at(address: str) -> str:
    """The address, when stamps may be asked for there.

    It need not be https://: who stands between learns a hash, and cannot sign.

    Raises:
        BadAuthority: it is no such address.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        raise BadAuthority from None
    if not host or parts.scheme not in {"http", "https"}:
        raise BadAuthority
    return address


def certificates_in(file: Path) -> tuple[x509.Certificate, ...]:
    """The certificates that stamps are to come of; none where there is no file.

    Raises:
        BadAuthority: there is no certificate in it.
    """
    if not file.exists():
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(file.read_bytes()))
    except ValueError:
        raise BadAuthority from None


class Stamps:
    """The stamps in a folder, by authorities that come of these certificates."""

    def __init__(self, folder: Path, trusted: Sequence[x509.Certificate]) -> None:
        self._folder = folder
        self.trusted = tuple(trusted)

    def keep(self, seal: Seal, stamp: Stamp) -> None:
        """Keep the stamp of a seal, durably and whole."""
        kept_once(self._folder / f"{seal.size}.seal", lambda: line_of(seal).encode("ascii"))
        kept_once(self._folder / f"{seal.size}.tst", lambda: stamp.token)

    def sizes(self) -> list[int]:
        """The sizes of the seals that have a stamp, smallest first."""
        found = self._folder.glob("*.tst") if self._folder.is_dir() else ()
        return sorted(int(each.stem) for each in found if each.stem.isdecimal())

    def check(self, seals: Sequence[Seal]) -> Stamped:
        """Every stamp held against the seal of the store that it is of."""
        sizes = self.sizes()
        if not sizes or not self.trusted:
            return Stamped(stamps=len(sizes), checked=not sizes)
        known = {seal.size: seal for seal in seals}
        newest, wrong = None, ""
        for size in sizes:
            token = (self._folder / f"{size}.tst").read_bytes()
            try:
                newest = self._when(token, known.get(size))
            except BadStamp as error:
                wrong = wrong or f"the time stamp of the seal of {size} openings: {error}"
        return Stamped(stamps=len(sizes), newest=newest, wrong=wrong)

    def _when(self, token: bytes, seal: Seal | None) -> datetime:
        if seal is None:
            raise BadStamp("That seal is not in the store.")
        return stamped(token, line_of(seal).encode("ascii"), self.trusted)


class Authority:
    """Asks an authority to stamp the newest seal, unless that was stamped already."""

    def __init__(self, log: Log, address: str, client: httpx.AsyncClient, stamps: Stamps) -> None:
        self._log = log
        self._address = address
        self._client = client
        self._stamps = stamps

    async def stamp(self) -> bool:
        """Have the newest seal stamped; whether it was now.

        Raises:
            NotStamped: there was no answer that is one. A redirect is none.
        """
        seals = await self._log.seals()
        if not seals or seals[-1].size in self._stamps.sizes():
            return False
        said, nonce = line_of(seals[-1]).encode("ascii"), secrets.randbits(_NONCE_BITS)
        try:
            stamp = stamp_in(
                await self._asked(request_of(said, nonce)), said, nonce, self._stamps.trusted
            )
        except httpx.HTTPError:
            raise NotStamped from None
        except BadStamp as error:
            raise NotStamped(str(error)) from None
        self._stamps.keep(seals[-1], stamp)
        return True

    async def _asked(self, request: bytes) -> bytes:
        post = self._client.stream("POST", self._address, content=request, headers=_QUERY)
        answer = b""
        async with post as response:
            if not response.is_success:
                raise NotStamped(f"It answered {response.status_code}.")
            async for piece in response.aiter_bytes():
                answer += piece
                if len(answer) > _MOST:
                    raise NotStamped("It answered more than a time stamp.")
        return answer
