"""What a caller prefers to be given back: the `Prefer` header (RFC 7240) as FHIR R4 uses it."""

from starlette.requests import Request

RETURNS = frozenset({"minimal", "representation", "OperationOutcome"})


def returned(request: Request, default: str = "representation") -> str:
    """`minimal`, `representation` or `OperationOutcome`; a preference that is not known is none."""
    said = preferences(request).get("return", "")
    return said if said in RETURNS else default


def preferences(request: Request) -> dict[str, str]:
    """Each preference and its value; of one said twice the first counts."""
    found: dict[str, str] = {}
    for header in request.headers.getlist("prefer"):
        for one in header.replace(";", ",").split(","):
            name, _, value = one.partition("=")
            found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found
