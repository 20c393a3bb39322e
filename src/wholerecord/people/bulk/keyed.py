"""Blocking in bulk: what two records must agree on, all of it, to be compared.

Each record has one row in `keyed` for each rule it says enough for: a number that holds what two
must agree on.
"""

from itertools import product

import duckdb

#: What two records must agree on, all of it, to be compared; of `a|b` either.
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

#: As these, but nobody whom real time joins is lost: an address that one of two has left and the
#: same telephone with the same birthday make a pair too.
BEDSIDE: tuple[Rule, ...] = (
    *(rule for rule in BLOCKING if rule != ("born", "postcode")),
    ("born", "postcode|past_postcode"),
    ("born", "phone"),
)


def make_keys(connection: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...]) -> None:
    """Make the table `keyed` of `people`: each record's place with each of its keys."""
    people = connection.table("people")
    connection.execute("CREATE OR REPLACE TABLE keyed (place INTEGER, key UBIGINT)")
    for n, rule in enumerate(rules):
        for columns in product(*(each.split("|") for each in rule)):
            said = " AND ".join(f"{each} IS NOT NULL" for each in columns)
            its = people.filter(said).project(f"place, hash({n}, {', '.join(columns)})")
            its.insert_into("keyed")
