"""What the conformance tables say is done has a test of that name, where they say it is."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("fhir-conformance.md", "fhir-search.md")
ALIAS = re.compile(r"\*([a-z ]+)\*\s+(?:is\s+)?`(tests/[a-z0-9_/]+\.py)`")
#: The file of tests that a page names without one.
UNNAMED = {"fhir-search.md": "tests/unit/test_fhir_search.py"}
THE_TABLE = "test_a_question_finds_what_the_table_says"


@cache
def names_in(file):
    """The names of the tests of a file."""
    tree = ast.parse((ROOT / file).read_text())
    return {
        one.name
        for one in ast.walk(tree)
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one.name[:5] == "test_"
    }


def rows(page):
    """Each row that has a verdict: what it is about, the verdict, and its last cell."""
    text = (ROOT / "docs" / "reference" / page).read_text()
    files = dict(ALIAS.findall(text))
    found = []
    for line in text.splitlines():
        cells = [one.strip() for one in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 3 and re.match(r"done|differs|not done", cells[1]):
            found.append((cells[0], cells[1], cells[2]))
    return files, found


def named(page, files, cell):
    """(file, test) for each test that a cell names, each file standing before its tests."""
    at, found = UNNAMED.get(page, ""), []
    for word, test in re.findall(r"([a-z ]+): (?=`)|`(test_\w+)`", cell):
        if word:
            at = files[word.rpartition("; ")[2].strip()]
        else:
            found.append((at, test))
    if re.search(r"\bthe table\b", cell):
        found.append((UNNAMED["fhir-search.md"], THE_TABLE))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_row_that_is_done_names_a_test_that_there_is(page):
    files, found = rows(page)
    assert len(found) > 25
    for about, verdict, cell in found:
        tests = named(page, files, cell)
        assert tests or not verdict.startswith("done"), f"{about}: it names no test"
        for file, test in tests:
            assert test in names_in(file), f"{about}: {file} has no {test}"


@pytest.mark.parametrize("page", PAGES)
def test_what_differs_from_the_standard_says_how(page):
    for about, verdict, _ in rows(page)[1]:
        if verdict.startswith("differs"):
            assert ":" in verdict, f"{about}: differs, and how?"
