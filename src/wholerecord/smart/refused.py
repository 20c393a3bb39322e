"""What an app is told when it asks wrongly. Source: RFC 6749 sections 4.1.2.1 and 5.2."""

from enum import Enum

from wholerecord.errors import Incorrect


class Fault(Enum):
    """The error codes, each the word that the standard has for it."""

    REQUEST = "invalid_request"
    CLIENT = "invalid_client"
    GRANT = "invalid_grant"
    UNAUTHORISED = "unauthorized_client"
    GRANT_TYPE = "unsupported_grant_type"
    RESPONSE_TYPE = "unsupported_response_type"
    SCOPE = "invalid_scope"
    DENIED = "access_denied"


class AppRefused(Incorrect):
    """The app asked for something that is not given."""

    def __init__(self, fault: Fault, says: str) -> None:
        super().__init__(says)
        self.fault = fault
        self.says = says
