"""The features that the SQL on FHIR v2 test cases cover, as cases of our own about made-up people.

`PATHS`: a path as one column `v` of the three patients, and what it gives of each. `VIEWS`: a view
(its `select`, and more), and its rows. `ERRORS`: what is refused, when read or when run.
"""

from typing import Any

_EXT = "https://wholerecord.example/ext/"

PATIENTS: list[dict[str, Any]] = [
    {
        "resourceType": "Patient",
        "id": "p1",
        "active": True,
        "gender": "female",
        "birthDate": "1970-06",
        "multipleBirthInteger": 2,
        "deceasedDateTime": "2024-02-01T10:15:00Z",
        "name": [
            {"use": "official", "family": "Ash", "given": ["Ada", "Bea"]},
            {"use": "nickname", "given": ["Ade"]},
        ],
        "telecom": [
            {"system": "phone", "value": "1", "rank": 1},
            {"system": "email", "value": "2", "rank": 2},
        ],
        "contact": [
            {"name": {"family": "Oak"}, "telecom": [{"system": "phone", "value": "3"}]},
            {"telecom": [{"system": "phone", "value": "4"}, {"system": "email", "value": "5"}]},
        ],
        "extension": [
            {"url": f"{_EXT}colour", "valueString": "green"},
            {
                "url": f"{_EXT}place",
                "extension": [{"url": "town", "valueCode": "leeds"}],
            },
        ],
        "managingOrganization": {"reference": "Organization/o1"},
        "generalPractitioner": [
            {"reference": "Practitioner/d1"},
            {"reference": "Organization/o2/_history/3"},
        ],
    },
    {
        "resourceType": "Patient",
        "id": "p2",
        "active": False,
        "gender": "male",
        "birthDate": "1980-01-31",
        "deceasedBoolean": False,
        "name": [{"family": "Elm", "given": ["Cai"]}],
        "telecom": [{"system": "phone", "value": "6", "rank": 1}],
        "managingOrganization": {"reference": "https://example.org/fhir/Organization/o9"},
    },
    {"resourceType": "Patient", "id": "p3"},
]
FORMS: list[dict[str, Any]] = [
    {
        "resourceType": "QuestionnaireResponse",
        "id": "q1",
        "item": [
            {
                "linkId": "1",
                "item": [
                    {"linkId": "1.1", "answer": [{"valueString": "a"}]},
                    {"linkId": "1.2", "answer": [{"item": [{"linkId": "1.2.1"}]}]},
                ],
            },
            {"linkId": "2"},
        ],
    },
    {"resourceType": "QuestionnaireResponse", "id": "q2"},
]
MEASURES: list[dict[str, Any]] = [
    {
        "resourceType": "Observation",
        "id": "o1",
        "code": {"coding": [{"system": "s", "code": "c1"}, {"system": "t", "code": "c2"}]},
        "effectiveDateTime": "2024-02",
        "valueQuantity": {"value": 4.5, "unit": "mmol/L"},
    },
    {
        "resourceType": "Observation",
        "id": "o2",
        "code": {"coding": [{"system": "s", "code": "c3"}]},
        "effectiveDateTime": "2024-02-01T10:15:00+01:00",
        "valueInteger": 3,
    },
    {
        "resourceType": "Observation",
        "id": "o3",
        "valueTime": "12:34",
        "effectiveDateTime": "2024",
    },
]
RESOURCES = [*PATIENTS, *FORMS, *MEASURES]

#: feature, path, what it gives of p1, p2 and p3
PATHS: list[tuple[str, str, list[Any]]] = [
    ("basic", "id", ["p1", "p2", "p3"]),
    ("basic", "active", [True, False, None]),
    ("basic", "Patient.gender", ["female", "male", None]),
    ("basic", "$this.gender", ["female", "male", None]),
    ("basic", "managingOrganization.reference", [
        "Organization/o1", "https://example.org/fhir/Organization/o9", None]),
    ("basic", "nothing.at.all", [None, None, None]),
    ("basic", "`gender`", ["female", "male", None]),
    ("basic", "multipleBirthInteger", [2, None, None]),
    ("literal", "'a\\'b'", ["a'b"] * 3),
    ("literal", "12", [12] * 3),
    ("literal", "-1.5", [-1.5] * 3),
    ("literal", "true", [True] * 3),
    ("literal", "@2024-02-01", ["2024-02-01"] * 3),
    ("fhirpath", "name[0].family", ["Ash", "Elm", None]),
    ("fhirpath", "name[1].given[0]", ["Ade", None, None]),
    ("fhirpath", "name[5].family", [None, None, None]),
    ("fhirpath", "name.given[1]", ["Bea", None, None]),
    ("fhirpath", "gender[0]", ["female", "male", None]),
    ("fhirpath", "gender[1]", [None, None, None]),
    ("fhirpath", "(name.where(use = 'official')).family.first()", ["Ash", None, None]),
    ("fn_first", "name.given.first()", ["Ada", "Cai", None]),
    ("fn_first", "name.first().given.first()", ["Ada", "Cai", None]),
    ("fn_first", "gender.first()", ["female", "male", None]),
    ("fn_last", "name.given.last()", ["Ade", "Cai", None]),
    ("fn_last", "gender.last()", ["female", "male", None]),
    ("fn_count", "name.given.count()", [3, 1, 0]),
    ("fn_count", "gender.count()", [1, 1, 0]),
    ("fn_count", "nothing.count()", [0, 0, 0]),
    ("fn_exists", "name.exists()", [True, True, False]),
    ("fn_exists", "gender.exists()", [True, True, False]),
    ("fn_exists", "name.exists(use = 'nickname')", [True, False, False]),
    ("fn_exists", "nothing.exists()", [False] * 3),
    ("fn_empty", "name.empty()", [False, False, True]),
    ("fn_empty", "gender.empty()", [False, False, True]),
    ("fn_empty", "nothing.empty()", [True] * 3),
    ("fn_empty", "name.where(use = 'old').empty()", [True] * 3),
    ("fn_not", "active.not()", [False, True, None]),
    ("fn_not", "name.exists().not()", [False, False, True]),
    ("fn_where", "name.where(use = 'nickname').given.first()", ["Ade", None, None]),
    ("fn_where", "telecom.where(rank > 1).value.first()", ["2", None, None]),
    ("fn_where", "telecom.where(system = 'phone' and rank = 1).value.first()", ["1", "6", None]),
    ("fn_where", "gender.where($this = 'male')", [None, "male", None]),
    ("fn_where", "contact.where(telecom.exists(system = 'email')).telecom.count()", [2, 0, 0]),
    ("fn_join", "name.given.join(',')", ["Ada,Bea,Ade", "Cai", None]),
    ("fn_join", "name.given.join()", ["AdaBeaAde", "Cai", None]),
    ("fn_join", "gender.join('-')", ["female", "male", None]),
    ("fn_oftype", "multipleBirth.ofType(integer)", [2, None, None]),
    ("fn_oftype", "deceased.ofType(boolean)", [None, False, None]),
    ("fn_oftype", "deceased.ofType(dateTime)", ["2024-02-01T10:15:00Z", None, None]),
    ("fn_extension", f"extension('{_EXT}colour').value.ofType(string).first()",
        ["green", None, None]),
    ("fn_extension", f"extension('{_EXT}place').extension('town').value.ofType(code).first()",
        ["leeds", None, None]),
    ("fn_extension", f"extension('{_EXT}none').exists()", [False] * 3),
    ("fn_reference_keys", "getResourceKey()", ["p1", "p2", "p3"]),
    ("fn_reference_keys", "managingOrganization.getReferenceKey()", ["o1", "o9", None]),
    ("fn_reference_keys", "managingOrganization.getReferenceKey(Organization)",
        ["o1", "o9", None]),
    ("fn_reference_keys", "managingOrganization.getReferenceKey(Patient)", [None] * 3),
    ("fn_reference_keys", "generalPractitioner.getReferenceKey(Organization).first()",
        ["o2", None, None]),
    ("fn_reference_keys", "generalPractitioner.getReferenceKey().join(' ')",
        ["d1 o2", None, None]),
    ("fn_boundary", "birthDate.lowBoundary()", ["1970-06-01", "1980-01-31", None]),
    ("fn_boundary", "birthDate.highBoundary()", ["1970-06-30", "1980-01-31", None]),
    ("fn_boundary", "deceased.ofType(dateTime).lowBoundary()",
        ["2024-02-01T10:15:00.000Z", None, None]),
    ("fn_boundary", "gender.lowBoundary()", [None] * 3),
    ("logic", "active and gender = 'female'", [True, False, None]),
    ("logic", "active and nothing", [None, False, None]),
    ("logic", "active or nothing", [True, None, None]),
    ("logic", "active or gender = 'male'", [True, True, None]),
    ("logic", "false or active and false", [False, False, False]),
    ("logic", "(true or active) and active", [True, False, None]),
    ("equality", "gender = 'male'", [False, True, None]),
    ("equality", "gender != 'male'", [True, False, None]),
    ("equality", "gender = 1", [False, False, None]),
    ("equality", "multipleBirthInteger = 2.0", [True, None, None]),
    ("equality", "name.family = 'Ash'", [True, False, None]),
    ("equality", "name.given = 'Ada'", [False, False, None]),
    ("equality", "name.given = name.given", [True, True, None]),
    ("equality", "nothing = nothing", [None] * 3),
    ("comparison", "multipleBirthInteger > 1", [True, None, None]),
    ("comparison", "multipleBirthInteger <= 1.5", [False, None, None]),
    ("comparison", "birthDate < @1980", [True, False, None]),
    ("comparison", "birthDate >= @1980-01-31", [False, True, None]),
    ("comparison", "id > 'p1'", [False, True, True]),
    ("arithmetic", "multipleBirthInteger + 1", [3, None, None]),
    ("arithmetic", "multipleBirthInteger - 0.5", [1.5, None, None]),
    ("arithmetic", "multipleBirthInteger * 2 + 1", [5, None, None]),
    ("arithmetic", "1 + multipleBirthInteger * 2", [5, None, None]),
    ("arithmetic", "multipleBirthInteger / 4", [0.5, None, None]),
    ("arithmetic", "multipleBirthInteger / 0", [None] * 3),
    ("arithmetic", "gender + '!'", ["female!", "male!", None]),
    ("row_index", "%rowIndex", [0, 0, 0]),
]  # fmt: skip


def column(name: str, path: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "path": path, **more}


ID = {"column": [column("id", "id")]}
_PHONES = {"forEach": "telecom", "column": [column("v", "value")]}
_CONTACTS = {"forEach": "contact.telecom", "column": [column("v", "value")]}

#: feature, what of the view, its rows
VIEWS: list[tuple[str, dict[str, Any], list[tuple[Any, ...]]]] = [
    ("basic", {"select": [{"column": [column("b", "active"), column("a", "id")]}]},
        [(True, "p1"), (False, "p2"), (None, "p3")]),
    ("basic", {"select": [ID, {"column": [column("g", "gender")]}]},
        [("p1", "female"), ("p2", "male"), ("p3", None)]),
    ("basic", {"resource": "Medication", "select": [ID]}, []),
    ("view_resource", {"resource": "Observation", "select": [ID]}, [("o1",), ("o2",), ("o3",)]),
    ("where", {"select": [ID], "where": [{"path": "active"}]}, [("p1",)]),
    ("where", {"select": [ID], "where": [{"path": "gender = 'male'"}]}, [("p2",)]),
    ("where", {"select": [ID], "where": [
        {"path": "name.exists()"}, {"path": "active = false"}]}, [("p2",)]),
    ("where", {"select": [ID], "where": [{"path": "nothing"}]}, []),
    ("where", {"select": [ID], "where": [{"path": "name.family.exists().not()"}]}, [("p3",)]),
    ("collection", {"select": [{"column": [column("g", "name.given", collection=True)]}]},
        [(["Ada", "Bea", "Ade"],), (["Cai"],), ([],)]),
    ("collection", {"select": [{"column": [column("g", "gender", collection=True)]}]},
        [(["female"],), (["male"],), ([],)]),
    ("collection", {"select": [{"column": [column("g", "name.family")]}]},
        [("Ash",), ("Elm",), (None,)]),
    ("foreach", {"select": [ID, {"forEach": "name", "column": [column("f", "family")]}]},
        [("p1", "Ash"), ("p1", None), ("p2", "Elm")]),
    ("foreach", {"select": [ID, {"forEach": "name.given", "column": [column("g", "$this")]}]},
        [("p1", "Ada"), ("p1", "Bea"), ("p1", "Ade"), ("p2", "Cai")]),
    ("foreach", {"select": [ID, {"forEachOrNull": "name", "column": [column("f", "family")]}]},
        [("p1", "Ash"), ("p1", None), ("p2", "Elm"), ("p3", None)]),
    ("foreach", {"select": [ID, {"forEachOrNull": "name", "column": [
        column("n", "given.count()"), column("l", "given", collection=True)]}]},
        [("p1", 2, ["Ada", "Bea"]), ("p1", 1, ["Ade"]), ("p2", 1, ["Cai"]), ("p3", None, None)]),
    ("foreach", {"select": [ID, {"forEach": "nothing", "column": [column("f", "family")]}]}, []),
    ("foreach", {"select": [ID, {"forEachOrNull": "nothing", "column": [column("f", "x")]}]},
        [("p1", None), ("p2", None), ("p3", None)]),
    ("foreach", {"select": [ID, {"forEach": "gender", "column": [column("g", "$this")]}]},
        [("p1", "female"), ("p2", "male")]),
    ("foreach", {"select": [ID, {"forEach": "contact", "select": [
        {"column": [column("f", "name.family")]}, {
            "forEach": "telecom", "column": [column("v", "value")]}]}]},
        [("p1", "Oak", "3"), ("p1", None, "4"), ("p1", None, "5")]),
    ("foreach", {"select": [ID, {"forEach": "contact", "column": [column("f", "name.family")],
        "select": [{"forEachOrNull": "telecom.where(system = 'email')",
            "column": [column("v", "value")]}]}]},
        [("p1", "Oak", None), ("p1", None, "5")]),
    ("foreach", {"select": [_PHONES, {"forEach": "name", "column": [column("f", "family")]}]},
        [("1", "Ash"), ("1", None), ("2", "Ash"), ("2", None), ("6", "Elm")]),
    ("foreach", {"select": [{"forEach": "name.where(use = 'official')",
        "column": [column("f", "family")]}]}, [("Ash",)]),
    ("union", {"select": [ID, {"unionAll": [_PHONES, _CONTACTS]}]},
        [("p1", "1"), ("p1", "2"), ("p1", "3"), ("p1", "4"), ("p1", "5"), ("p2", "6")]),
    ("union", {"select": [{"unionAll": [
        {"column": [column("v", "id")]}, {"column": [column("v", "gender")]}]}]},
        [("p1",), ("female",), ("p2",), ("male",), ("p3",), (None,)]),
    ("union", {"select": [ID, {"unionAll": [_PHONES]}]},
        [("p1", "1"), ("p1", "2"), ("p2", "6")]),
    ("union", {"select": [ID, {"unionAll": [
        {"unionAll": [_PHONES, _CONTACTS]},
        {"forEachOrNull": "nothing", "column": [column("v", "value")]}]}],
        "where": [{"path": "id != 'p1'"}]},
        [("p2", "6"), ("p2", None), ("p3", None)]),
    ("union", {"select": [{"forEach": "contact", "unionAll": [
        {"column": [column("v", "name.family")]},
        {"forEach": "telecom", "column": [column("v", "value")]}]}]},
        [("Oak",), ("3",), (None,), ("4",), ("5",)]),
    ("union", {"select": [{"column": [column("id", "id")], "unionAll": [_PHONES, _CONTACTS]}],
        "where": [{"path": "active"}]},
        [("p1", "1"), ("p1", "2"), ("p1", "3"), ("p1", "4"), ("p1", "5")]),
    ("union", {"select": [{"unionAll": [
        {"column": [column("v", "multipleBirthInteger")]}, {"column": [column("v", "1.5")]}]}],
        "where": [{"path": "active"}]}, [(2,), (1.5,)]),
    ("constant", {"constant": [{"name": "use", "valueString": "nickname"}],
        "select": [ID, {"forEach": "name.where(use = %use)", "column": [
            column("g", "given.first()")]}]}, [("p1", "Ade")]),
    ("constant", {"constant": [{"name": "n", "valueInteger": 2}],
        "select": [ID], "where": [{"path": "multipleBirthInteger = %n"}]}, [("p1",)]),
    ("constant_types", {"constant": [{"name": "b", "valueBoolean": False}],
        "select": [ID], "where": [{"path": "active = %b"}]}, [("p2",)]),
    ("constant_types", {"constant": [{"name": "d", "valueDate": "1980-01-31"}],
        "select": [ID], "where": [{"path": "birthDate = %d"}]}, [("p2",)]),
    ("constant_types", {"constant": [{"name": "c", "valueCode": "male"}],
        "select": [ID], "where": [{"path": "gender = %c"}]}, [("p2",)]),
    ("constant_types", {"resource": "Observation",
        "constant": [{"name": "q", "valueDecimal": 4.5}],
        "select": [ID], "where": [{"path": "value.ofType(Quantity).value = %q"}]}, [("o1",)]),
    ("fn_oftype", {"resource": "Observation", "select": [{"column": [
        column("q", "value.ofType(Quantity).value"), column("i", "value.ofType(integer)")]}]},
        [(4.5, None), (None, 3), (None, None)]),
    ("fn_boundary", {"resource": "Observation", "select": [{"column": [
        column("l", "effective.ofType(dateTime).lowBoundary()"),
        column("h", "effective.ofType(dateTime).highBoundary()"),
        column("t", "value.ofType(time).highBoundary()")]}]},
        [("2024-02-01T00:00:00.000+14:00", "2024-02-29T23:59:59.999-12:00", None),
         ("2024-02-01T10:15:00.000+01:00", "2024-02-01T10:15:00.999+01:00", None),
         ("2024-01-01T00:00:00.000+14:00", "2024-12-31T23:59:59.999-12:00", "12:34:59.999")]),
    ("fhirpath", {"resource": "Observation", "select": [ID], "where": [
        {"path": "code.coding.exists(system = 't' and code = 'c2')"}]}, [("o1",)]),
    ("repeat", {"resource": "QuestionnaireResponse", "select": [ID, {"repeat": [
        "item", "answer.item"], "column": [column("l", "linkId")]}]},
        [("q1", "1"), ("q1", "1.1"), ("q1", "1.2"), ("q1", "1.2.1"), ("q1", "2")]),
    ("repeat", {"resource": "QuestionnaireResponse", "select": [{"repeat": ["item"],
        "column": [column("l", "linkId"), column("a", "answer.value.ofType(string).first()")]}]},
        [("1", None), ("1.1", "a"), ("1.2", None), ("2", None)]),
    ("repeat", {"resource": "QuestionnaireResponse", "select": [{"repeat": ["item"], "select": [
        {"column": [column("l", "linkId")]},
        {"forEach": "answer.item", "column": [column("m", "linkId")]}]}]},
        [("1.2", "1.2.1")]),
    ("repeat", {"select": [ID, {"repeat": ["nothing"], "column": [column("l", "x")]}]}, []),
    ("row_index", {"select": [ID, {"forEach": "name", "column": [
        column("n", "%rowIndex"), column("g", "given.first()")]}]},
        [("p1", 0, "Ada"), ("p1", 1, "Ade"), ("p2", 0, "Cai")]),
    ("row_index", {"select": [{"forEach": "contact", "column": [column("a", "%rowIndex")],
        "select": [{"forEach": "telecom", "column": [column("b", "%rowIndex")]}]}]},
        [(0, 0), (1, 0), (1, 1)]),
    ("row_index", {"select": [ID, {"forEachOrNull": "name", "column": [
        column("n", "%rowIndex"), column("g", "given.first()")]}]},
        [("p1", 0, "Ada"), ("p1", 1, "Ade"), ("p2", 0, "Cai"), ("p3", 0, None)]),
    ("row_index", {"select": [ID, {"unionAll": [
        {"forEach": "name", "column": [column("n", "%rowIndex"), column("v", "given.first()")]},
        {"forEach": "telecom", "column": [column("n", "%rowIndex"), column("v", "value")]}]}]},
        [("p1", 0, "Ada"), ("p1", 1, "Ade"), ("p1", 0, "1"), ("p1", 1, "2"), ("p2", 0, "Cai"),
         ("p2", 0, "6")]),
    ("row_index", {"select": [{"unionAll": [
        {"column": [column("id", "id"), column("n", "%rowIndex"), column("s", "'a'")]},
        {"column": [column("id", "id"), column("n", "%rowIndex"), column("s", "'b'")]}]}],
        "where": [{"path": "active"}]}, [("p1", 0, "a"), ("p1", 0, "b")]),
    ("row_index", {"select": [{"forEach": "contact", "column": [column("a", "%rowIndex")],
        "select": [{"unionAll": [
            {"forEach": "telecom", "column": [column("b", "%rowIndex"), column("v", "value")]},
            {"column": [column("b", "%rowIndex"), column("v", "name.family")]}]}]}]},
        [(0, 0, "3"), (0, 0, "Oak"), (1, 0, "4"), (1, 1, "5"), (1, 1, None)]),
    ("row_index", {"resource": "QuestionnaireResponse", "select": [{"repeat": ["item"],
        "column": [column("n", "%rowIndex"), column("l", "linkId")]}]},
        [(0, "1"), (1, "1.1"), (2, "1.2"), (3, "2")]),
    ("row_index", {"resource": "QuestionnaireResponse", "select": [ID, {
        "repeat": ["item", "answer.item"], "column": [column("n", "%rowIndex")],
        "select": [{"column": [column("l", "linkId"), column("m", "%rowIndex")]},
            {"forEachOrNull": "answer", "column": [column("o", "%rowIndex"),
                column("a", "value.ofType(string)")]}]}]},
        [("q1", 0, "1", 0, 0, None), ("q1", 1, "1.1", 1, 0, "a"), ("q1", 2, "1.2", 2, 0, None),
         ("q1", 3, "1.2.1", 3, 0, None), ("q1", 4, "2", 4, 0, None)]),
    ("row_index", {"resource": "QuestionnaireResponse", "select": [{"unionAll": [
        {"repeat": ["item"], "column": [column("n", "%rowIndex")]},
        {"column": [column("n", "1.5")]}]}], "where": [{"path": "id = 'q1'"}]},
        [(0.0,), (1.0,), (2.0,), (3.0,), (1.5,)]),
    ("row_index", {"select": [ID, {"forEachOrNull": "name", "column": [
        column("n", "%rowIndex", collection=True)]}], "where": [{"path": "id = 'p3'"}]},
        [("p3", None)]),
    ("row_index", {"select": [ID, {"repeat": ["nothing"], "column": [
        column("n", "%rowIndex"), column("l", "x")]}]}, []),
    ("repeat", {"resource": "QuestionnaireResponse", "select": [{"repeat": ["item"], "select": [
        {"column": [column("l", "linkId")]},
        {"forEachOrNull": "answer", "column": [column("a", "value.ofType(string)")]}]}]},
        [("1", None), ("1.1", "a"), ("1.2", None), ("2", None)]),
    ("repeat", {"resource": "QuestionnaireResponse", "select": [ID, {"unionAll": [
        {"repeat": ["item"], "column": [column("t", "'i'"), column("l", "linkId")]},
        {"repeat": ["item", "answer.item"], "column": [
            column("t", "'a'"), column("l", "linkId")]}]}]},
        [("q1", "i", "1"), ("q1", "i", "1.1"), ("q1", "i", "1.2"), ("q1", "i", "2"),
         ("q1", "a", "1"), ("q1", "a", "1.1"), ("q1", "a", "1.2"), ("q1", "a", "1.2.1"),
         ("q1", "a", "2")]),
    ("collection", {"select": [ID, {"forEachOrNull": "name", "column": [
        column("f", "family"), column("g", "given", collection=True)]}]},
        [("p1", "Ash", ["Ada", "Bea"]), ("p1", None, ["Ade"]), ("p2", "Elm", ["Cai"]),
         ("p3", None, None)]),
    ("combinations", {"select": [{"select": [ID]}]}, [("p1",), ("p2",), ("p3",)]),
    ("combinations", {"select": [{**ID, "select": [{"column": [column("g", "gender")]}]}]},
        [("p1", "female"), ("p2", "male"), ("p3", None)]),
    ("combinations", {"select": [{"select": [ID, {"column": [column("g", "gender")]}]}],
        "where": [{"path": "id = 'p2'"}]}, [("p2", "male")]),
]  # fmt: skip

#: feature, what of the view, of what the refusal speaks
ERRORS: list[tuple[str, dict[str, Any], str]] = [
    ("validate", {"select": []}, "selects nothing"),
    ("validate", {"select": [{"forEach": 1, **ID}]}, "forEach"),
    ("validate", {"select": [{"forEach": "@@", **ID}]}, "part of a path"),
    ("validate", {"select": [ID], "where": [{"path": "name.family"}]}, "not true or false"),
    ("validate", {"select": {}}, "no list at select"),
    ("validate", {"resource": "", "select": [ID]}, "names no resource"),
    ("validate", {"select": [{}]}, "no column at select[0]"),
    ("validate", {"select": [{"column": [{"name": "a"}]}]}, "no path at select[0].column[0]"),
    ("validate", {"select": [{"column": [column("a b", "id")]}]}, "no name that a database takes"),
    ("validate", {"select": [ID, ID]}, "'id' is there twice"),
    ("validate", {"select": [{"forEach": "a", "forEachOrNull": "b", **ID}]}, "more than one of"),
    ("validate", {"select": [ID], "where": [{}]}, "no path at where[0]"),
    ("union", {"select": [{"unionAll": [ID, _PHONES]}]}, "differ from one to another"),
    ("constant", {"select": [ID], "where": [{"path": "id = %x"}]}, "%x is not defined"),
    ("constant", {"constant": [{"name": "x"}], "select": [ID]}, "not one name with one value"),
    ("fhirpath", {"select": [{"column": [column("a", "name..family")]}]}, "a name is expected"),
    ("fhirpath", {"select": [{"column": [column("a", "id)")]}]}, "not expected here"),
    ("fhirpath", {"select": [{"column": [column("a", "(id")]}]}, "')' is missing"),
    ("fhirpath", {"select": [{"column": [column("a", "id.vanish()")]}]}, "vanish() is not known"),
    ("fhirpath", {"select": [{"column": [column("a", "id.first(1)")]}]}, "takes 0 to 0"),
    ("fhirpath", {"select": [{"column": [column("a", "id ; x")]}]}, "no part of a path"),
    ("fhirpath", {"select": [{"column": [column("a", "(" * 200 + "id")]}]}, "nested too deeply"),
    ("collection", {"select": [{"column": [column("g", "name.given")]}]}, "more than one value"),
    ("basic", {"select": [{"column": [column("n", "name.first()")]}]}, "not a whole element"),
    ("where", {"select": [ID], "where": [{"path": "gender"}]}, "not true or false"),
    ("comparison", {"select": [ID], "where": [{"path": "gender > 1"}]}, "cannot be compared"),
]
