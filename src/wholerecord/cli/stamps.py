"""The time stamps of seals, as commands check them and say so."""

from wholerecord.audit import Log
from wholerecord.audit.stamping import Stamped, Stamps, certificates_in
from wholerecord.settings import Settings


async def stamps_of(log: Log, settings: Settings) -> Stamped:
    """Every time stamp held against the seals of the log.

    Raises:
        BadAuthority: the file of the authority's certificates has none.
    """
    stamps = Stamps(settings.stamps, certificates_in(settings.stamp_authority))
    return stamps.check(await log.seals())


def in_words(found: Stamped) -> str:
    """How many there are, and until when they prove the log.

    >>> in_words(Stamped(stamps=2, checked=False))
    'time stamps         2 not checked: there is no stamp-authority.pem'
    """
    how = f"time stamps {found.stamps:>9,}"
    if not found.checked:
        return f"{how} not checked: there is no stamp-authority.pem"
    return (
        how if found.newest is None else f"{how}, the newest of {found.newest:%Y-%m-%d %H:%M} UTC"
    )
