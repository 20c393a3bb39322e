"""Which elements of FHIR repeat and which are not text: what XML leaves out and JSON needs.

Source: the StructureDefinitions of FHIR R4 (4.0.1) and STU3 (3.0.2), in `elements_r4.txt` and
`elements_stu3.txt`. A line is a type and its elements: `name*` repeats, and after a colon stands
its type, `n` for a decimal, `i` for a whole number, `b` for true or false, `x` for XHTML and `R`
for any resource. An element that is one text is not named, nor are `extension` and `contained`.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from wholerecord.intake.fhir.version import STU3

NUMBER, WHOLE, TRUTH, XHTML, RESOURCE = "n", "i", "b", "x", "R"


class Shape(NamedTuple):
    """How one element is written in JSON. `kind` is a type's name, a letter above, or ""."""

    many: bool
    kind: str


_ALWAYS = {
    "extension": Shape(many=True, kind="Extension"),
    "modifierExtension": Shape(many=True, kind="Extension"),
    "contained": Shape(many=True, kind=RESOURCE),
}
_TEXT = Shape(many=False, kind="")


class Elements:
    """The elements of every type of one version of FHIR."""

    def __init__(self, lines: str) -> None:
        self._types = {
            name: _row(said)
            for name, _, said in (
                line.partition(" ") for line in lines.splitlines() if not line.startswith("#")
            )
        }

    def __contains__(self, kind: str) -> bool:
        return kind in self._types

    def shape(self, kind: str, element: str) -> Shape:
        """How `element` of the type `kind` is written.

        >>> elements("").shape("Patient", "name"), elements("").shape("Patient", "birthDate")
        (Shape(many=True, kind='HumanName'), Shape(many=False, kind=''))
        """
        found = _ALWAYS.get(element) or self._types.get(kind, {}).get(element)
        return found or _TEXT


def _row(said: str) -> Mapping[str, Shape]:
    row: dict[str, Shape] = {}
    for one in said.split():
        name, _, kind = one.partition(":")
        row[name.removesuffix("*")] = Shape(many=name.endswith("*"), kind=kind)
    return row


@cache
def elements(version: str) -> Elements:
    """The elements of STU3, or of R4 for any other version. Read once."""
    name = "elements_stu3.txt" if version == STU3 else "elements_r4.txt"
    return Elements(files("wholerecord.intake.fhir").joinpath(name).read_text("ascii"))
