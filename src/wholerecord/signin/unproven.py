"""Why somebody who came to sign in was not let in: a closed list, in words that reveal nothing."""

from enum import Enum

from wholerecord.errors import Category, WholerecordError


class Why(Enum):
    """What was wrong, in the words that are shown and logged: they hold nothing that was sent."""

    NOT_BEGUN = "no sign-in was begun in this browser, or it was too long ago"
    WRONG_STATE = "the answer belongs to another sign-in"
    DECLINED = "the identity provider did not sign them in"
    ANOTHER_ISSUER = "the answer is from another identity provider"
    ANOTHER_HOST = "the identity provider points to a host that is not its own"
    REDIRECTED = "the identity provider sent us elsewhere with what is secret"
    SILENT = "the identity provider did not answer as it must"
    WRONG_SHAPE = "a claim is missing or of the wrong type"
    ALGORITHM = "the token is not signed in a way that is allowed"
    UNKNOWN_KEY = "the token is signed with a key that the identity provider does not publish"
    FORGED = "the token's signature is wrong"
    AUDIENCE = "the token was made for another service"
    EXPIRED = "the token is over, or not yet begun"
    NONCE = "the token belongs to another sign-in"
    SUBJECT = "the identity provider's two answers are about different people"
    ASSURANCE = "they did not prove who they are strongly enough for records"
    NO_ROLE = "no role was selected"
    UNKNOWN_ROLE = "the role they selected has no place here"
    NO_RECORD = "there is no one record with their verified NHS number and date of birth"


class Unproven(WholerecordError):
    """You could not be signed in."""

    category = Category.FORBIDDEN

    def __init__(self, why: Why, *, claimed: str = "") -> None:
        super().__init__(f"{why.value[:1].upper()}{why.value[1:]}.")
        self.why = why
        #: Who a token with a right signature says they are, "" before that is known.
        self.claimed = claimed
