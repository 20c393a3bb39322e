"""NHS numbers.

Source: NHS Data Dictionary, "NHS NUMBER": ten digits, the last a modulus 11 check digit.
"""

from dataclasses import dataclass
from operator import mul

#: The FHIR identifier system of an NHS number (NHS England, UK Core Patient).
NHS_NUMBER_SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"
_WEIGHTS = range(10, 1, -1)


@dataclass(frozen=True, slots=True)
class NhsNumber:
    """Ten digits whose last is a modulus 11 check digit.

    >>> NhsNumber.parse("999 000 0018")
    NhsNumber(digits='9990000018')
    >>> NhsNumber.parse("999 000 0019") is None
    True
    >>> str(NhsNumber("9990000018"))
    '999 000 0018'
    """

    digits: str

    @classmethod
    def parse(cls, text: str) -> "NhsNumber | None":
        """Read a number as people write it, with spaces or hyphens.

        Returns None when it is not a valid number: a bad number in a feed is a fact to record,
        not an error to raise.
        """
        digits = text.replace(" ", "").replace("-", "")
        if len(digits) != 10 or not digits.isascii() or not digits.isdigit():
            return None
        if len(set(digits)) == 1:  # 0000000000 and the like pass the check and are nobody's
            return None
        return cls(digits) if cls.check_digit(digits[:9]) == int(digits[9]) else None

    @staticmethod
    def check_digit(nine: str) -> int:
        """The check digit of nine digits, 0 to 9, or 10 when no number has these nine."""
        total = sum(map(mul, map(int, nine), _WEIGHTS))
        return (11 - total % 11) % 11

    def __str__(self) -> str:
        return f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"
