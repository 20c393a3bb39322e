"""The published cases of JSON Patch (RFC 6902) do here what they say."""

import json
from pathlib import Path

import pytest

from wholerecord.fhir.patch import applied
from wholerecord.fhir.problem import Problem

DATA = Path(__file__).parents[3] / "shared" / "data" / "fhir-test-cases" / "patch"


def done(doc, patch):
    try:
        return applied(doc, patch)
    except Problem as problem:
        return problem.status


def test_an_operation_that_cannot_be_done_is_422_and_leaves_the_resource():
    resource = {"a": {"b": 1}}
    assert done(resource, [{"op": "add", "path": "/c", "value": 2}]) == {"a": {"b": 1}, "c": 2}
    for bad in (
        {"op": "add", "path": "/x/y", "value": 1},
        {"op": "test", "path": "/a/b", "value": 2},
        {"op": "remove", "path": "a"},
        {"op": "replace", "path": ""},
        {"op": "move", "from": "/a", "path": "/a/b/c"},
        {"path": "/a"},
        {"op": 7, "path": "/a"},
        {"op": "replace", "path": "", "value": [1]},
    ):
        assert done(resource, [bad]) == 422, bad
    assert resource == {"a": {"b": 1}}


def test_copies_of_copies_end():
    doubling = {"op": "copy", "from": "/a", "path": "/a/-"}
    assert done({"a": ["x" * 1000]}, [doubling] * 60) == 422


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the published payloads are not beside the project")
def test_the_published_cases_do_what_they_say():
    cases = json.loads((DATA / "json-patch-tests.json").read_bytes())
    asked = 0
    for case in cases:
        if case.get("disabled") or not isinstance(case.get("doc"), dict):
            continue
        asked += 1
        wanted = 422 if "error" in case else case.get("expected", case["doc"])
        assert done(case["doc"], case["patch"]) == wanted, case
    assert asked > 10
