"""What the NHS in England means by a number, a code, a postcode and a date not fully known."""

from wholerecord.nhs.dates import PartialDate
from wholerecord.nhs.number import NhsNumber
from wholerecord.nhs.postcode import postcode

__all__ = ["NhsNumber", "PartialDate", "postcode"]
