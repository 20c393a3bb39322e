"""What stands where a statement was whose key was destroyed: it still counts, and says nothing."""

#: The body of an erased statement, whatever it said.
ERASED = b'{"erased":true}'


def is_erased(body: bytes) -> bool:
    """Whether this is all that is left of a statement."""
    return body == ERASED
