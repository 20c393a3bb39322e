"""What is changed only by who says which version of it was read.

Two who read a Patient and each write it back would undo each other's change, and who somebody is
follows from it. So a Patient is changed as PDS has it changed: of a version that is named. Source:
FHIR R4, RESTful API, "Managing Resource Contention"; RFC 6585, 428; PDS FHIR API, "Update patient
details".
"""

from wholerecord.fhir.problem import problem

#: Other types are changed with `If-Match` or without.
VERSIONED = frozenset({"Patient"})


def must_name_version(kind: str, named: int | None, place: str = "") -> None:
    """Go on only where the version to change is named, or needs no naming.

    Raises:
        Problem: 428.
    """
    if named is None and kind in VERSIONED:
        says = f'A {kind} is changed as it was read: name its version, If-Match: W/"1".'
        raise problem(428, "required", says, place)
