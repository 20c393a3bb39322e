"""A patient as one row of a table says them: the columns of `wholerecord people match FILE`."""

from collections.abc import Mapping

from wholerecord.nhs import NhsNumber, PartialDate, postcode
from wholerecord.people.demographics import Address, Demographics, Name

#: What a table may have besides `id`; what it has not is not said.
COLUMNS = (
    "source",
    "local_number",
    "nhs_number",
    "nhs_status",
    "family",
    "previous_family",
    "given",
    "born",
    "sex",
    "postcode",
    "past_postcode",
    "phone",
    "email",
    "practice",
    "relative",
    "birth_order",
)


def from_row(row: Mapping[str, str]) -> Demographics:
    """Who a row says a patient is. Given names are parted by spaces."""
    said = {column: (row.get(column) or "").strip() for column in COLUMNS}
    number = NhsNumber.parse(said["nhs_number"])
    names = (
        Name(family=said["family"], given=tuple(said["given"].split())),
        Name(family=said["previous_family"], use="old"),
    )
    places = ((said["postcode"], ""), (said["past_postcode"], "old"))
    local = (said["source"], said["local_number"])
    return Demographics(
        names=tuple(name for name in names if name.family or name.given),
        born=PartialDate.parse(said["born"]),
        sex=said["sex"],
        nhs_number=number,
        nhs_status=said["nhs_status"],
        bad_nhs_number="" if number else said["nhs_number"],
        identifiers=(local,) if all(local) else (),
        addresses=tuple(
            Address(lines=(), postcode=code, use=use)
            for place, use in places
            if (code := postcode(place))
        ),
        phones=(said["phone"],) if said["phone"] else (),
        emails=(said["email"],) if said["email"] else (),
        practice=said["practice"],
        relatives=relatives(said["relative"]),
        birth_order=birth_order(said["birth_order"]),
    )


def relatives(said: str) -> tuple[Name, ...]:
    """The relative a row names: given names, then the family name."""
    *given, family = said.split() or [""]
    return (Name(family=family, given=tuple(given)),) if family else ()


def birth_order(said: str) -> int:
    """The place among children born together that a row says, 0 for none."""
    return int(said) if len(said) == 1 and said in "123456789" else 0
