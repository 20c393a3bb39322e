"""What a check finds."""

from dataclasses import dataclass

#: Shown with every alert until a clinical safety officer has signed the rules (DCB0129).
DEMONSTRATION = (
    "This check is a demonstration. A clinical safety officer has not signed it: "
    "do not rely on it, or on its silence."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A possible hazard for a professional to look at. No alert does not mean that all is well.

    `hazard` is the hazard's number in the hazard log. `says` is one sentence in words. `source` is
    what the rule leans on. `entries` are the keys of the entries it is about, sorted.
    """

    hazard: str
    title: str
    says: str
    source: str
    entries: tuple[str, ...]
    demonstration: str = DEMONSTRATION
