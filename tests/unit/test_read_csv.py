"""Tables: what a column map says is what is read, and nothing is guessed."""

import json

import pytest

from tests.unit.messages import NHS, kept, numbers, of_kind
from tests.unit.messages import refused as refused_by
from tests.unit.messages import said as said_by
from wholerecord.intake import Reason
from wholerecord.intake.csv import read

COLUMNS = {
    "date_format": "%d/%m/%Y",
    "person": {
        "number": "Person",
        "nhs_number": "NHS",
        "family": "Surname",
        "given": "Forenames",
        "born": "Born",
        "sex": "Sex",
        "sex_codes": {"1": "male", "2": "female"},
        "postcode": "Postcode",
    },
    "rows": [
        {
            "shape": "service",
            "id": ["Ref"],
            "title": "Service",
            "start": "From",
            "end": "To",
            "provider": "Provider",
            "worker": "Worker",
            "details": {"Setting": "Setting"},
        }
    ],
    "optional": ["To"],
    "ignore": ["Row"],
}
HEADER = (
    "Row,Person,NHS,Surname,Forenames,Born,Sex,Postcode,Ref,Service,From,To,Provider,Worker,Setting"
)
ROW = (
    "1,77,9990000018,Ashe,Mary Ann,02/03/1950,2,LS2 9JT,A1,Home care,01/02/2024,,Kindly,J Kaur,Home"
)


def table(*rows, header=HEADER, end="\r\n"):
    return (end.join((header, *rows)) + end).encode()


def said(body, columns=None):
    return said_by(read, body, json.dumps(columns or COLUMNS).encode())


def refused(body, columns=None):
    return refused_by(read, body, json.dumps(columns or COLUMNS).encode())


def row_map(**row):
    """A map of two columns more than a person's number."""
    columns = {"person": {"number": "Person"}, "rows": [{"title": "What", **row}]}
    return {**columns, "optional": ["From", "To"], "date_format": "%Y-%m-%d"}


def test_a_row_is_a_person_and_a_service():
    reading = said(table(ROW))
    assert numbers(reading) == ["77"]
    (who,) = of_kind(reading, "Patient")
    assert who["name"] == [{"use": "official", "family": "Ashe", "given": ["Mary", "Ann"]}]
    assert (who["birthDate"], who["gender"]) == ("1950-03-02", "female")
    assert {"system": NHS, "value": "9990000018"} in who["identifier"]
    (plan,) = of_kind(reading, "CarePlan")
    assert plan["id"] == "service-A1"
    assert plan["category"][0]["coding"][0] == {
        "system": "https://wholerecord.example/CodeSystem/category",
        "code": "social-care",
    }
    assert (plan["status"], plan["title"]) == ("active", "Home care")
    assert plan["period"] == {"start": "2024-02-01"}
    assert plan["contributor"] == [{"display": "J Kaur"}, {"display": "Kindly"}]
    assert plan["note"] == [{"text": "Setting: Home"}]


def test_a_person_on_many_rows_is_said_once():
    second = ROW.replace("A1", "A2").replace("1,77", "2,77")
    reading = said(table(ROW, second))
    assert [one.kind for one in reading.patients[0].sayings] == ["Patient", "CarePlan", "CarePlan"]


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_the_character_set(mark):
    body = table(ROW.replace("Ashe", "Ashé")).decode().encode(mark)
    assert of_kind(said(body), "Patient")[0]["name"][0]["family"] == "Ashé"


def test_the_map_says_the_character_set_where_no_mark_does():
    body = table(ROW.replace("Ashe", "Ashé")).decode().encode("cp1252")
    assert refused(body).reason is Reason.NOT_TEXT
    reading = said(body, {**COLUMNS, "encoding": "cp1252"})
    assert of_kind(reading, "Patient")[0]["name"][0]["family"] == "Ashé"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_break_within_quotes_is_part_of_the_value(end):
    quoted = ROW.replace("Home care", f'"Home care,{end}3 times"')
    reading = said(table(quoted, ROW.replace("02/03/1950", "?"), end=end))
    assert of_kind(reading, "CarePlan")[0]["title"] == f"Home care,{end}3 times"
    assert reading.faults[0].place == "line 4"


def test_a_bad_value_parks_its_row_and_files_the_rest():
    bad = [
        ROW.replace("02/03/1950", "31/02/1950"),
        ROW.replace(",2,LS2", ",9,LS2"),
        ROW.replace("1,77,", "1,,"),
        "1,2,3",
    ]
    reading = said(table(*bad, ROW))
    assert [(f.reason, f.place, f.detail) for f in reading.faults] == [
        (Reason.BAD_VALUE, "line 2", "Born"),
        (Reason.BAD_VALUE, "line 3", "Sex"),
        (Reason.NO_PATIENT, "line 4", "Person"),
        (Reason.BAD_VALUE, "line 5", "3 values under 15 columns"),
    ]
    assert len(of_kind(reading, "CarePlan")) == 1


@pytest.mark.parametrize(
    ("header", "reason", "detail"),
    [
        (HEADER + ",Extra", Reason.UNKNOWN_COLUMN, "Extra"),
        (HEADER.replace("Worker", "Wrker"), Reason.UNKNOWN_COLUMN, "Wrker"),
        (HEADER.replace(",Worker", ""), Reason.MISSING_COLUMN, "Worker"),
        (HEADER + ",Row", Reason.UNKNOWN_COLUMN, "Row, a second time"),
        (ROW, Reason.MISSING_COLUMN, "the first line names none of the map's columns"),
    ],
)
def test_a_table_whose_columns_are_not_the_maps_is_parked_whole(header, reason, detail):
    fault = refused(table(ROW, header=header))
    assert (fault.reason, fault.detail) == (reason, detail)


def test_an_optional_column_may_be_missing():
    row = ROW.replace("01/02/2024,,", "01/02/2024,")
    assert of_kind(said(table(row, header=HEADER.replace(",To", ""))), "CarePlan")


def test_a_table_that_stops_in_quotes_is_cut_short_and_what_came_before_is_filed():
    reading = said(table(ROW) + b'2,78,"never ends')
    assert [(f.reason, f.place) for f in reading.faults] == [(Reason.CUT_SHORT, "line 3")]
    assert numbers(reading) == ["77"]


def test_a_value_too_large_to_be_one_is_parked():
    reading = said(table(ROW, "x" * 200_000))
    assert reading.faults[0].reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (b"", Reason.NO_COLUMNS),
        (b"{}", Reason.NO_COLUMNS),
        (json.dumps({**COLUMNS, "colour": "red"}).encode(), Reason.NO_COLUMNS),
        (json.dumps({**COLUMNS, "encoding": "cp9"}).encode(), Reason.NO_COLUMNS),
        (json.dumps({**COLUMNS, "delimiter": ",,"}).encode(), Reason.NO_COLUMNS),
        *(
            (json.dumps({**COLUMNS, **wrong}).encode(), Reason.NO_COLUMNS)
            for written in ("%d%d/%m/%Y", "%q", "%", "%Y" * 60, "%-d/%m/%Y")
            for wrong in ({"date_format": written}, {"date_formats": {"From": written}})
        ),
        (json.dumps({**COLUMNS, "encoding": "base64"}).encode(), Reason.NOT_TEXT),
    ],
)
def test_without_a_usable_map_nothing_is_read(columns, reason):
    assert read(kept(table(ROW), columns)).fault.reason is reason


@pytest.mark.parametrize(
    ("row", "values", "kind", "elements"),
    [
        ({"shape": "request"}, "Grab rail,,", "ServiceRequest", {"code": {"text": "Grab rail"}}),
        (
            {"shape": "need", "start": "From", "end": "To"},
            "Help with washing,2024-01-02,2024-02-03",
            "Condition",
            {"onsetDateTime": "2024-01-02", "abatementDateTime": "2024-02-03"},
        ),
        (
            {"shape": "flag", "start": "From", "category": "safeguarding"},
            "Key safe,2024-01-02,",
            "Flag",
            {"status": "active", "code": {"text": "Key safe"}},
        ),
        (
            {"shape": "observation", "value": "To", "start": "From"},
            "Barthel index,2024-01-02,14.50",
            "Observation",
            {"valueQuantity": {"value": 14.5}, "effectiveDateTime": "2024-01-02"},
        ),
        (
            {"shape": "observation", "value": "To"},
            "Lives alone,,yes",
            "Observation",
            {"valueString": "yes"},
        ),
        (
            {"shape": "carer", "phone": "To"},
            "Tom Ashe,,0113 496 0000",
            "RelatedPerson",
            {"name": [{"text": "Tom Ashe"}], "patient": {"reference": "Patient/77"}},
        ),
        (
            {
                "shape": "condition",
                "title": "",
                "code": "What",
                "system": "http://snomed.info/sct",
                "codes": {"D": {"code": "52448006", "display": "Dementia"}},
            },
            "D,,",
            "Condition",
            {
                "code": {
                    "coding": [
                        {
                            "system": "http://snomed.info/sct",
                            "code": "52448006",
                            "display": "Dementia",
                        }
                    ],
                    "text": "Dementia",
                }
            },
        ),
    ],
)
def test_each_shape_makes_its_resource(row, values, kind, elements):
    columns = {**row_map(**row), "ignore": ["From", "To"]}
    reading = said(table(f"77,{values}", header="Person,What,From,To"), columns)
    (made,) = of_kind(reading, kind)
    assert {name: made.get(name) for name in elements} == elements


def test_a_code_the_map_does_not_translate_parks_the_row():
    columns = row_map(shape="need", title="", code="What", codes={"D": {"code": "1"}})
    reading = said(table("77,E", header="Person,What"), columns)
    assert [(f.reason, f.detail) for f in reading.faults] == [(Reason.BAD_VALUE, "What")]


def test_words_in_a_column_stand_before_what_the_template_means():
    means = {"system": "http://loinc.org", "code": "1", "display": "Score"}
    columns = row_map(shape="observation", value="To", means=means)
    reading = said(table("77,Barthel,14", "78,,15", header="Person,What,To"), columns)
    made = of_kind(reading, "Observation")
    assert [one["code"]["text"] for one in made] == ["Barthel", "Score"]


def test_a_template_is_used_only_for_its_rows():
    columns = row_map(shape="need", when={"column": "What", "values": ["Washing"]})
    reading = said(table("77,Washing", "77,Dressing", header="Person,What"), columns)
    assert [one["code"]["text"] for one in of_kind(reading, "Condition")] == ["Washing"]
    assert [(f.reason, f.place) for f in reading.faults] == [(Reason.BAD_VALUE, "line 3")]


def test_a_row_that_only_says_who_somebody_is_is_enough():
    reading = said(table("77,", header="Person,What"), row_map(shape="need"))
    assert [one.kind for one in reading.patients[0].sayings] == ["Patient"]


def test_a_time_on_the_clock_gets_englands_zone():
    columns = row_map(shape="need", recorded="From")
    columns = {**columns, "date_formats": {"From": "%d/%m/%Y %H:%M"}}
    reading = said(table("77,Washing,01/07/2024 09:30", header="Person,What,From"), columns)
    recorded = of_kind(reading, "Condition")[0]["recordedDate"]
    assert recorded in {"2024-07-01T09:30:00+01:00", "2024-07-01"}
