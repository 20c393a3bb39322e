"""Of what is withheld by sensitivity, whether staff are told that something is.

A table, most of it a default: that something is withheld is indicated, so that nobody takes the
record for whole, unless its sensitivity forbids even that. Of what is sealed, nothing is indicated:
that somebody sealed something is part of what they sealed. Who looks for the person themselves is
never told, for a carer may be whom it is hidden from. Sources: NHS Care Record Guarantee (2011),
commitment 3 (sealed, and sealed and locked); Gender Recognition Act 2004, section 22. A
demonstration's table until a governance lead signs it.
"""

from collections.abc import Mapping

#: By what it is withheld for (`Rule.withholds`); what is not named here is indicated.
INDICATED: Mapping[str, bool] = {
    "sealed": False,
    "sexual-health": True,
    "mental-health": True,
}


def silent(withheld: frozenset[str]) -> frozenset[str]:
    """Which of these leave no sign for anybody.

    >>> sorted(silent(frozenset({"sealed", "sexual-health"})))
    ['sealed']
    """
    return frozenset(one for one in withheld if not INDICATED.get(one, True))
