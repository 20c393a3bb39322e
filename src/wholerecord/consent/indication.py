"""Of what is withheld, whether staff are told that something is.

A table. That something is withheld is indicated, so that nobody takes the record for whole, unless
the table forbids even that. Of what is sealed, and of what a person hides themselves, nothing is
indicated: that somebody hides something is part of what they hide. A site that is bound to say so
of some things says which, in `indication.toml`. Who looks for the person themselves is never told,
for a carer may be whom it is hidden from. Sources: NHS Care Record Guarantee (2011), commitment 3
(sealed, and sealed and locked); Gender Recognition Act 2004, section 22. A demonstration's table
until a governance lead signs it.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wholerecord.consent.period import apart
from wholerecord.consent.plain import KINDS, LABELS
from wholerecord.errors import Incorrect

#: What a person hides themselves, whatever it is.
OWN = "own"
#: By what it is withheld for; what is not named here is indicated.
INDICATED: Mapping[str, bool] = {
    "sealed": False,
    "sexual-health": True,
    "mental-health": True,
    OWN: False,
}
_TYPE = re.compile(r"item:[A-Z][A-Za-z]{1,63}")
_MOST = 64 * 1024


class BadIndication(Incorrect):
    """`indication.toml` names what nothing is withheld for, or says neither true nor false."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    indicated: dict[str, bool] = {}


def silent(
    withheld: frozenset[str], own: frozenset[str], table: Mapping[str, bool] = INDICATED
) -> frozenset[str]:
    """Which of these leave no sign for anybody; `own` are those that the person hides.

    >>> sorted(silent(frozenset({"sealed", "sexual-health", "kind:medicine"}), frozenset()))
    ['sealed']
    >>> silent(frozenset({"kind:medicine"}), frozenset({"kind:medicine"}))
    frozenset({'kind:medicine'})
    >>> silent(frozenset({"kind:allergy"}), frozenset({"kind:allergy"}), {"kind:allergy": True})
    frozenset()
    """
    return frozenset(one for one in withheld if not _is_indicated(one, table, own=one in own))


def indicated(file: Path) -> Mapping[str, bool]:
    """The table of a site: ours, and over it what its file says; ours where there is no file.

    Names are those of sensitivities, `own`, `kind:` and a kind, `source:` and a source, `author:`
    and a name in small letters, or `item:` and a FHIR type.

    Raises:
        BadIndication: it is not such a table.
    """
    if not file.exists():
        return INDICATED
    try:
        with file.open("rb") as opened:
            said = msgspec.toml.decode(opened.read(_MOST), type=_File).indicated
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadIndication(str(error)) from None
    for name in said:
        if not _is_known(name):
            raise BadIndication(f"There is no {name!r} to withhold.")
    return {**INDICATED, **said}


def _is_indicated(one: str, table: Mapping[str, bool], *, own: bool) -> bool:
    """What the table says of it. Of a sensitivity that a person hides, either may forbid it.

    What is withheld of a time alone is as the same of all times.
    """
    _, thing = apart(one)
    word, _, which = thing.partition(":")
    name = f"item:{which.split('/')[1]}" if word == "item" and which.count("/") > 1 else thing
    by_own = not own or table.get(OWN, False)
    if name not in table:
        return by_own
    return table[name] and (bool(which) or by_own)


def _is_known(name: str) -> bool:
    word, _, which = name.partition(":")
    if word == "kind":
        return which in KINDS
    if word in {"source", "author"}:
        return 0 < len(which) <= 200 and which.isprintable()
    return name == OWN or name in LABELS or bool(_TYPE.fullmatch(name))
