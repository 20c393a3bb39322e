"""SQL in place of a study: one SELECT of a narrow shape, everything else refused."""

import pytest

from tests.unit.study_data import hold
from wholerecord.research.study import engine as engine_module
from wholerecord.research.study.engine import Engine, TooLarge
from wholerecord.research.study.nodes import StudyWrong
from wholerecord.research.study.sql import names, read_sql

PEOPLE = [
    {"person": n, "sex": "female" if n % 2 else "male", "practice": "P" if n < 9 else None}
    for n in range(1, 11)
]
ROWS = [{"person": n, "code": "a", "system": "s"} for n in range(1, 6)]


def asked(query: str, allowed=range(1, 11)):
    engine = Engine({})
    hold(engine, {"person": PEOPLE, "condition": ROWS * 2})
    engine.allow(list(allowed))
    raw = query.encode()
    exact = engine.cells_of_query(read_sql(raw), "x", names(raw))
    engine.close()
    return {key: cell.people.tolist() for key, cell in exact.cells.items()}


def test_a_query_gives_who_is_in_each_cell():
    query = (
        "SELECT p.sex, COUNT(DISTINCT p.person) AS people FROM person AS p"
        " JOIN condition AS c USING (person) WHERE c.code = 'a' GROUP BY p.sex"
    )
    assert asked(query) == {("female",): [1, 3, 5], ("male",): [2, 4]}
    assert asked(query, allowed=[2, 3, 9]) == {("female",): [3], ("male",): [2]}


def test_steps_windows_and_what_exists_may_be_asked():
    assert asked(
        "WITH one AS (SELECT c.person, c.at FROM condition c QUALIFY"
        " ROW_NUMBER() OVER (PARTITION BY c.person ORDER BY c.at) = 1)"
        " SELECT p.practice, COUNT(DISTINCT p.person) FROM person p LEFT JOIN one USING (person)"
        " WHERE EXISTS (SELECT 1 FROM condition c WHERE c.person = p.person) OR p.sex = 'male'"
        " GROUP BY p.practice",
        allowed=range(1, 11),
    ) == {("P",): [1, 2, 3, 4, 5, 6, 8], ("not known",): [10]}


def test_a_cast_that_fails_is_no_error_for_errors_tell():
    query = (
        "SELECT COUNT(DISTINCT person) FROM person WHERE CASE WHEN sex = 'male'"
        " THEN CAST('x' AS INT) ELSE 1 END = 1"
    )
    assert asked(query) == {(): [1, 3, 5, 7, 9]}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM person",
        "SELECT person FROM person",
        "SELECT COUNT(*) FROM person",
        "SELECT COUNT(person) FROM person",
        "SELECT MAX(born), COUNT(DISTINCT person) FROM person",
        "SELECT person, COUNT(DISTINCT person) FROM person GROUP BY person",
        "SELECT person AS x, COUNT(DISTINCT person) FROM person GROUP BY person",
        "SELECT COUNT(DISTINCT person), sex FROM person GROUP BY sex",
        "SELECT sex, COUNT(DISTINCT person) FROM person GROUP BY sex, born",
        "SELECT sex, COUNT(DISTINCT person) FROM person GROUP BY ROLLUP (sex)",
        "SELECT COUNT(DISTINCT person) FROM person HAVING COUNT(*) > 1",
        "SELECT COUNT(DISTINCT person) FROM person LIMIT 1",
        "SELECT sex, COUNT(DISTINCT person) FROM person GROUP BY sex ORDER BY 2",
        "SELECT COUNT(DISTINCT person) FROM person; DROP TABLE person",
        "SELECT COUNT(DISTINCT person) FROM read_csv('/etc/passwd')",
        "SELECT COUNT(DISTINCT person) FROM '/etc/passwd'",
        "SELECT COUNT(DISTINCT person) FROM 'x.parquet' AS person",
        "SELECT COUNT(DISTINCT person) FROM information_schema.tables",
        "SELECT COUNT(DISTINCT person) FROM main.person",
        "SELECT COUNT(DISTINCT person) FROM allowed",
        "WITH allowed AS (SELECT person FROM person) SELECT COUNT(DISTINCT person) FROM allowed",
        "WITH person AS (SELECT person FROM service) SELECT COUNT(DISTINCT person) FROM person",
        "WITH x AS (SELECT 1 AS person) SELECT COUNT(DISTINCT person) FROM x",
        "WITH x AS (SELECT person + 1 AS person FROM person) SELECT COUNT(DISTINCT person) FROM x",
        "WITH x(person) AS (SELECT 5 FROM person) SELECT COUNT(DISTINCT person) FROM x",
        "WITH RECURSIVE x AS (SELECT person FROM x) SELECT COUNT(DISTINCT person) FROM x",
        "SELECT COUNT(DISTINCT person) FROM person, condition",
        "SELECT COUNT(DISTINCT a.person) FROM person a JOIN person b ON a.sex = b.sex",
        "SELECT COUNT(DISTINCT person) FROM person NATURAL JOIN condition",
        "SELECT COUNT(DISTINCT person) FROM person CROSS JOIN condition",
        "SELECT COUNT(DISTINCT person) FROM person FULL JOIN condition USING (person)",
        "SELECT COUNT(DISTINCT person) FROM person TABLESAMPLE 10%",
        "SELECT getenv('HOME'), COUNT(DISTINCT person) FROM person GROUP BY getenv('HOME')",
        "SELECT COUNT(DISTINCT person) FROM person WHERE sleep(9) = 1",
        "SELECT COUNT(DISTINCT person) FROM person WHERE random() < 0.5",
        "SELECT COUNT(DISTINCT person) FROM person WHERE 1 / 0 = 1",
        "SELECT COUNT(DISTINCT person) FROM person WHERE born + 999999999 > born",
        "SELECT COUNT(DISTINCT person) FROM person WHERE sex LIKE '%a%'",
        "SELECT COUNT(DISTINCT person) FROM person WHERE sex = $1",
        "SELECT COUNT(DISTINCT person) INTO x FROM person",
        "SELECT COUNT(DISTINCT person) FROM person UNION SELECT 1",
        "DROP TABLE person",
        "COPY person TO 'x'",
        "ATTACH 'x.db'",
        "INSTALL httpfs",
        "SET memory_limit = '1TB'",
        "PRAGMA database_list",
        "INSERT INTO person SELECT * FROM person",
        "SELECT",
        "",
        "(" * 2000,
        "SELECT COUNT(DISTINCT person) FROM person WHERE " + "(" * 900 + "1" + ")" * 900 + " = 1",
    ],
)
def test_what_is_not_of_the_shape_is_refused(query):
    with pytest.raises(StudyWrong):
        read_sql(query.encode())


def test_what_the_database_says_of_a_mistake_is_not_passed_on():
    with pytest.raises(StudyWrong) as caught:
        asked("SELECT COUNT(DISTINCT person) FROM person WHERE nowhere = 'male'")
    assert "nowhere" not in str(caught.value)


def test_a_join_that_would_take_for_ever_is_stopped_and_said_to_be_too_large(monkeypatch):
    monkeypatch.setattr(engine_module, "LONGEST", 0.05)
    engine = Engine({})
    hold(engine, {"person": PEOPLE, "condition": ROWS * 400})
    engine.allow(range(1, 11))
    raw = (
        b"SELECT COUNT(DISTINCT a.person) FROM condition a JOIN condition b USING (person)"
        b" JOIN condition c USING (person)"
        b" WHERE a.code > b.system OR b.code > c.system OR a.code > c.system"
    )
    with pytest.raises(TooLarge):
        engine.cells_of_query(read_sql(raw), "x", names(raw))
    engine.close()
