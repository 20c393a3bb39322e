"""What a source of device data declares, in place of a column map: whose, and which are validated.

    >>> declared(b'''{"devices": {
    ...   "people": {"p-77": {"nhs_number": "9990000018", "family": "Ashe", "born": "1950-03-02"}},
    ...   "validated": ["Acme BP 2"]
    ... }}''').is_validated("Acme BP 2")
    True

An Apple Health export does not say whose it is. Its file is named by the source's own number for
the person (`p-77.zip`, `p-77/export.xml`), which must be in `people`; with `number_in_name` any
name is taken for a number. `validated` are devices whose accuracy has been shown, by maker and
model; where the list is declared, a device that is not on it is not validated. `ignore` are Apple
Health types that mean nothing to the record.
"""

import re
from functools import lru_cache

import msgspec

from wholerecord.intake.devices.person import Person
from wholerecord.intake.fhir.shape import Object

_PART = re.compile(r" elements \d+-\d+(?: piece \d+ of what is too large)?$")
#: What an export and its folder are called before anybody names them.
_UNNAMED = frozenset({"", "export", "apple_health_export", "post", "standard input", "mllp"})


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who the source says a number is."""

    nhs_number: str = ""
    family: str = ""
    given: str = ""
    born: str = ""


class Declared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is declared of a source's devices and people."""

    people: dict[str, Known] = {}
    number_in_name: bool = False
    validated: list[str] | None = None
    ignore: list[str] = []

    def is_validated(self, device: str) -> bool | None:
        """Whether it is on the list; None where there is no list, or nothing to look for."""
        return None if self.validated is None or not device else device in self.validated

    def person_named(self, name: str) -> Person | None:
        """Whose a file of that name is; None where its name does not say."""
        first, *rest = (part.strip() for part in _PART.sub("", name).split("/"))
        number = first.removesuffix(".zip").removesuffix(".xml")
        if number.lower() in _UNNAMED and rest:
            return self.person_named("/".join(rest))
        known = self.people.get(number)
        if known is None and (not self.number_in_name or number.lower() in _UNNAMED):
            return None
        said: Object = {**msgspec.to_builtins(known or Known()), "id": number}
        return Person(number, said)


class _Source(msgspec.Struct, frozen=True):
    devices: Declared = Declared()


@lru_cache(maxsize=64)
def declared(columns: bytes) -> Declared:
    """What a source's declaration says of devices; nothing where it says nothing of them."""
    try:
        return msgspec.json.decode(columns or b"{}", type=_Source).devices
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Declared()
