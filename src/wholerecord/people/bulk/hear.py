"""What each different spelling in a table is, by the functions that real time uses.

A million records have some tens of thousands of names and dates: each is looked at once. Of what
nearly everybody has their own (numbers, telephones, emails, postcodes) what is said in the usual
form is heard by `usual.sql`, and only the rest here.
"""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import duckdb

from wholerecord.nhs import NhsNumber, PartialDate, postcode
from wholerecord.people.bulk.outside import pa
from wholerecord.people.demographics import Demographics, Name
from wholerecord.people.heard import Likes, called, family_of
from wholerecord.people.names import families, givens, sound
from wholerecord.people.rows import birth_order, relatives
from wholerecord.people.traits import dialled, mailed, meant, relative

_USUAL = (files("wholerecord.people.bulk") / "usual.sql").read_text(encoding="utf-8")
#: What one spelling is: a value for each column after those that are said.
Heard = tuple[Any, ...]
_TEXTS = pa.list_(pa.string())
_NUMBERS = pa.list_(pa.int32())
_FAMILY = pa.schema(
    [
        ("n", pa.int32()),
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
        ("n", pa.int32()),
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
_RELATIVE = pa.schema(
    [(name, pa.string()) for name in ("said", "relative", "relative_sound", "relative_given")]
)
_BIRTH_ORDER = pa.schema([("said", pa.string()), ("birth_order", pa.int8())])
_HEARD = pa.schema([("said", pa.string()), ("heard", pa.string())])


def hear(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `heard_…` of everything in the table `raw`."""
    raw = connection.table("raw")
    places = raw.project("postcode").union(raw.project("past_postcode"))
    looks = (
        ("heard_family", _FAMILY, raw.project("family, previous_family"), _family),
        ("heard_given", _GIVEN, raw.project("given"), _given),
        ("heard_number", _NUMBER, raw.project("nhs_number"), _number),
        ("heard_born", _BORN, raw.project("born"), _born),
        ("heard_postcode", _PLACE, places, _place),
        ("heard_phone", _HEARD, raw.project("phone"), _phone),
        ("heard_email", _HEARD, raw.project("email"), _email),
        ("heard_relative", _RELATIVE, raw.project("relative"), _relative),
        ("heard_birth_order", _BIRTH_ORDER, raw.project("birth_order"), _birth_order),
    )
    for name, schema, _, _ in looks:
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        connection.from_arrow(schema.empty_table()).create(name)
    connection.execute(_USUAL)
    for name, schema, rows, look in looks:
        if "n" not in schema.names:
            known = connection.table(name).project("said")
            rows = rows.distinct().except_(known)  # noqa: PLW2901 - what is left of them
        _hear(connection, name, schema, rows, look)


def _hear(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    schema: Any,
    rows: duckdb.DuckDBPyRelation,
    look: Callable[..., Heard],
) -> None:
    """Put into a table one row for each different one of `rows`, with what `look` makes of it."""
    many = 0
    for some in _different(rows).to_batches(max_chunksize=_AT_ONCE):
        said: list[list[str]] = [each.to_pylist() for each in some.columns]
        numbers = [range(many, many + len(some))] if schema.names[0] == "n" else []
        heard = [*numbers, *said, *zip(*map(look, *said), strict=True)]
        made = zip(heard, schema.types, strict=True)
        columns = [pa.array(column, type=kind) for column, kind in made]
        table = pa.table(columns, schema=schema)
        connection.from_arrow(table).insert_into(name)
        many += len(some)


def _different(rows: Any) -> Any:
    """Each different row once, as an Arrow table: a tenth of what Python's own values take."""
    return rows.distinct().fetch_arrow_table()


#: So many are looked at before they are written: memory does not grow with the records.
_AT_ONCE = 20_000


# Each spelling is looked at once: to remember what it is would only fill memory.
def _family(said: str, before: str) -> Heard:
    names = (Name(family=said), Name(family=before, use="old"))
    family = family_of.__wrapped__(families(Demographics(names=names)))
    return (
        family.term,
        sound(family.term) if family.term else None,
        sorted(family.whole),
        sorted(family.parts),
        sorted(family.rows),
        *_likes(family.likes),
    )


def _given(said: str) -> Heard:
    names = (Name(family="", given=tuple(said.split())),)
    given = called.__wrapped__(givens(Demographics(names=names)))
    return (
        given.term,
        sound(given.term) if given.term else None,
        sorted(given.called),
        sorted(given.firsts),
        sorted(given.next),
        sorted(given.rows),
        *_likes(given.likes),
        *_likes(given.next_likes),
        sorted(given.initials),
        sorted(given.letters),
        sorted(given.next_initials),
        sorted(given.next_letters),
    )


def _likes(likes: Likes) -> Heard:
    return sorted(likes.words), sorted(likes.sounds)


def _number(said: str) -> Heard:
    number = NhsNumber.parse(said)
    return (number.digits if number else meant(said) or None), number is not None


def _born(said: str) -> Heard:
    born = PartialDate.parse(said)
    if born is None:
        return None, None, None
    text = born.text[:10]
    turned = None
    if len(text) == 10 and text[8:] <= "12":
        turned = "-".join((text[:4], *sorted((text[5:7], text[8:]))))
    return text, born.start.date(), turned


def _place(said: str) -> Heard:
    return (postcode(said),)


def _phone(said: str) -> Heard:
    return (dialled(said) or None,)


def _email(said: str) -> Heard:
    return (mailed(said) or None,)


def _relative(said: str) -> Heard:
    whole, heard, given = next(map(relative, relatives(said)), ("", "", ""))
    return whole or None, heard or None, given or None


def _birth_order(said: str) -> Heard:
    return (birth_order(said),)
