"""CDA documents read: what their header, narrative and entries become."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.unit.cda_documents import (
    SNOMED,
    TEMPLATE,
    V3,
    WHO,
    act,
    document,
    read,
    resource,
    resources,
    section,
    value,
)
from wholerecord.fold import Kind, fold
from wholerecord.intake import Reading, Reason, Unreadable
from wholerecord.record import MessageId, PatientId, Statement

PROBLEM = f"""<observation classCode="OBS" moodCode="EVN"><id root="1.5" extension="P1"/>
  <effectiveTime><low value="20260218"/></effectiveTime>
  {value("230690007", "Stroke")}
  <author><time value="20260220"/></author></observation>"""


def folded(body):
    [patient] = read(body).patients
    return fold(
        [
            Statement(
                patient=PatientId(1),
                source="s",
                t=1,
                n=n,
                kind=one.kind,
                message=MessageId(1),
                place=one.place,
                received=datetime(2026, 3, 3, tzinfo=UTC),
                body=one.body,
            )
            for n, one in enumerate(patient.sayings)
        ]
    )


def text_of(letter):
    return b64decode(letter["content"][0]["attachment"]["data"]).decode()


def test_a_header_says_who_it_is_and_by_which_number_the_source_knows_them():
    reading = read(document())
    assert isinstance(reading, Reading)
    [patient] = reading.patients
    assert patient.about.number == "RXX:H77"
    who = resource(document(), "Patient")
    assert who["name"] == [
        {"use": "official", "prefix": ["Mrs"], "given": ["Ada", "Mary"], "family": "Okafor"}
    ]
    assert (who["birthDate"], who["gender"]) == ("1948-03-02", "female")
    nhs = who["identifier"][1]
    assert (nhs["system"], nhs["value"]) == ("https://fhir.nhs.uk/Id/nhs-number", "9990000018")
    assert nhs["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "01"
    assert who["address"][0]["postalCode"] == "LS2 9JT"
    assert [one["value"] for one in who["telecom"]] == ["01632960001", "ada@example.com"]
    assert who["generalPractitioner"][0]["identifier"]["value"] == "B86001"


@pytest.mark.parametrize(
    ("ids", "number"),
    [
        ('<id root="2.16.840.1.113883.2.1.4.1" extension="9990000018"/>', "nhs:9990000018"),
        ('<id root="1.2.3" extension="5"/>', "1.2.3:5"),
        ('<id root="2.16.840.1.113883.4.1" extension="1"/><id root="1.2" extension="5"/>', "1.2:5"),
    ],
)
def test_a_patient_is_filed_by_the_local_number_else_by_a_valid_nhs_number(ids, number):
    who = f"<patientRole>{ids}<patient/></patientRole>"
    assert read(document(who=who)).patients[0].about.number == number


def test_a_person_without_a_usable_number_is_known_by_what_is_said_of_them():
    bad = '<id root="2.16.840.1.113883.2.1.4.1" extension="9990000019"/>'
    named = "<name><family>Okafor</family></name><birthTime value='19480302'/>"
    who = f"<patientRole>{bad}<patient>{named}</patient></patientRole>"
    first, again = (read(document(who=who)).patients[0].about.number for _ in range(2))
    assert first == again
    assert "9990000019" not in first


@pytest.mark.parametrize("who", ["", "<patientRole/>", "<patientRole><patient/></patientRole>"])
def test_a_document_of_nobody_is_parked(who):
    said = read(document(who=who))
    assert isinstance(said, Unreadable)
    assert said.fault.reason is Reason.NO_PATIENT


def test_a_document_of_two_people_is_parked():
    two = document().replace(
        b"</recordTarget>", f"</recordTarget><recordTarget>{WHO}</recordTarget>".encode()
    )
    said = read(two)
    assert isinstance(said, Unreadable)
    assert said.fault.reason is Reason.SEVERAL_PATIENTS


def test_the_narrative_is_kept_as_plain_text_and_never_as_html():
    text = (
        "<paragraph>Seen on <content styleCode='Bold'>Ward 4</content>.</paragraph>"
        "<table><tbody><tr><th>Dose</th><td>5 mg</td></tr><tr><th>When</th><td>Noon</td></tr>"
        "</tbody></table><list><item>&lt;script&gt;alert(1)&lt;/script&gt;</item></list>"
    )
    letter = resource(document(section("8648-8", "Course", text)), "DocumentReference")
    assert letter["content"][0]["attachment"]["contentType"] == "text/plain"
    assert text_of(letter) == (
        "Course\nSeen on Ward 4.\nDose | 5 mg\nWhen | Noon\n<script>alert(1)</script>"
    )
    assert letter["description"] == "Discharge from Ward 4"
    assert letter["date"] == "2026-03-02T10:15:00+00:00"
    assert letter["author"] == [{"display": "Dr Mina Hale"}]


def test_sections_within_sections_keep_their_order():
    inner = f"<component>{section('1', 'Inner', 'two')}</component></section>"
    outer = section("1", "Outer", "one").replace("</section>", inner)
    letter = resource(document(outer, section("2", "Last", "three")), "DocumentReference")
    assert text_of(letter) == "Outer\none\n\nInner\ntwo\n\nLast\nthree"


def test_a_problem_is_a_condition_with_its_dates_and_who_recorded_it():
    said = resource(document(section("11450-4", "Problems", "Stroke", act(PROBLEM))), "Condition")
    assert said["code"]["coding"][0]["code"] == "230690007"
    assert said["onsetDateTime"] == "2026-02-18"
    assert said["recordedDate"] == "2026-02-20"
    assert said["clinicalStatus"]["coding"][0]["code"] == "active"
    assert said["recorder"] == {"display": "Dr Mina Hale"}
    assert said["meta"]["lastUpdated"] == "2026-03-02T10:15:00+00:00"


def test_a_problem_that_the_person_does_not_have_is_refuted():
    denied = PROBLEM.replace("<observation ", '<observation negationInd="true" ')
    body = document(section("11450-4", "Problems", "No stroke", act(denied)))
    said = resource(body, "Condition")
    assert said["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert "clinicalStatus" not in said


def test_no_known_problems_is_a_statement_that_there_are_none():
    denied = f"""<observation negationInd="true">{value("55607006", "Problem")}</observation>"""
    record = folded(document(section("11450-4", "Problems", "None", act(denied))))
    assert [negative.kind for negative in record.negatives] == [Kind.CONDITION]
    assert not record.of(Kind.CONDITION)


def allergy(substance="", negation="", kind="416098002", more=""):
    playing = (
        f"<participant typeCode='CSM'><participantRole><playingEntity>{substance}"
        "</playingEntity></participantRole></participant>"
        if substance
        else ""
    )
    return act(
        f"<observation {negation}><templateId root='{TEMPLATE}7'/><id root='1.6'/>"
        f"{value(kind, 'Allergy')}{playing}{more}</observation>"
    )


PENICILLIN = f'<code code="764146007" codeSystem="{SNOMED}" displayName="Penicillin"/>'


def test_an_allergy_has_its_substance_reaction_and_how_bad_it_was():
    severity = (
        f"<entryRelationship typeCode='SUBJ'><observation><templateId root='{TEMPLATE}8'/>"
        f"{value('24484000', 'Severe')}</observation></entryRelationship>"
    )
    reaction = (
        f"<entryRelationship typeCode='MFST'><observation><templateId root='{TEMPLATE}9'/>"
        f"{value('39579001', 'Anaphylaxis')}{severity}</observation></entryRelationship>"
        f"<entryRelationship typeCode='SUBJ'><observation><templateId root='{TEMPLATE}145'/>"
        "<value xsi:type='CD' code='CRITH'/></observation></entryRelationship>"
    )
    body = document(section("48765-2", "Allergies", "", allergy(PENICILLIN, more=reaction)))
    said = resource(body, "AllergyIntolerance")
    assert said["code"]["text"] == "Penicillin"
    assert (said["type"], said["category"]) == ("allergy", ["medication"])
    assert said["criticality"] == "high"
    assert said["reaction"][0]["manifestation"][0]["text"] == "Anaphylaxis"
    assert said["reaction"][0]["severity"] == "severe"


@pytest.mark.parametrize(
    ("substance", "kind", "words"),
    [
        ("", "419199007", "No known allergies"),
        ('<code nullFlavor="NA"/>', "420134006", "No known allergies"),
        (f'<code code="105590001" codeSystem="{SNOMED}"/>', "419199007", "No known allergies"),
        (f'<code code="410942007" codeSystem="{SNOMED}"/>', "416098002", "No known drug allergies"),
        ("", "416098002", "No known drug allergies"),
    ],
)
def test_a_denied_allergy_is_a_dated_denial_and_never_an_allergy(substance, kind, words):
    denied = allergy(substance, 'negationInd="true"', kind)
    record = folded(document(section("48765-2", "Allergies", "None", denied)))
    assert [(one.kind, one.said.words) for one in record.negatives] == [(Kind.ALLERGY, words)]
    assert not record.of(Kind.ALLERGY)


def test_one_substance_that_is_tolerated_is_refuted_and_denies_no_other():
    body = document(section("48765-2", "A", "", allergy(PENICILLIN, 'negationInd="true"')))
    said = resource(body, "AllergyIntolerance")
    assert said["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert not folded(body).negatives


def test_an_allergy_to_nothing_named_is_a_fault_and_the_narrative_stays():
    reading = read(document(section("48765-2", "Allergies", "Ask her", allergy())))
    assert [fault.reason for fault in reading.faults] == [Reason.BAD_VALUE]
    assert reading.faults[0].place == "section[1] entry[1]"
    assert [one.kind for one in reading.patients[0].sayings] == ["Patient", "DocumentReference"]


def medicine(mood="EVN", status="active", high="", negation="", code='code="42104711000001108"'):
    ends = f'<high value="{high}"/>' if high else ""
    return f"""<substanceAdministration moodCode="{mood}" {negation}>
      <templateId root="{TEMPLATE}16"/><id root="1.7"/><statusCode code="{status}"/>
      <effectiveTime xsi:type="IVL_TS"><low value="20260220"/>{ends}</effectiveTime>
      <effectiveTime xsi:type="PIVL_TS" operator="A"><period value="12" unit="h"/></effectiveTime>
      <routeCode code="26643006" codeSystem="{SNOMED}" displayName="Oral"/>
      <doseQuantity value="5.0" unit="mg"/>
      <consumable><manufacturedProduct><manufacturedMaterial>
        <code {code} codeSystem="{SNOMED}" displayName="Apixaban"/>
      </manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"""


def test_a_medicine_taken_says_its_dose_as_written_and_whether_it_goes_on():
    said = resource(document(section("10160-0", "M", "", medicine())), "MedicationStatement")
    assert said["status"] == "active"
    assert said["effectiveDateTime"] == "2026-02-20"
    [dosage] = said["dosage"]
    assert dosage["text"] == "5.0 mg oral every 12 h"
    assert str(dosage["doseAndRate"][0]["doseQuantity"]["value"]) == "5.0"
    ended = document(section("10160-0", "M", "", medicine(high="20260225")))
    assert resource(ended, "MedicationStatement")["status"] == "completed"


def test_a_medicine_that_is_intended_is_an_order():
    said = resource(document(section("10160-0", "M", "", medicine("INT"))), "MedicationRequest")
    assert (said["intent"], said["status"]) == ("order", "active")


@pytest.mark.parametrize(
    ("code", "status"), [('code="410942007"', "active"), ('code="1"', "not-taken")]
)
def test_no_medicines_is_a_denial_and_one_not_taken_is_not(code, status):
    body = document(section("10160-0", "M", "", medicine(negation='negationInd="true"', code=code)))
    assert resource(body, "MedicationStatement")["status"] == status
    assert [one.kind for one in folded(body).negatives] == (
        [Kind.MEDICINE] if status == "active" else []
    )


def result(of, inside="", attributes=""):
    return f"""<observation {attributes}><id root="1.8"/>
      <code code="2823-3" codeSystem="2.16.840.1.113883.6.1" displayName="Potassium"/>
      <statusCode code="completed"/><effectiveTime value="202602250800"/>{of}{inside}
      </observation>"""


@pytest.mark.parametrize(
    ("of", "is_"),
    [
        ('<value xsi:type="PQ" value="4.50" unit="mmol/L"/>', ("valueQuantity", "4.50")),
        ('<value xsi:type="IVL_PQ"><low value="6" unit="mmol/L"/></value>', ("valueQuantity", "6")),
        ('<value xsi:type="ST">haemolysed</value>', ("valueString", "haemolysed")),
        ('<value xsi:type="BL" value="true"/>', ("valueBoolean", "True")),
        ('<value xsi:type="PQ" nullFlavor="UNK"/>', ("dataAbsentReason", "")),
        ('<value xsi:type="PQ" value="lots" unit="mmol/L">lots</value>', ("valueString", "lots")),
        (
            '<value xsi:type="RTO"><numerator value="1"/><denominator value="128"/></value>',
            ("valueString", "1:128"),
        ),
    ],
)
def test_a_value_is_as_it_was_written(of, is_):
    said = resource(document(section("30954-2", "R", "", result(of))), "Observation")
    name, text = is_
    got = said[name]
    assert (
        str(got["value"] if isinstance(got, dict) and "value" in got else got) == text or not text
    )


def test_a_panel_is_a_report_with_its_results():
    panel = f"""<organizer><id root="1.81"/><code code="24320-4" displayName="Electrolytes"
      codeSystem="2.16.840.1.113883.6.1"/><statusCode code="completed"/>
      <component>{
        result(
            '<value xsi:type="PQ" value="4.5" unit="mmol/L"/>',
            '<interpretationCode code="H"/><referenceRange><observationRange>'
            '<value xsi:type="IVL_PQ">'
            '<low value="3.5" unit="mmol/L"/><high value="5.3" unit="mmol/L"/></value>'
            "</observationRange></referenceRange>",
        )
    }</component></organizer>"""
    body = document(section("30954-2", "Results", "K 4.5", panel))
    observation = resource(body, "Observation")
    report = resource(body, "DiagnosticReport")
    assert report["result"] == [{"reference": f"Observation/{observation['id']}"}]
    assert observation["interpretation"][0]["coding"][0]["code"] == "H"
    assert observation["referenceRange"][0]["high"]["value"] == Decimal("5.3")
    assert observation["category"][0]["coding"][0]["code"] == "laboratory"


def test_an_observation_with_a_negation_is_never_turned_into_one_without():
    body = document(section("30954-2", "R", "", result("", attributes='negationInd="true"')))
    assert not resources(body, "Observation")
    assert [fault.reason for fault in read(body).faults] == [Reason.NOT_READ_YET]


def test_a_vaccine_refused_was_not_given():
    given = medicine("EVN", negation='negationInd="true"').replace(f"{TEMPLATE}16", f"{TEMPLATE}52")
    said = resource(document(section("11369-6", "V", "", given)), "Immunization")
    assert said["status"] == "not-done"


def test_a_procedure_and_the_stay_the_letter_is_about():
    done = f"""<procedure moodCode="EVN"><id root="1.9"/><code code="80146002"
      codeSystem="{SNOMED}" displayName="Appendicectomy"/><statusCode code="completed"/>
      <effectiveTime value="20260219"/></procedure>"""
    visit = """<componentOf><encompassingEncounter><id root="1.10" extension="V1"/>
      <code code="IMP" codeSystem="2.16.840.1.113883.5.4"/>
      <effectiveTime><low value="20260218"/><high value="20260302"/></effectiveTime>
      </encompassingEncounter></componentOf>"""
    body = document(section("47519-4", "Procedures", "", done), head=visit)
    assert resource(body, "Procedure")["performedDateTime"] == "2026-02-19"
    stay = resource(body, "Encounter")
    assert stay["period"] == {"start": "2026-02-18", "end": "2026-03-02"}
    assert stay["class"]["code"] == "IMP"
    letter = resource(body, "DocumentReference")
    assert letter["context"]["encounter"] == [{"reference": f"Encounter/{stay['id']}"}]


@pytest.mark.parametrize("mood", ["INT", "RQO", "PRMS", "GOL"])
def test_what_is_planned_is_never_filed_as_done(mood):
    planned = f'<procedure moodCode="{mood}"><code code="1" displayName="Scan"/></procedure>'
    body = document(section("47519-4", "Procedures", "Scan planned", planned))
    assert not resources(body, "Procedure")
    letter = resource(body, "DocumentReference")
    assert [tag["code"] for tag in letter["meta"]["tag"]] == ["47519-4 procedure"]
    assert "Scan planned" in text_of(letter)


def test_words_of_an_entry_come_from_the_narrative_it_points_at():
    pointing = act(
        '<observation><value xsi:type="CD" nullFlavor="UNK"><originalText>'
        '<reference value="#p1"/></originalText></value></observation>'
    )
    body = document(section("11450-4", "P", "<content ID='p1'>Bad back</content>", pointing))
    assert resource(body, "Condition")["code"] == {"text": "Bad back"}


def test_three_allergies_under_one_id_are_three():
    each = [allergy(f"<name>{name}</name>") for name in ("Aspirin", "Codeine", "Latex")]
    body = document(section("48765-2", "A", "", *each))
    said = resources(body, "AllergyIntolerance")
    assert sorted(one["code"]["text"] for one in said) == ["Aspirin", "Codeine", "Latex"]
    assert len({one["id"] for one in said}) == 3


def test_a_very_restricted_document_is_sealed_but_not_the_persons_address():
    sealed = document(
        section("11450-4", "P", "", act(PROBLEM)), head='<confidentialityCode code="V"/>'
    )
    assert resource(sealed, "Condition")["meta"]["security"][0]["code"] == "V"
    assert "security" not in resource(sealed, "Patient")["meta"]
    assert "sealed" in folded(sealed).of(Kind.DOCUMENT)[0].labels


def embedded(text, media="text/plain", attributes='representation="B64"'):
    inside = f'<text mediaType="{media}" {attributes}>{text}</text>'
    return document(body=f"<component><nonXMLBody>{inside}</nonXMLBody></component>")


def test_a_letter_inside_a_document_is_kept_and_its_text_read():
    rtf = b64encode(b"{\\rtf1\\ansi Dear Dr Hale\\par She is well}").decode()
    record = folded(embedded(rtf, "application/rtf"))
    [entry] = record.of(Kind.DOCUMENT)
    assert entry.detail.media == "application/rtf"
    assert entry.detail.text == "Dear Dr Hale\nShe is well"
    letter = resource(embedded(rtf, "application/rtf"), "DocumentReference")
    assert letter["content"][0]["attachment"]["data"] == rtf


def test_text_inside_a_document_that_is_not_base64_is_text():
    letter = resource(embedded("Dear Dr Hale", attributes=""), "DocumentReference")
    assert text_of(letter) == "Dear Dr Hale"


def test_a_letter_that_cannot_be_unpacked_is_a_fault_and_the_document_is_still_kept():
    reading = read(embedded("%%%"))
    assert [fault.reason for fault in reading.faults] == [Reason.NOT_TEXT]
    assert [one.kind for one in reading.patients[0].sayings] == ["Patient", "DocumentReference"]


def test_a_replacement_is_a_later_version_of_the_document():
    of_set = '<setId root="1.2.3.4" extension="SET"/><versionNumber value="2"/>'
    first = resource(document(head=of_set), "DocumentReference")["id"]
    second = document(head=of_set).replace(b'extension="D1"', b'extension="D2"')
    assert resource(second, "DocumentReference")["id"] == first


SOAP = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body>'
    "</s:Envelope>"
)
ITK = (
    '<itk:DistributionEnvelope xmlns:itk="urn:nhs-itk:ns:201005"><itk:header><itk:manifest>'
    '<itk:manifestitem id="p" {}/></itk:manifest></itk:header><itk:payloads>'
    '<itk:payload id="p">{}</itk:payload></itk:payloads></itk:DistributionEnvelope>'
)


def bare(body: bytes) -> str:
    return body.decode().removeprefix('<?xml version="1.0"?>')


def test_a_document_in_an_itk_envelope_in_soap_is_the_same_document():
    alone = read(document())
    for inside in (
        ITK.format("", bare(document())),
        ITK.format('base64="true"', b64encode(document()).decode()),
        bare(document()),
    ):
        assert read(SOAP.format(inside).encode()) == alone
        assert read(inside.encode()) == alone


@pytest.mark.parametrize(
    "body",
    [
        SOAP.format("").encode(),
        ITK.format("", "nothing").encode(),
        ITK.format('compressed="true"', "H4sI").encode(),
        b"<other/>",
        b'<section xmlns="urn:hl7-org:v3"/>',
    ],
)
def test_an_envelope_without_a_document_is_parked(body):
    said = read(body)
    assert isinstance(said, Unreadable)
    assert said.fault.reason is Reason.NOT_READ_YET


def test_what_nhs_111_concluded_is_a_finding_that_nobody_has_confirmed():
    finding = f"""<observation><code code="CD" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.540"/>
      {value("22298006", "Heart attack", "2.16.840.1.113883.2.1.3.2.4.15")}</observation>"""
    [entry] = folded(document(section("", "Triage", "", finding))).of(Kind.CONDITION)
    assert entry.detail.certainty == "suspected"


def test_a_document_type_is_refused():
    said = read(b"<!DOCTYPE x>" + document())
    assert isinstance(said, Unreadable)
    assert said.fault.reason is Reason.BAD_XML


def test_a_document_nested_beyond_sense_is_read_without_a_fall():
    deep = "<section><title>x</title>" + "<component><section><title>y</title>" * 400
    deep += "</section></component>" * 400 + "</section>"
    assert "y" in text_of(resource(document(deep), "DocumentReference"))
    spans = "<content>" * 900 + "deep" + "</content>" * 900
    assert "deep" in text_of(resource(document(section("1", "t", spans)), "DocumentReference"))


def test_many_entries_that_point_at_one_long_text_are_read_in_linear_time():
    pointing = act(
        '<observation><value xsi:type="CD" nullFlavor="UNK"><originalText>'
        '<reference value="#p1"/></originalText></value></observation>'
    )
    text = "<content ID='p1'>" + "<br/>word" * 50_000 + "</content>"
    body = document(section("11450-4", "P", text, *([pointing] * 2_000)))
    assert len(resources(body, "Condition")) == 1


def test_every_namespace_is_as_good_as_none():
    assert read(document().replace(V3.split()[0].encode(), b"")).patients
