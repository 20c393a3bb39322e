"""FHIRPath Patch does what its page and the published cases say."""

from decimal import Decimal
from pathlib import Path

import pytest

from wholerecord.fhir.fhirpath_patch import patched
from wholerecord.fhir.patch import JSON_PATCH, patch_of
from wholerecord.fhir.problem import Problem
from wholerecord.intake.fhir.xml_tree import tree
from wholerecord.intake.markup import parse
from wholerecord.record import canonical, read_json

CASES = Path(__file__).parents[3] / "shared/data/fhir-test-cases/patch/fhir-patch-tests.xml"
OBSERVATION = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "s", "code": "1"}, {"system": "t", "code": "2"}]},
    "valueQuantity": {"value": Decimal("4.50"), "unit": "mmol/L"},
    "note": [{"text": "one"}, {"text": "two"}, {"text": "three"}],
}


def operation(type_, path, **parts):
    said = [{"name": "type", "valueCode": type_}, {"name": "path", "valueString": path}]
    for name, value in parts.items():
        said.append({"name": name} | value)
    return {"name": "operation", "part": said}


def done(resource, *operations):
    whole = read_json(canonical(resource))
    try:
        return patched(whole, {"resourceType": "Parameters", "parameter": list(operations)})
    except Problem as problem:
        return problem.status


def test_a_value_of_a_choice_is_replaced_by_one_of_another_type():
    found = done(
        OBSERVATION, operation("replace", "Observation.value", value={"valueString": "high"})
    )
    assert found["valueString"] == "high"
    assert "valueQuantity" not in found


def test_one_of_several_is_found_by_what_it_says():
    path = "Observation.code.coding.where(system = 't').code"
    found = done(OBSERVATION, operation("replace", path, value={"valueCode": "9"}))
    assert [one["code"] for one in found["code"]["coding"]] == ["1", "9"]


def test_a_list_is_inserted_into_moved_in_and_deleted_from():
    note = {"valueAnnotation": {"text": "new"}}
    whole = {"name": "index", "valueInteger": 1}
    found = done(
        OBSERVATION,
        operation(
            "insert", "Observation.note", index={"valueInteger": whole["valueInteger"]}, value=note
        ),
        operation(
            "move",
            "Observation.note",
            source={"valueInteger": 3},
            destination={"valueInteger": 0},
        ),
        operation("delete", "Observation.note.where(text = 'one')"),
    )
    assert [one["text"] for one in found["note"]] == ["three", "new", "two"]


def test_what_stands_beside_a_primitive_goes_where_it_goes():
    named = {
        "resourceType": "Patient",
        "name": [{"given": ["A", "B"], "_given": [None, {"id": "b"}]}],
        "birthDate": "1950",
        "_birthDate": {"id": "d"},
    }
    found = done(
        named,
        operation(
            "move",
            "Patient.name.given",
            source={"valueInteger": 1},
            destination={"valueInteger": 0},
        ),
        operation("replace", "Patient.birthDate", value={"valueDate": "1951"}),
    )
    assert found["name"] == [{"given": ["B", "A"], "_given": [{"id": "b"}, None]}]
    assert "_birthDate" not in found


def test_a_decimal_is_written_as_it_was_said():
    quantity = {"valueQuantity": {"value": Decimal("5.10")}}
    found = done(OBSERVATION, operation("replace", "Observation.value", value=quantity))
    assert b"5.10" in canonical(found)


@pytest.mark.parametrize(
    ("status", "wrong"),
    [
        (422, operation("replace", "Observation.nothing", value={"valueString": "x"})),
        (422, operation("replace", "Observation.note", value={"valueAnnotation": {"text": "x"}})),
        (422, operation("delete", "Observation.note")),
        (422, operation("delete", "Observation")),
        (422, operation("replace", "Observation", value={"valueString": "x"})),
        (
            422,
            operation("add", "Observation", name={"valueString": "no"}, value={"valueString": "x"}),
        ),
        (
            422,
            operation(
                "add", "Observation", name={"valueString": "status"}, value={"valueCode": "x"}
            ),
        ),
        (
            422,
            operation(
                "add", "Observation", name={"valueString": "value"}, value={"valueString": "x"}
            ),
        ),
        (
            422,
            operation(
                "add", "Patient", name={"valueString": "active"}, value={"valueBoolean": True}
            ),
        ),
        (400, operation("add", "Observation", value={"valueString": "x"})),
        (400, operation("insert", "Observation.note", value={"valueString": "x"})),
        (
            422,
            operation(
                "insert",
                "Observation.note",
                index={"valueInteger": 9},
                value={"valueAnnotation": {}},
            ),
        ),
        (
            422,
            operation(
                "move",
                "Observation.note",
                source={"valueInteger": 0},
                destination={"valueInteger": 3},
            ),
        ),
        (
            400,
            operation(
                "move",
                "Observation.note",
                source={"valueInteger": -1},
                destination={"valueInteger": 3},
            ),
        ),
        (
            422,
            operation(
                "move",
                "Observation.status",
                source={"valueInteger": 0},
                destination={"valueInteger": 0},
            ),
        ),
        (422, operation("delete", "Observation.note.where(text.matches('(a+)+$'))")),
        (422, operation("delete", "Observation.note.where(descendants().exists())")),
        (422, operation("delete", "Observation.note.resolve()")),
        (422, operation("delete", "Observation.note[")),
        (422, operation("delete", "Observation..note")),
        (422, operation("delete", "(((((")),
        (422, operation("delete", "Observation.note.where(" + "(" * 200)),
        (422, operation("delete", "x" * 2000)),
        (422, operation("delete", "Observation.note.where(text = )")),
        (422, operation("delete", "1")),
        (400, operation("rename", "Observation.note")),
        (400, {"name": "operation"}),
        (400, {"name": "other", "part": []}),
        (400, {"name": "operation", "part": [{"name": "type"}, {"name": "type"}]}),
        (400, "operation"),
    ],
)
def test_an_operation_that_cannot_be_done_is_told_and_nothing_raised(status, wrong):
    assert done(OBSERVATION, wrong) == status


def test_a_patch_has_so_many_operations_at_most():
    assert done(OBSERVATION, *[operation("delete", "Observation.issued")] * 201) == 413


def test_many_operations_on_a_large_resource_are_too_many():
    large = OBSERVATION | {"note": [{"text": str(n)} for n in range(20_000)]}
    delete = operation("delete", "Observation.note.where(text = '1')")
    fhirpath = canonical({"resourceType": "Parameters", "parameter": [delete] * 100})
    json_patch = canonical([{"op": "remove", "path": "/note/0"}] * 100)
    for body, media in ((fhirpath, ""), (json_patch, JSON_PATCH)):
        with pytest.raises(Problem) as caught:
            patch_of(body, media)(large)
        assert caught.value.status == 413
        assert patch_of(body, media)(
            read_json(canonical(OBSERVATION | {"note": large["note"][:200]}))
        )
    assert patch_of(b'{"resourceType":"Parameters"}', "")(OBSERVATION) == OBSERVATION
    with pytest.raises(Problem) as caught:
        patch_of(b'{"resourceType":"Parameters","parameter":7}', "")(OBSERVATION)
    assert caught.value.status == 400


@pytest.mark.shared_data
@pytest.mark.skipif(not CASES.is_file(), reason="the published payloads are not beside the project")
def test_the_published_cases_do_what_they_say():
    asked = 0
    for case in parse(CASES.read_bytes()):
        given = case.find("input")
        if given is None or case.find("diff") is None:
            continue
        asked += 1
        resource, patch = tree(given[0]), tree(case.find("diff")[0])
        wanted = 422 if case.find("error") is not None else tree(case.find("output")[0])
        try:
            found = patched(resource, patch)
        except Problem as problem:
            found = problem.status
        assert found == wanted, case.get("name")
    assert asked == 33
