"""Whether tables are as the model wants them: columns, required values, ids, people, days.

Source: OHDSI Data Quality Dashboard: checks isRequired, isPrimaryKey, isForeignKey,
plausibleAfterBirth and plausibleStartBeforeEnd.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from wholerecord.errors import NotFound
from wholerecord.research.omop.tables import FORMS, Form

#: Tables without an id of their own.
_NO_ID = frozenset({"death", "cdm_source"})


def faults(engine: duckdb.DuckDBPyConnection, rows: Mapping[str, int]) -> Iterator[str]:
    """What is wrong with the tables in `engine`, in words. `rows` is how many each should have."""
    for name, form in FORMS.items():
        table = engine.table(name)
        if table.columns != [field.name for field in form.fields]:
            yield f"{name}: its columns are not those of the model"
            continue
        if (found := _count(table)) != rows.get(name, found):
            yield f"{name}: {found:,} rows, and {rows[name]:,} were written"
        for field in form.fields:
            if field.required and (blank := _count(table.filter(f'"{field.name}" IS NULL'))):
                yield f"{name}.{field.name}: blank in {blank:,} rows, and it is required"
        yield from _ids(table, form)
        yield from _days(engine, form)


def read_extract(folder: Path) -> duckdb.DuckDBPyConnection:
    """The tables of an extract that was written to a folder, as Parquet or CSV.

    Raises:
        NotFound: a table is missing.
    """
    engine = duckdb.connect(":memory:")
    for name, form in FORMS.items():
        parquet, csv = folder / f"{name}.parquet", folder / f"{name}.csv"
        if parquet.is_file():
            engine.read_parquet(str(parquet)).create(name)
        elif csv.is_file():
            types = {field.name: field.type for field in form.fields}
            engine.read_csv(str(csv), header=True, dtype=types).create(name)
        else:
            engine.close()
            raise NotFound(f"There is no {name}.parquet or {name}.csv in that folder.")
    return engine


def _ids(table: duckdb.DuckDBPyRelation, form: Form) -> Iterator[str]:
    key = form.fields[0].name
    if form.name not in _NO_ID:
        twice = _count(table) - _count(table.project(f'"{key}"').distinct())
        if twice:
            yield f"{form.name}.{key}: {twice:,} rows have an id that another has"


def _days(engine: duckdb.DuckDBPyConnection, form: Form) -> Iterator[str]:
    table = engine.table(form.name)
    if form.start and (wrong := _count(table.filter(f'"{form.end}" < "{form.start}"'))):
        yield f"{form.name}: {wrong:,} rows end before they begin"
    names = [field.name for field in form.fields]
    if "person_id" not in names or form.name == "person":
        return
    people = engine.table("person")
    strangers = _count(table.join(people.project("person_id"), "person_id", how="anti"))
    if strangers:
        yield f"{form.name}: {strangers:,} rows are of nobody in person"
    day = next((field.name for field in form.fields if field.type == "DATE"), "")
    born = people.project("person_id, year_of_birth")
    early = _count(table.join(born, "person_id").filter(f'year("{day}") < year_of_birth'))
    if early:
        yield f"{form.name}: {early:,} rows are from before their person was born"


def _count(relation: duckdb.DuckDBPyRelation) -> int:
    [[number]] = relation.count("*").fetchall()
    return int(number)
