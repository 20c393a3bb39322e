"""A GP record as one practice hands it to the next: each statement, and what it belongs to."""

import json

import pytest

from tests.unit.gp2gp_extracts import (
    READ2,
    act,
    authorise,
    cd,
    composition,
    compound,
    discontinue,
    extract,
    medicine,
    narrative,
    observation,
    prescribe,
    problem,
    quantity,
    when,
)
from tests.unit.messages import body, of_kind
from tests.unit.messages import refused as refused_by
from tests.unit.messages import said as said_by
from wholerecord.intake import Reason
from wholerecord.intake.recognise import read

ASTHMA = cd("code", "195967001", "Asthma")
ASPIRIN = "Aspirin 75mg dispersible tablets"


def said(*statements, **more):
    return said_by(read, extract(composition(*statements), **more))


def refused(message):
    return refused_by(read, message)


def only(reading, kind):
    (one,) = of_kind(reading, kind)
    return one


@pytest.mark.parametrize("interaction", ["RCMR_IN030000UK06", "RCMR_IN030000UK07"])
def test_a_consultation_is_an_encounter_with_who_saw_the_patient(interaction):
    place = (
        "<location><locatedEntity><locatedPlace><name>Elm Surgery</name></locatedPlace>"
        "</locatedEntity></location>"
    )
    reading = said_by(read, extract(composition(more=place), interaction=interaction))
    one = only(reading, "Encounter")
    assert one["period"]["start"] == "2026-03-01T09:45:00+00:00"
    assert one["participant"][0]["individual"]["display"] == "Dr Ann Example"
    assert one["location"] == [{"location": {"display": "Elm Surgery"}}]
    assert reading.patients[0].about.number == "nhs:9990000018"
    assert [one.kind for one in reading.directory] == ["Practitioner"]


@pytest.mark.parametrize("code", ["196391000000103", "196401000000100", "109341000000100"])
def test_a_composition_that_only_gathers_data_is_no_encounter(code):
    reading = said_by(read, extract(composition(observation("O1", ASTHMA), code=code)))
    assert of_kind(reading, "Encounter") == []
    assert "encounter" not in only(reading, "Observation")


def test_an_observation_keeps_its_value_its_unit_and_its_note():
    reading = said(
        observation(
            "O1",
            cd("code", "27113001", "Body weight"),
            when("20260301094500"),
            quantity("71.50", "kg"),
            '<interpretationCode code="HI"><originalText>High</originalText></interpretationCode>',
            "<referenceRange><referenceInterpretationRange><value><low value='50'/>"
            "<high value='70'/></value></referenceInterpretationRange></referenceRange>",
            "<pertinentInformation><pertinentAnnotation><text>In shoes</text>"
            "</pertinentAnnotation></pertinentInformation>",
        )
    )
    one = only(reading, "Observation")
    saying = next(s for s in reading.patients[0].sayings if s.kind == "Observation")
    assert b'"value":71.50' in saying.body
    assert saying.place == "ehrComposition[1]/ObservationStatement[1]"
    assert one["valueQuantity"]["unit"] == "kg"
    assert one["interpretation"][0]["coding"][0]["code"] == "H"
    assert one["referenceRange"] == [{"low": {"value": 50}, "high": {"value": 70}}]
    assert one["note"] == [{"text": "In shoes"}]
    assert one["effectiveDateTime"] == "2026-03-01T09:45:00+00:00"
    assert one["encounter"] == {"reference": "Encounter/C1"}
    assert one["performer"][0]["display"] == "Dr Ann Example"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<high value="5" inclusive="false"/>', {"comparator": "<", "value": 5}),
        ('<high value="5" inclusive="true"/>', {"comparator": "<=", "value": 5}),
        ('<low value="5" inclusive="false"/>', {"comparator": ">", "value": 5}),
        ('<low value="5"/>', {"comparator": ">=", "value": 5}),
    ],
)
def test_an_open_interval_is_a_number_with_its_comparator(inside, expected):
    value = f'<value xsi:type="IVL_PQ">{inside}</value>'
    one = only(said(observation("O1", ASTHMA, value)), "Observation")
    assert one["valueQuantity"] == expected


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('<value xsi:type="ST">Clear</value>', "valueString"),
        ('<value xsi:type="PQ" value="many"/>', "valueString"),
        (f'<value xsi:type="CD" code="10828004" codeSystem="{READ2}"/>', "valueCodeableConcept"),
        ('<value xsi:type="IVL_PQ"><low value="1"/><high value="2"/></value>', "valueRange"),
    ],
)
def test_a_value_is_of_its_type_or_stays_text(value, name):
    assert name in only(said(observation("O1", ASTHMA, value)), "Observation")


EIGHTY = quantity("80", "mm[Hg]")


def blood_pressure(*more, diastolic=EIGHTY):
    return compound(
        "B1",
        cd("code", "163035008", "Sitting blood pressure"),
        when("20260301"),
        observation("S1", cd("code", "407554009", "Sitting systolic"), quantity("120", "mm[Hg]")),
        observation("D1", cd("code", "1", "Sitting diastolic blood pressure"), diastolic),
        *more,
        cls="BATTERY",
    )


def test_a_blood_pressure_is_one_observation_of_two_parts():
    reading = said(blood_pressure(narrative("N1", "Left arm")))
    one = only(reading, "Observation")
    systolic, diastolic = one["component"]
    assert (systolic["valueQuantity"]["value"], diastolic["valueQuantity"]["value"]) == (120, 80)
    assert {c["code"] for c in systolic["code"]["coding"]} == {"407554009", "8480-6"}
    assert [c["code"] for c in one["code"]["coding"]] == ["163035008", "85354-9"]
    assert one["note"] == [{"text": "Left arm"}]


def test_a_half_measured_blood_pressure_says_what_is_missing():
    parts = only(said(blood_pressure(diastolic="")), "Observation")["component"]
    assert "valueQuantity" not in parts[1]
    assert parts[1]["dataAbsentReason"]["text"]


def test_three_pressures_together_stay_apart():
    """Which diastolic belongs to which systolic is not said, so none is guessed."""
    extra = observation("S2", cd("code", "271649006", "Systolic"), quantity("130", "mm[Hg]"))
    assert len(of_kind(said(blood_pressure(extra)), "Observation")) == 4


def test_a_category_of_allergies_makes_them_allergies():
    reading = said(
        compound(
            "G1",
            cd("code", "14L..00", "H/O: drug allergy", READ2),
            observation("A9", cd("code", "91936005", "Allergy to penicillin"), when("20100118")),
            cls="CATEGORY",
        )
    )
    one = only(reading, "AllergyIntolerance")
    assert one["category"] == ["medication"]
    assert one["clinicalStatus"]["coding"][0]["code"] == "active"
    assert one["code"]["coding"][0]["code"] == "91936005"
    assert one["onsetDateTime"] == "2010-01-18"


def test_an_allergy_whose_substance_is_its_value_is_to_that_substance():
    value = '<value xsi:type="CD" code="764146007" codeSystem="{}" displayName="Penicillin"/>'
    code = cd(
        "code",
        "196461000000101",
        "Transfer-degraded drug allergy",
        inside="<originalText>Drug allergy</originalText>",
    )
    reading = said(observation("A9", code, value.format("2.16.840.1.113883.2.1.3.2.4.15")))
    one = only(reading, "AllergyIntolerance")
    assert one["code"]["text"] == "Penicillin"
    assert one["note"] == [{"text": "Drug allergy"}]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("First hepatitis B vaccination", "Immunization"),
        ("Seasonal influenza immunisation", "Immunization"),
        ("Influenza vaccination declined", "Observation"),
        ("No consent for MMR vaccine", "Observation"),
        ("Vaccination invitation first letter sent", "Observation"),
        ("Adverse reaction to vaccine", "Observation"),
    ],
)
def test_a_vaccination_is_one_only_where_it_was_given(words, kind):
    reading = said(observation("V1", cd("code", "170370000", words), when("20200106")))
    assert len(of_kind(reading, kind)) == 1


def test_a_vaccination_keeps_its_batch():
    note = (
        "<pertinentInformation><pertinentAnnotation><text>Batch: hep12345 Left arm</text>"
        "</pertinentAnnotation></pertinentInformation>"
    )
    code = cd("code", "170370000", "First hepatitis B vaccination")
    one = only(said(observation("V1", code, when("20200106"), note)), "Immunization")
    assert one["lotNumber"] == "hep12345"
    assert one["occurrenceDateTime"] == "2020-01-06"
    assert one["vaccineCode"] == {"text": "First hepatitis B vaccination"}


def test_a_problem_is_what_it_names_and_is_about_what_it_links():
    reading = said(
        observation("O1", ASTHMA), narrative("N1", "Wheezy"), problem("L1", "O1", "N1", "GONE")
    )
    one = only(reading, "Condition")
    assert one["code"]["coding"][0]["code"] == "195967001"
    assert one["clinicalStatus"]["coding"][0]["code"] == "active"
    assert one["onsetDateTime"] == "2019"
    urls = {each["url"].rpartition("-")[2]: each for each in one["extension"]}
    assert urls["ProblemSignificance"]["valueCode"] == "major"
    assert urls["ActualProblem"]["valueReference"] == {"reference": "Observation/O1"}
    assert urls["RelatedClinicalContent"]["valueReference"] == {"reference": "Observation/N1"}


def test_an_inactive_problem_has_its_end():
    high = '<high value="20200101"/>'
    link = problem("L1", "O1", code="394775005", words="Inactive Problem", high=high)
    one = only(said(observation("O1", ASTHMA), link), "Condition")
    assert one["clinicalStatus"]["coding"][0]["code"] == "inactive"
    assert one["abatementDateTime"] == "2020-01-01"


def test_a_problem_that_names_nothing_is_kept_and_parked():
    reading = said(problem("L1", "GONE"))
    assert only(reading, "Condition")["code"]["text"] == "Active Problem"
    (fault,) = reading.faults
    assert fault.reason is Reason.CUT_SHORT


def test_two_placeholder_codes_are_never_one_thing():
    first, second = (
        cd(
            "code",
            "196411000000103",
            "Transfer-degraded record entry",
            inside=f"<originalText>{words}</originalText>",
        )
        for words in ("Gluten test", "Hernia")
    )
    reading = said(observation("O1", first), observation("O2", second))
    codes = [one["code"] for one in of_kind(reading, "Observation")]
    assert codes == [{"text": "Gluten test"}, {"text": "Hernia"}]


def test_a_description_is_not_taken_for_a_concept():
    one = only(said(observation("O1", cd("code", "264160017", "First dose"))), "Observation")
    (coding,) = one["code"]["coding"]
    assert "code" not in coding
    assert coding["extension"][0]["extension"] == [{"url": "descriptionId", "valueId": "264160017"}]


def test_a_medicine_authorised_issued_and_stopped():
    reading = said(
        medicine("M1", authorise("P1")),
        medicine("M2", prescribe("R1", "P1"), mood="ORD"),
        medicine("M3", authorise("P2", repeats=0, status="COMPLETE"), extra=discontinue("P2")),
    )
    plan, order, stopped = of_kind(reading, "MedicationRequest")
    assert (plan["intent"], plan["status"]) == ("plan", "active")
    assert plan["dispenseRequest"]["numberOfRepeatsAllowed"] == 6
    assert plan["dispenseRequest"]["quantity"] == {"value": 28, "unit": "tablet"}
    assert plan["dispenseRequest"]["expectedSupplyDuration"]["value"] == 28
    assert plan["dosageInstruction"] == [{"text": "One each day"}]
    assert plan["medicationCodeableConcept"]["text"] == ASPIRIN
    assert (order["intent"], order["status"]) == ("order", "completed")
    assert order["basedOn"] == [{"reference": "MedicationRequest/P1"}]
    assert stopped["status"] == "stopped"
    assert stopped["statusReason"] == {"text": "Bleeding"}
    assert stopped["courseOfTherapyType"]["coding"][0]["code"] == "acute"


def test_a_discontinuation_of_what_is_not_there_is_parked():
    reading = said(medicine("M1", authorise("P1"), extra=discontinue("GONE")))
    assert [fault.reason for fault in reading.faults] == [Reason.CUT_SHORT]
    assert only(reading, "MedicationRequest")["status"] == "active"


def test_a_laboratory_report_holds_its_specimen_its_results_and_their_comments():
    result = compound(
        "K1",
        cd("code", "1022431000000105", "Haemoglobin"),
        observation("O1", cd("code", "1022431000000105", "Haemoglobin"), quantity("9.5", "g/dL")),
        narrative("N2", "CommentType:AGGREGATE COMMENT SET\nCommentDate:20260301\n\nRepeat soon"),
    )
    specimen = compound(
        "SP",
        cd("code", "123038009", "specimen"),
        '<specimen><specimenRole><id root="X" extension="LAB7"/>'
        f"{when('20260228')}<specimenSpecimenMaterial><desc>Blood</desc></specimenSpecimenMaterial>"
        "</specimenRole></specimen>",
        result,
    )
    reading = said(
        compound(
            "DR",
            cd("code", "16488004", "laboratory reporting"),
            narrative("N1", "Normal"),
            specimen,
        )
    )
    report, one = only(reading, "DiagnosticReport"), only(reading, "Observation")
    assert report["result"] == [{"reference": "Observation/O1"}]
    assert report["specimen"] == [{"reference": "Specimen/SP"}]
    assert report["conclusion"] == "Normal"
    assert one["note"][0]["text"] == "Repeat soon"
    assert one["specimen"] == {"reference": "Specimen/SP"}
    assert one["effectiveDateTime"] == "2026-02-28"
    taken = only(reading, "Specimen")
    assert (taken["accessionIdentifier"], taken["type"]) == ({"value": "LAB7"}, {"text": "Blood"})


def test_a_battery_names_its_members():
    reading = said(
        compound(
            "B1",
            cd("code", "26604007", "FBC"),
            observation("O1", cd("code", "1", "Haemoglobin"), quantity("9.5", "g/dL")),
            observation("O2", cd("code", "2", "Platelets"), quantity("200", "10*9/L")),
            cls="BATTERY",
        )
    )
    group = of_kind(reading, "Observation")[0]
    assert group["hasMember"] == [{"reference": "Observation/O1"}, {"reference": "Observation/O2"}]


def test_headings_of_a_consultation_stay_with_what_stands_under_them():
    inner = compound(
        "H2",
        '<code nullFlavor="UNK"><originalText>History</originalText></code>',
        narrative("N1", "Cough for a week"),
        cls="CATEGORY",
    )
    outer = compound(
        "H1", '<code nullFlavor="UNK"><originalText>Chest</originalText></code>', inner, cls="TOPIC"
    )
    one = only(said(outer), "Observation")
    assert one["valueString"] == "Cough for a week"
    assert one["category"] == [{"text": "Chest / History"}]


def test_a_document_is_referred_to():
    document = (
        '<reference><referredToExternalDocument classCode="DOC"><id root="X"/>'
        f'{cd("code", "37251000000104", "Letter")}<text mediaType="application/pdf">'
        '<reference value="file://localhost/X.pdf"/></text></referredToExternalDocument></reference>'
    )
    one = only(said(narrative("N1", "Referral letter", document)), "DocumentReference")
    attachment = one["content"][0]["attachment"]
    assert attachment == {"contentType": "application/pdf", "url": "file://localhost/X.pdf"}
    assert one["description"] == "Referral letter"
    assert one["date"] == "2026-03-01T00:00:00Z"


def test_a_referral_and_a_plan_are_requests():
    reading = said(
        act(
            "RequestStatement",
            "R1",
            cd("code", "1", "Refer to counsellor"),
            "<text>Recipient: X</text>",
            mood="RQO",
        ),
        act(
            "PlanStatement",
            "P1",
            cd("code", "2", "Medication review"),
            when("20270101"),
            mood="INT",
        ),
    )
    referral, plan = of_kind(reading, "ServiceRequest")
    assert (referral["intent"], referral["note"]) == ("order", [{"text": "Recipient: X"}])
    assert (plan["intent"], plan["occurrenceDateTime"]) == ("plan", "2027-01-01")


def test_what_a_relative_has_is_not_the_patients():
    subject = (
        "<subject><personalRelationship>"
        f"{cd('code', '72705000', 'Mother')}</personalRelationship></subject>"
    )
    reading = said(observation("O1", ASTHMA, subject))
    one = only(reading, "FamilyMemberHistory")
    assert one["relationship"]["text"] == "Mother"
    assert one["condition"][0]["code"]["text"] == "Asthma"
    assert of_kind(reading, "Observation") == []


def test_what_is_said_not_to_be_so_is_parked_and_never_a_finding():
    reading = said(observation("O1", ASTHMA, attributes=' negationInd="true"'))
    assert of_kind(reading, "Observation") == []
    (fault,) = reading.faults
    assert fault.detail == "ObservationStatement, negated"
    assert fault.place == "ehrComposition[1]/ObservationStatement[1]"


def test_what_the_patient_may_not_be_shown_is_marked():
    hidden = '<confidentialityCode code="NOPAT"/>'
    one = only(said(observation("O1", ASTHMA, hidden)), "Observation")
    assert one["meta"]["security"][0]["code"] == "NOPAT"


def test_a_statement_nobody_knows_is_parked_and_the_rest_is_filed():
    reading = said(act("RegistrationStatement", "Z1"), observation("O1", ASTHMA))
    assert [fault.detail for fault in reading.faults] == ["RegistrationStatement"]
    assert len(of_kind(reading, "Observation")) == 1


def test_two_statements_under_one_id_stay_two():
    reading = said(observation("O1", ASTHMA), observation("O1", cd("code", "1", "Cough")))
    ids = [one["id"] for one in of_kind(reading, "Observation")]
    assert len(set(ids)) == 2


def test_an_extract_sent_again_is_a_later_version_of_each_thing():
    again = [
        [(one.kind, body(one)["id"]) for one in said(observation("O1", ASTHMA)).patients[0].sayings]
        for _ in range(2)
    ]
    assert again[0] == again[1]


def test_nobody_is_filed_under_a_number_with_a_wrong_check_digit():
    """One that is used for tests stands in many people's extracts."""
    first, second = (
        said(observation("O1", cd("code", "1", words)), number="1234567890").patients[0]
        for words in ("Asthma", "Cough")
    )
    assert first.about != second.about
    assert "1234567890" not in first.about.number
    assert json.loads(first.sayings[0].body)["identifier"][0]["value"] == "1234567890"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (extract().replace(b"recordTarget", b"nobody"), Reason.NO_PATIENT),
        (extract().replace(b"EhrExtract", b"Something"), Reason.NOT_READ_YET),
        (extract()[:-30], Reason.BAD_XML),
        (b"<!DOCTYPE x>" + extract(), Reason.BAD_XML),
        (b'<COPC_IN000001UK01 xmlns="urn:hl7-org:v3"/>', Reason.NOT_READ_YET),
    ],
)
def test_what_is_no_extract_says_why(message, reason):
    assert refused(message).reason is reason


def test_compounds_nested_without_end_are_parked_and_do_not_hang():
    deep = observation("O1", ASTHMA)
    for n in range(200):
        deep = compound(f"T{n}", '<code nullFlavor="UNK"/>', deep, cls="TOPIC")
    reading = said(deep, observation("O2", ASTHMA))
    assert len(of_kind(reading, "Observation")) == 1
    assert [fault.detail for fault in reading.faults] == ["CompoundStatement"]
