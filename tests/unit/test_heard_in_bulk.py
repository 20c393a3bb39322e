"""What the database hears of usual forms is what this program hears of them, whatever is said."""

import os
import random
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from wholerecord.nhs import NhsNumber, postcode
from wholerecord.people.bulk.hear import hear
from wholerecord.people.bulk.table import take_rows
from wholerecord.people.traits import dialled, mailed, meant

SEEDS = range(200 if os.environ.get("WHOLERECORD_SOAK") else 1)
#: For each column, some that are usual, and what texts nearly like them are made of.
SAID = {
    "nhs_number": (
        ("9990000018", "999 000 0018", "1111111111", "9990000019", "99900000", "٩٩٩٠٠٠٠٠١٨"),
        "0189",
        " -x٣",
    ),
    "phone": (
        ("07700 900123", "+44 (0)7700 900123", "00447700900123", "0777 777 7777", "٠٧٧٠٠٩٠٠١٢٣"),
        "047 9",
        "+()x-٤",
    ),
    "email": (
        ("A@Example.org", "nobody", "@@", "É@example.org", "a b@example.org"),
        "aB@.",
        " \tßİ",
    ),
    "postcode": (
        ("ls29jt", "LS2 9JT", "ZZ99 3VZ", "ZZ9 9AB", "M1  1AE", "LS٢ ٩JT", "ECIA 1BB"),
        "LSz92A",
        " -ßé٢",
    ),
}


def number(said: str) -> tuple[Any, ...]:
    found = NhsNumber.parse(said)
    return found.digits if found else meant(said) or None, found is not None


HEARD: dict[str, Callable[[str], tuple[Any, ...]]] = {
    "nhs_number": number,
    "phone": lambda said: (dialled(said) or None,),
    "email": lambda said: (mailed(said) or None,),
    "postcode": lambda said: (postcode(said),),
}


def nearly(draw: random.Random, usual: tuple[str, ...], often: str, seldom: str) -> str:
    """A text made of what usual ones are made of, or one of them with a character changed."""
    if draw.random() < 0.5:
        return "".join(draw.choices(often + seldom[:1], k=draw.randint(0, 12)))
    said = list(draw.choice(usual))
    said[draw.randrange(len(said))] = draw.choice(often + seldom)
    return "".join(said)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_said_in_the_usual_form_is_heard_by_the_database_as_by_this_program(seed):
    draw = random.Random(seed)  # noqa: S311 - texts, not secrets
    said = {
        column: [*usual, *(nearly(draw, usual, often, seldom) for _ in range(400))]
        for column, (usual, often, seldom) in SAID.items()
    }
    rows = [
        {"id": str(n), **{column: texts[n % len(texts)] for column, texts in said.items()}}
        for n in range(410)
    ]
    with duckdb.connect(":memory:") as connection:
        take_rows(connection, rows)
        hear(connection)
        for column, look in HEARD.items():
            name = "heard_number" if column == "nhs_number" else f"heard_{column}"
            found = connection.table(name).fetchall()
            stands = connection.table("raw").project(column).distinct().fetchall()
            assert {text for text, *_ in found} >= {text for (text,) in stands}
            assert len({text for text, *_ in found}) == len(found)
            for text, *heard in found:
                assert (text, tuple(heard)) == (text, look(text))
