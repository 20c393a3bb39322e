"""Laws of the readers: they never raise, lose nothing, and no order of entries matters."""

import json
import os
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.messages import NHS, body, bundle, kept, observation, patient
from tests.unit.test_read_csv import COLUMNS, HEADER, ROW
from wholerecord.intake import Reading, Unreadable
from wholerecord.intake.csv import read as read_csv
from wholerecord.intake.devices import read as read_devices
from wholerecord.intake.fhir import read as read_fhir
from wholerecord.record import canonical, read_json

EXAMPLES = 20_000 if os.environ.get("WHOLERECORD_SOAK") else 300
READERS = [read_fhir, read_csv, read_devices]
MAP = json.dumps(COLUMNS).encode()

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.text(max_size=12),
    st.sampled_from(
        ["Patient/p1", "urn:uuid:a", "#c", "Bundle", "Patient", "2020-01-01", "message"]
    ),
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "resourceType",
                    "id",
                    "entry",
                    "resource",
                    "subject",
                    "code",
                    "value",
                    "unit",
                    "type",
                ]
            )
            | st.text(max_size=6),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)

ENCOUNTER = {"resourceType": "Encounter", "subject": {"reference": "urn:uuid:a"}}
WHOLE = bundle(
    {
        "fullUrl": "urn:uuid:a",
        "resource": patient("p1", identifier=[{"system": NHS, "value": "1"}]),
    },
    {"fullUrl": "urn:uuid:e", "resource": ENCOUNTER},
    {"resource": observation("Patient/p1", meta={"profile": ["x"]}, note=[{"text": "t"}])},
    {"resource": {"resourceType": "Condition", "clinicalStatus": "active", "context": {}}},
    {"resource": {"resourceType": "MedicationRequest", "dosageInstruction": [{"text": "od"}]}},
    {"resource": {"resourceType": "ReferralRequest", "recipient": [{}], "reasonCode": [{}]}},
    {"resource": {"resourceType": "Immunization", "practitioner": [{}], "explanation": {}}},
    {"resource": {"resourceType": "DocumentReference", "content": [{}], "context": {}}},
    {"resource": {"resourceType": "Parameters", "parameter": [{"resource": patient("p2")}]}},
    {"request": {"method": "DELETE", "url": "Observation/o1"}},
    type="message",
    timestamp="2026-03-02T08:00:00Z",
)
READINGS = {
    "device": {"make": "Acme", "validated": True},
    "person": {"id": "p", "nhs_number": "9990000018", "born": "1950"},
    "readings": [
        {
            "type": "blood-pressure",
            "systolic": 1,
            "diastolic": 1,
            "pulse": 1,
            "at": "2026-03-02T08:00Z",
        },
        {"type": "weight", "value": 1, "unit": "kg", "at": "2026-03-02T08:00Z", "where": "home"},
    ],
}
POINT = {
    "header": {"schema_id": {"name": "heart-rate"}, "user_id": "u", "acquisition_provenance": {}},
    "body": {
        "heart_rate": {"value": 1, "unit": "bpm"},
        "effective_time_frame": {"time_interval": {"start_date_time": "2026-03-02T08:00Z"}},
    },
}


def spots(value, path=()):
    """The path of every value within `value`."""
    yield path
    if isinstance(value, (dict, list)):
        children = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in children:
            yield from spots(inner, (*path, key))


def put(value, path, other):
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(copy[path[0]], path[1:], other)
    return copy


@st.composite
def spoiled(draw):
    """A good message with one or two values replaced by anything."""
    message = draw(st.sampled_from([WHOLE, READINGS, POINT, [POINT, POINT]]))
    for _ in range(draw(st.integers(1, 2))):
        message = put(message, draw(st.sampled_from(list(spots(message)))), draw(anything))
    return message


def accounted(reading):
    """How many sayings and faults there are."""
    sayings = sum(len(one.sayings) for one in reading.patients)
    return sayings + len(reading.directory) + len(reading.faults)


@pytest.mark.parametrize("read", READERS)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(read, raw):
    assert isinstance(read(kept(raw, MAP)), (Reading, Unreadable))


@pytest.mark.parametrize("read", READERS)
@given(value=anything)
def test_any_json_is_read_or_unreadable(read, value):
    assert isinstance(read(kept(json.dumps(value).encode(), MAP)), (Reading, Unreadable))


@settings(max_examples=EXAMPLES, deadline=None)
@given(message=spoiled())
def test_a_spoiled_message_is_read_or_unreadable(message):
    raw = json.dumps(message).encode()
    assert isinstance(read_fhir(kept(raw)), (Reading, Unreadable))
    assert isinstance(read_devices(kept(raw)), (Reading, Unreadable))


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 400), min_size=1, max_size=3),
    noise=st.text('",\r\n\0é', max_size=5),
)
def test_a_spoiled_table_is_read_or_unreadable(cuts, noise):
    text = f"{HEADER}\r\n{ROW}\r\n{ROW}\r\n"
    for cut in cuts:
        text = text[:cut] + noise + text[cut:]
    assert isinstance(read_csv(kept(text.encode(), MAP)), (Reading, Unreadable))


resources = st.one_of(
    st.builds(lambda n: patient(f"p{n}"), st.integers(1, 3)),
    st.builds(
        lambda n, m: observation(f"Patient/p{n}", id=f"o{m}", n=m), st.integers(1, 3), st.integers()
    ),
    st.builds(lambda n: {"resourceType": "Organization", "name": f"n{n}"}, st.integers()),
    st.builds(lambda n: {"resourceType": "Condition", "code": {"text": f"{n}"}}, st.integers()),
    st.just(observation("urn:uuid:gone")),
    st.just(observation("Group/g")),
    st.just({"resourceType": "Observation", "code": "pulse"}),
    st.just({"resourceType": "Nothing"}),
    st.just("text"),
)


@given(held=st.lists(resources, max_size=8), kind=st.sampled_from(["collection", "transaction"]))
def test_every_resource_of_a_bundle_ends_in_exactly_one_place(held, kind):
    message = {"resourceType": "Bundle", "type": kind, "entry": [{"resource": one} for one in held]}
    reading = read_fhir(kept(json.dumps(message).encode()))
    if isinstance(reading, Unreadable):
        assert len(held) <= 1
        return
    assert accounted(reading) == len(held)
    places = [fault.place for fault in reading.faults]
    places += [one.place for patient in reading.patients for one in patient.sayings]
    places += [one.place for one in reading.directory]
    assert Counter(places) == Counter(f"entry[{n}]" for n in range(len(held)))


@given(data=st.data())
def test_the_order_of_entries_does_not_change_what_is_said(data):
    held = data.draw(st.lists(resources, min_size=2, max_size=8))
    shuffled = data.draw(st.permutations(held))

    def everything(entries):
        message = {"resourceType": "Bundle", "type": "collection"}
        message["entry"] = [{"resource": one} for one in entries]
        reading = read_fhir(kept(json.dumps(message).encode()))
        assert isinstance(reading, Reading)
        said = [(one.about, s.kind, s.body) for one in reading.patients for s in one.sayings]
        said += [(None, one.kind, one.body) for one in reading.directory]
        return Counter(said), Counter((f.reason, f.detail) for f in reading.faults)

    assert everything(held) == everything(shuffled)


@given(value=st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_a_decimal_leaves_as_it_was_written(value):
    who = '"subject":{"reference":"Patient/1"}'
    pulse = f'"resourceType":"Observation","id":"o","code":{{}},{who}'
    message = f'{{{pulse},"valueQuantity":{{"value":{value}}}}}'
    reading = read_fhir(kept(message.encode()))
    assert isinstance(reading, Reading)
    written = read_json(reading.patients[0].sayings[0].body)["valueQuantity"]["value"]
    assert str(written) == str(value) or Decimal(written) == value == 0


@given(message=spoiled())
def test_what_is_filed_is_canonical_json_with_an_id(message):
    for read in (read_fhir, read_devices):
        reading = read(kept(json.dumps(message).encode()))
        if isinstance(reading, Unreadable):
            continue
        sayings = [one for patient in reading.patients for one in patient.sayings]
        for saying in (*sayings, *reading.directory):
            assert canonical(read_json(saying.body)) == saying.body
            assert body(saying)["resourceType"] == saying.kind
            assert body(saying)["id"]


@pytest.mark.parametrize("read", READERS)
def test_deep_nesting_is_refused_without_harm(read):
    assert isinstance(read(kept(b"[" * 100_000, MAP)), (Reading, Unreadable))
    nested = b'{"resourceType":"Bundle","entry":[{"resource":' * 200 + b"{}" + b"}]}" * 200
    assert isinstance(read(kept(nested, MAP)), (Reading, Unreadable))


@pytest.mark.parametrize("stu3", ["", '"notGiven":true,'])
def test_a_resource_nested_too_deeply_is_parked_alone(stu3):
    outcomes = set()
    for depth in range(300, 1000, 25):
        deep = '{"a":' * depth + "1" + "}" * depth
        who = '"patient":{"reference":"Patient/1"}'
        jab = f'{{"resourceType":"Immunization",{stu3}{who},"x":{deep}}}'
        reading = read_fhir(kept(f'{jab}\n{{"resourceType":"Patient","id":"2"}}'.encode()))
        assert isinstance(reading, Reading)
        assert accounted(reading) == 2
        outcomes.add(len(reading.faults))
    assert outcomes <= {0, 1}
