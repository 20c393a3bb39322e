"""Why a record may be opened in an emergency: the fixed list, each with the law it rests on.

Sources: UK GDPR articles 6(1) and 9(2); Mental Capacity Act 2005 section 5; Children Act 1989
section 47; Care Act 2014 section 42. A demonstration, until an information governance lead signs.
"""

from enum import Enum

from wholerecord.errors import Incorrect


class Ground(Enum):
    """A ground that the law knows; its value is what a form sends."""

    LIFE = "life"
    CARE = "care"
    CAPACITY = "capacity"
    PROTECT = "protect"
    COURT = "court"


#: What each says to whoever chooses it, and to the person who reads it afterwards.
GROUNDS = {
    Ground.LIFE: "to save life or prevent serious harm (UK GDPR 6(1)(d), 9(2)(c))",
    Ground.CARE: "care that cannot wait until my organisation is known here (UK GDPR 9(2)(h))",
    Ground.CAPACITY: "the person cannot be asked; it is best for them (Mental Capacity Act s.5)",
    Ground.PROTECT: "a child or adult at risk (Children Act 1989 s.47, Care Act 2014 s.42)",
    Ground.COURT: "a court's order, or a duty in law (UK GDPR 6(1)(c))",
}


def reason_given(ground: str, why: str) -> str:
    """The reason as it is written down: the ground, and what was typed.

    Raises:
        Incorrect: it is no ground of the list.

    >>> reason_given("court", "order shown to me").endswith("(UK GDPR 6(1)(c)): order shown to me")
    True
    """
    try:
        return f"{GROUNDS[Ground(ground)]}: {why}"
    except ValueError:
        raise Incorrect("Choose one of the grounds that the law knows.") from None
