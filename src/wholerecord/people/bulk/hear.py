"""What each different spelling in a table is, by the functions that real time uses.

A million records have some tens of thousands of names and dates: each is looked at once.
"""

from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from wholerecord.nhs import NhsNumber, PartialDate, postcode
from wholerecord.people.bulk.outside import pa
from wholerecord.people.demographics import Demographics, Name
from wholerecord.people.heard import Likes, called, family_of
from wholerecord.people.names import families, givens, sound
from wholerecord.people.traits import dialled, mailed, meant

Row = dict[str, Any]
_TEXTS = pa.list_(pa.string())
_NUMBERS = pa.list_(pa.int32())
_FAMILY = pa.schema(
    [
        ("said", pa.string()),
        ("said_too", pa.string()),
        ("family_term", pa.string()),
        ("family_sound", pa.string()),
        ("family_whole", _TEXTS),
        ("family_parts", _TEXTS),
        ("family_rows", _NUMBERS),
        ("family_words", _TEXTS),
        ("family_sounds", _TEXTS),
    ]
)
_GIVEN = pa.schema(
    [
        ("said", pa.string()),
        ("given_term", pa.string()),
        ("given_sound", pa.string()),
        ("given_called", _TEXTS),
        ("given_firsts", _TEXTS),
        ("given_next", _TEXTS),
        ("given_rows", _NUMBERS),
        *((f"{name}_{what}", _TEXTS) for name in ("given", "next") for what in ("words", "sounds")),
        *(
            (f"{name}_{what}", _TEXTS)
            for name in ("given", "next")
            for what in ("initials", "letters")
        ),
    ]
)
_NUMBER = pa.schema([("said", pa.string()), ("number", pa.string()), ("valid", pa.bool_())])
_BORN = pa.schema(
    [
        ("said", pa.string()),
        ("born", pa.string()),
        ("day", pa.date32()),
        ("born_turned", pa.string()),
    ]
)
_PLACE = pa.schema([("said", pa.string()), ("postcode", pa.string())])
_HEARD = pa.schema([("said", pa.string()), ("heard", pa.string())])


def hear(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `heard_…` of everything in the table `raw`."""
    raw = connection.table("raw")
    places = raw.project("postcode").union(raw.project("past_postcode"))
    table = _Table(connection)
    table.make("heard_family", _FAMILY, raw.project("family, previous_family"), _family)
    table.make("heard_given", _GIVEN, raw.project("given"), _given)
    table.make("heard_number", _NUMBER, raw.project("nhs_number"), _number)
    table.make("heard_born", _BORN, raw.project("born"), _born)
    table.make("heard_postcode", _PLACE, places, _place)
    table.make("heard_phone", _HEARD, raw.project("phone"), _phone)
    table.make("heard_email", _HEARD, raw.project("email"), _email)


class _Table:
    """Makes tables of what is said and what it is."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def make(
        self, name: str, schema: Any, rows: duckdb.DuckDBPyRelation, look: Callable[..., Row]
    ) -> None:
        """One row for each different one of `rows`, with what `look` makes of it."""
        self._connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        self._connection.from_arrow(schema.empty_table()).create(name)
        for some in _different(rows).to_batches(max_chunksize=_AT_ONCE):
            columns: list[list[str]] = [each.to_pylist() for each in some.columns]
            said = zip(*columns, strict=True)
            heard = [{"said": each[0], "said_too": each[-1], **look(*each)} for each in said]
            self._connection.from_arrow(_columns(heard, schema)).insert_into(name)


def _different(rows: Any) -> Any:
    """Each different row once, as an Arrow table: a tenth of what Python's own values take."""
    return rows.distinct().fetch_arrow_table()


def _columns(rows: Sequence[Row], schema: Any) -> Any:
    return pa.table(
        {
            field.name: [
                None if row[field.name] == "" and field.name in _OR_NOTHING else row[field.name]
                for row in rows
            ]
            for field in schema
        },
        schema=schema,
    )


#: So many are looked at before they are written: memory does not grow with the records.
_AT_ONCE = 20_000
#: Columns in which nothing said is NULL, so that nothing equals nothing.
_OR_NOTHING = frozenset({"number", "born", "born_turned", "postcode", "heard"})


def _family(said: str, before: str) -> Row:
    names = (Name(family=said), Name(family=before, use="old"))
    family = family_of(families(Demographics(names=names)))
    return {
        "family_term": family.term,
        "family_sound": sound(family.term) if family.term else None,
        "family_whole": sorted(family.whole),
        "family_parts": sorted(family.parts),
        "family_rows": sorted(family.rows),
        **_likes("family", family.likes),
    }


def _given(said: str) -> Row:
    names = (Name(family="", given=tuple(said.split())),)
    given = called(givens(Demographics(names=names)))
    return {
        "given_term": given.term,
        "given_sound": sound(given.term) if given.term else None,
        "given_called": sorted(given.called),
        "given_firsts": sorted(given.firsts),
        "given_next": sorted(given.next),
        "given_rows": sorted(given.rows),
        **_likes("given", given.likes),
        **_likes("next", given.next_likes),
        "given_initials": sorted(given.initials),
        "given_letters": sorted(given.letters),
        "next_initials": sorted(given.next_initials),
        "next_letters": sorted(given.next_letters),
    }


def _likes(name: str, likes: Likes) -> dict[str, Sequence[str]]:
    return {f"{name}_words": sorted(likes.words), f"{name}_sounds": sorted(likes.sounds)}


def _number(said: str) -> Row:
    number = NhsNumber.parse(said)
    return {"number": number.digits if number else meant(said), "valid": number is not None}


def _born(said: str) -> Row:
    born = PartialDate.parse(said)
    if born is None:
        return {"born": "", "day": None, "born_turned": ""}
    text = born.text[:10]
    turned = ""
    if len(text) == 10 and text[8:] <= "12":
        turned = "-".join((text[:4], *sorted((text[5:7], text[8:]))))
    return {"born": text, "day": born.start.date(), "born_turned": turned}


def _place(said: str) -> Row:
    return {"postcode": postcode(said) or ""}


def _phone(said: str) -> Row:
    return {"heard": dialled(said)}


def _email(said: str) -> Row:
    return {"heard": mailed(said)}
