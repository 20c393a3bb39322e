"""Blocking in bulk: for each rule a column that holds, as one number, what two must agree on.

What more records share than a crowd tells nobody apart, and comparing a crowd with itself takes the
square of its size: its key is NULL, as `storage` leaves it out in real time.
"""

from typing import Any

import duckdb

#: What two records must agree on, all of it, to be compared.
Rule = tuple[str, ...]
#: Pairs are compared when they agree on one of these; who agrees on none is lost here.
BLOCKING: tuple[Rule, ...] = (
    ("number",),
    ("born", "family_sound"),
    ("born", "given_sound"),
    ("born", "postcode"),
    ("born_turned", "family_sound", "given_sound"),
    ("postcode", "family_sound", "given_sound"),
    ("phone", "given_sound"),
    ("email",),
    ("local",),
    ("family_term", "given_term", "practice"),
)


def key(rule: int) -> str:
    """The column of a rule's keys."""
    return f"key_{rule}"


def make_keys(
    connection: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], *, crowd: int
) -> None:
    """Make the table `people` of `prepared`: the same, with the key of each rule."""
    made = [
        f"CASE WHEN {' AND '.join(f'{each} IS NOT NULL' for each in rule)} "
        f"THEN hash({', '.join(rule)}) END AS {key(n)}"
        for n, rule in enumerate(rules)
    ]
    connection.table("prepared").project(", ".join(("*", *made))).create("people")
    people = connection.table("people")
    for n in range(len(rules)):
        counted = people.aggregate(f"{key(n)} AS key, count({key(n)}) AS n").filter(f"n > {crowd}")
        crowds = [duckdb.ConstantExpression(said) for said, _ in counted.fetchall()]
        if crowds:
            its = duckdb.ColumnExpression(key(n))
            nothing: Any = {key(n): duckdb.ConstantExpression(None)}  # typed as one expression
            people.update(nothing, condition=its.isin(*crowds))
