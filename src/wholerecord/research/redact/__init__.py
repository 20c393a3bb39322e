"""Names and identifiers taken out of text, for letters shared onward."""

from wholerecord.research.redact.known import Known, known_of
from wholerecord.research.redact.redact import Redacted, find, left_in, redact
from wholerecord.research.redact.span import Span, What

__all__ = ["Known", "Redacted", "Span", "What", "find", "known_of", "left_in", "redact"]
