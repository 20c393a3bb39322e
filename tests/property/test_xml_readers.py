"""XML that was cut, doubled or garbled on its way: read, or a reason; never an error."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.edifact_messages import interchange, message
from tests.unit.fhir_xml import as_xml
from tests.unit.gp2gp_extracts import (
    authorise,
    cd,
    composition,
    compound,
    extract,
    medicine,
    narrative,
    observation,
    prescribe,
    problem,
    quantity,
)
from tests.unit.messages import bundle, kept, patient
from tests.unit.messages import observation as resource
from wholerecord.intake import Reading, Unreadable
from wholerecord.intake.fhir.xml_tree import tree
from wholerecord.intake.markup import parse
from wholerecord.intake.recognise import read

WHOLE = (
    extract(
        composition(
            observation("O1", cd("code", "195967001", "Asthma"), quantity("1", "kg")),
            compound("G1", cd("code", "14L..00", "Allergy"), narrative("N1", "x"), cls="CATEGORY"),
            problem("L1", "O1", "N1"),
            medicine("M1", authorise("P1")),
            medicine("M2", prescribe("R1", "P1"), mood="ORD"),
        )
    ),
    as_xml(bundle(patient("p1"), resource("Patient/p1"), type="message")),
    interchange(message(), message(n=2)),
)


@st.composite
def damaged(draw):
    """A whole message with up to three stretches cut out, doubled, or put elsewhere."""
    body = draw(st.sampled_from(WHOLE))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 400)))
        piece = body[start:end]
        at = draw(st.integers(0, len(body)))
        match draw(st.sampled_from(("cut", "double", "move", "garble"))):
            case "cut":
                body = body[:start] + body[end:]
            case "double":
                body = body[:end] + piece + body[end:]
            case "move":
                body = body[:at] + piece + body[at:]
            case _:
                body = body[:start] + draw(st.binary(max_size=8)) + body[end:]
    return body


@settings(max_examples=300, deadline=None)
@given(damaged())
def test_a_damaged_message_is_read_or_says_why(body):
    assert isinstance(read(kept(body)), Reading | Unreadable)


@st.composite
def swapped(draw):
    """A whole extract with one element's name put in place of another's: well-formed still."""
    names = [b"ObservationStatement", b"LinkSet", b"CompoundStatement", b"MedicationStatement"]
    names += [b"NarrativeStatement", b"ehrComposition", b"ehrFolder", b"code", b"value", b"id"]
    first, second = draw(st.permutations(names).map(lambda each: each[:2]))
    return WHOLE[0].replace(b"<" + first, b"<" + second).replace(b"</" + first, b"</" + second)


@settings(max_examples=60, deadline=None)
@given(swapped())
def test_an_extract_with_statements_in_the_wrong_place_is_read_or_says_why(body):
    assert isinstance(read(kept(body)), Reading | Unreadable)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)
EXTENSION = st.fixed_dictionaries({"url": st.just("urn:x"), "valueString": WORDS})
NAME = st.fixed_dictionaries(
    {"family": WORDS, "given": st.lists(WORDS, min_size=1, max_size=3)},
    optional={"extension": st.lists(EXTENSION, min_size=1, max_size=2)},
)
PATIENT = st.fixed_dictionaries(
    {"resourceType": st.just("Patient"), "id": st.just("p1")},
    optional={
        "active": st.booleans(),
        "name": st.lists(NAME, min_size=1, max_size=2),
        "multipleBirthInteger": st.integers(1, 9),
        "_birthDate": st.fixed_dictionaries({"extension": st.lists(EXTENSION, min_size=1)}),
        "birthDate": st.dates().map(str),
    },
)


@given(PATIENT)
def test_a_resource_written_as_xml_is_the_same_tree(said):
    root = parse(as_xml(said))
    assert tree(root) == said
